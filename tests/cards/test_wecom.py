"""Cards: hard limits refuse with a path, advised lengths are fitted, spent cards stay readable and dead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.fitting import clean, fit, fit_bytes
from cards.key import EventKey, Seal, link, read_key
from cards.limits import CardLimit
from cards.parts import Button, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction, read_card
from tests.cards.wecom_rules import broken

SUBMIT = {"text": "提交", "key": "k"}
BASE = {
    "text_notice": {"main_title": {"title": "t"}, "card_action": {"type": 1, "url": "https://x.example"}},
    "news_notice": {
        "main_title": {"title": "t"},
        "card_image": {"url": "https://x.example/a.jpg", "aspect_ratio": 1.3},
        "card_action": {"type": 2, "appid": "wx1"},
    },
    "button_interaction": {"task_id": "t-1", "main_title": {"title": "t"}, "button_list": [{"text": "b", "key": "k"}]},
    "vote_interaction": {
        "task_id": "t-1",
        "main_title": {"title": "t"},
        "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "a", "is_checked": False}]},
        "submit_button": SUBMIT,
    },
    "multiple_interaction": {
        "task_id": "t-1",
        "main_title": {"title": "t"},
        "select_list": [{"question_key": "q", "option_list": [{"id": "1", "text": "a"}]}],
        "submit_button": SUBMIT,
    },
}


def card(kind, **change):
    return {"card_type": kind, **{k: v for k, v in {**BASE[kind], **change}.items() if v is not None}}


def options(n, text="a"):
    return [{"id": str(i), "text": text} for i in range(n)]


@pytest.mark.parametrize("kind", BASE)
def test_the_plain_card_of_each_kind_is_accepted_unchanged(kind):
    assert broken(read_card(card(kind)).dump()) == []
    assert read_card(card(kind)).dump().items() >= {k: v for k, v in card(kind).items() if k != "button_list"}.items()


@pytest.mark.parametrize(
    ("kind", "change", "path", "rule"),
    [
        ("text_notice", {"card_action": None}, "card_action", "必须填写"),
        ("text_notice", {"card_action": {"type": 1}}, "card_action", "type 为 1 时必须有 url"),
        ("text_notice", {"card_action": {"type": 2}}, "card_action", "type 为 2 时必须有 appid"),
        ("text_notice", {"card_action": {"type": 0}}, "card_action.type", "只能是"),
        ("text_notice", {"main_title": None}, "", "不能都为空"),
        ("text_notice", {"action_menu": {"action_list": [SUBMIT]}}, "", "task_id"),
        ("text_notice", {"task_id": "t", "action_menu": {"action_list": []}}, "action_menu.action_list", "至少 1 项"),
        (
            "text_notice",
            {"task_id": "t", "action_menu": {"action_list": [SUBMIT, SUBMIT]}},
            "action_menu.action_list",
            "不能重复",
        ),
        ("text_notice", {"horizontal_content_list": [{"keyname": "k"}] * 7}, "horizontal_content_list", "最多 6 项"),
        ("text_notice", {"horizontal_content_list": [{"value": "k"}]}, "horizontal_content_list[0].keyname", "必须"),
        (
            "text_notice",
            {"horizontal_content_list": [{"keyname": "k", "type": 3}]},
            "horizontal_content_list[0]",
            "必须有 userid",
        ),
        ("text_notice", {"jump_list": [{"title": "t"}] * 4}, "jump_list", "最多 3 项"),
        ("text_notice", {"button_list": [SUBMIT]}, "button_list", "没有这个字段"),
        ("text_notice", {"quote_area": {"type": 1, "title": "q"}}, "quote_area", "必须有 url"),
        ("news_notice", {"main_title": {"title": " "}}, "main_title", "title 不能为空"),
        ("news_notice", {"card_image": None}, "", "card_image"),
        ("news_notice", {"card_image": {"url": "ftp://x"}}, "card_image.url", "格式不对"),
        ("news_notice", {"vertical_content_list": [{"title": "v"}] * 5}, "vertical_content_list", "最多 4 项"),
        ("button_interaction", {"task_id": None}, "task_id", "必须填写"),
        ("button_interaction", {"task_id": "任务"}, "task_id", "格式不对"),
        ("button_interaction", {"task_id": "a" * 129}, "task_id", "格式不对"),
        ("button_interaction", {"button_list": []}, "button_list", "至少 1 项"),
        ("button_interaction", {"button_list": [{"text": "b"}]}, "button_list[0]", "必须有 key"),
        ("button_interaction", {"button_list": [{"text": "b", "type": 1}]}, "button_list[0]", "必须有 url"),
        ("button_interaction", {"button_list": [{"text": " ", "key": "k"}]}, "button_list[0].text", "不能为空"),
        ("button_interaction", {"button_list": [{"text": "b", "key": "键" * 342}]}, "button_list[0].key", "1024 字节"),
        ("button_interaction", {"button_list": [{**SUBMIT, "style": 5}]}, "button_list[0].style", "只能是"),
        ("button_interaction", {"button_list": [SUBMIT, SUBMIT]}, "button_list", "不能重复"),
        (
            "button_interaction",
            {"button_list": [{"text": "b", "key": str(i)} for i in range(7)]},
            "button_list",
            "最多 6 项",
        ),
        (
            "button_interaction",
            {"button_selection": {"question_key": "q", "option_list": options(11)}},
            "button_selection.option_list",
            "最多 10 项",
        ),
        (
            "button_interaction",
            {"button_selection": {"question_key": "q", "selected_id": "9", "option_list": options(2)}},
            "button_selection",
            "不在选项里",
        ),
        (
            "vote_interaction",
            {"checkbox": {"question_key": "q", "option_list": options(21)}},
            "checkbox.option_list",
            "最多 20 项",
        ),
        (
            "vote_interaction",
            {"checkbox": {"question_key": "q", "option_list": [{"id": "选" * 43, "text": "a"}]}},
            "checkbox.option_list[0].id",
            "128 字节",
        ),
        (
            "vote_interaction",
            {"checkbox": {"question_key": "q", "option_list": options(1) * 2}},
            "checkbox.option_list",
            "不能重复",
        ),
        ("vote_interaction", {"submit_button": None}, "submit_button", "必须填写"),
        ("vote_interaction", {"source": {"desc": "d", "desc_color": 1}}, "source.desc_color", "没有这个字段"),
        (
            "multiple_interaction",
            {"select_list": [{"question_key": str(i), "option_list": options(1)} for i in range(4)]},
            "select_list",
            "最多 3 项",
        ),
        (
            "multiple_interaction",
            {"select_list": [{"question_key": "q", "option_list": options(1)}] * 2},
            "select_list",
            "不能重复",
        ),
        (
            "multiple_interaction",
            {"select_list": [{"question_key": "q", "option_list": options(11)}]},
            "select_list[0].option_list",
            "最多 10 项",
        ),
    ],
)
def test_a_broken_limit_is_refused_with_its_place(kind, change, path, rule):
    with pytest.raises(CardLimit) as refused:
        read_card(card(kind, **change))
    assert refused.value.path == (f"{kind}.{path}" if path else kind)
    assert rule in refused.value.rule


def test_a_piece_alone_says_where_too():
    with pytest.raises(CardLimit) as refused:
        Selection(question_key="q", option_list=(Option(id="1", text="a"), Option(id="1", text="b")))
    assert (refused.value.path, refused.value.rule) == ("option_list", "id 不能重复")


@given(st.text(max_size=400), st.text(max_size=400))
def test_advised_lengths_are_fitted(title, text):
    made = ButtonInteraction(
        task_id="t",
        main_title=MainTitle(title="题" + title, desc=text),
        sub_title_text=text,
        button_list=(Button(text="钮" + title, key="k"),),
    )
    assert broken(made.dump()) == []


def test_fit_marks_what_it_left_out():
    assert fit("中国人寿保险", 6) == "中国人寿保险"
    assert fit("中国人寿保险公司", 6) == "中国人寿保…"
    assert fit("ab👨\u200d👩\u200d👧d", 6) == "ab…"
    assert fit_bytes("中国人寿", 10) == "中国…"


def test_clean_takes_away_what_nobody_sees():
    assert clean(" a\n\tb\x00 \u202ec\ud800 ") == "a b c"
    assert clean("a\nb", lines=True) == "a\nb"


def test_a_spent_card_shows_the_choice_and_is_dead():
    spent = read_card(
        card(
            "multiple_interaction",
            select_list=[
                {"question_key": "kind", "option_list": options(3)},
                {"question_key": "result", "selected_id": "1", "option_list": options(3)},
            ],
        )
    ).spent("已选", {"kind": {"2"}})
    update = spent.update()
    assert broken(update, update=True) == []
    assert [(q["selected_id"], q["disable"]) for q in update["select_list"]] == [("2", True), ("1", True)]
    assert update["replace_text"] == "已选"
    assert "task_id" not in update


def test_a_spent_vote_shows_the_ticks():
    vote = read_card(card("vote_interaction", checkbox={"question_key": "q", "option_list": options(3)}))
    checkbox = vote.spent("已选", {"q": ["0", "2"]}).update()["checkbox"]
    assert [option["is_checked"] for option in checkbox["option_list"]] == [True, False, True]
    assert checkbox["disable"] is True


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("todo.done.3", EventKey("todo.done", 3)),
        ("save.0", EventKey("save", 0)),
        ("save", None),
        (".3", None),
        ("save.x", None),
        ("save.-1", None),
        ("save.٣", None),
        ("save." + "9" * 30, None),
        ("", None),
    ],
)
def test_event_keys(key, read):
    assert read_key(key) == read
    assert read is None or str(read) == key


def test_a_link_button_has_no_key():
    assert link("详情", "https://x.example").model_dump(exclude_none=True) == {
        "text": "详情", "type": 1, "url": "https://x.example", "style": 2,
    }  # fmt: skip
    assert Seal("t", 4).submit("提交", "answer").key == "answer.4"
