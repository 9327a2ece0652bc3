"""A conversation's questions on each of a phone's widgets, within WeCom's limits for whatever form."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.form import ask_card, picked, spent_text
from cards.key import Seal, read_key
from cards.spent import spent_card
from domain.answer import Rejected
from domain.conversation import AskConfirm, AskStep, Row
from domain.form import Answer, Field, Form, Kind, Option
from domain.steps import plan, step
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 5)


def options(n: int, text: str = "选项") -> tuple[Option, ...]:
    return tuple(Option(key=f"o{i}", text=f"{text}{i}") for i in range(n))


KIND = Field(
    key="kind", type="choice", label="方式", options=(Option(key="call", text="电话"), Option(key="face", text="上门"))
)
RESULT = Field(
    key="result", type="choice", label="结果", default="ok",
    options=(Option(key="ok", text="接通"), Option(key="no", text="未接通")),
)  # fmt: skip
NOTE = Field(key="note", type="text", label="备注", question="聊了什么？", hint="写要点就行", max=500)
NEXT = Field(
    key="next", type="moment", label="回访时间", required=False, direction="future", quick=("明早九点", "下周三")
)


def ask(*fields: Field, number: int = 1, total: int = 3, page: int = 0, **answers: Answer) -> AskStep:
    return AskStep("记拜访", step(fields, answers, page), number, total)


def test_two_short_lists_share_a_card():
    assert ask_card(ask(KIND, RESULT), SEAL).dump() == {
        "card_type": "multiple_interaction",
        "task_id": "task-1",
        "main_title": {"title": "记拜访 1/3", "desc": "可回“上一步”“取消”"},
        "select_list": [
            {
                "question_key": "kind",
                "title": "方式",
                "option_list": [{"id": "call", "text": "电话"}, {"id": "face", "text": "上门"}],
            },
            {
                "question_key": "result",
                "title": "结果",
                "selected_id": "ok",
                "option_list": [{"id": "ok", "text": "接通"}, {"id": "no", "text": "未接通"}],
            },
        ],
        "submit_button": {"text": "下一步", "key": "form.answer.5"},
    }


def test_a_short_choice_is_buttons():
    assert ask_card(ask(KIND, number=2), SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "方式", "desc": "记拜访 2/3"},
        "button_list": [
            {"text": "电话", "key": "form.pick.call.5", "style": 1},
            {"text": "上门", "key": "form.pick.face.5", "style": 1},
            {"text": "上一步", "key": "form.back.5", "style": 2},
            {"text": "取消", "key": "form.cancel.5", "style": 2},
        ],
    }


def test_a_text_is_asked_with_what_it_takes_or_with_its_own_hint():
    bare = ask_card(ask(NOTE.model_copy(update={"hint": None})), SEAL).dump()
    assert bare["sub_title_text"] == "请发文字，最多 500 个字。"
    assert ask_card(ask(NOTE), SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "聊了什么？", "desc": "记拜访 1/3"},
        "sub_title_text": "写要点就行",
        "button_list": [{"text": "取消", "key": "form.cancel.5", "style": 2}],
    }


def test_a_moment_offers_ready_words_and_skipping():
    buttons = ask_card(ask(NEXT, number=3), SEAL).dump()["button_list"]
    assert [button["text"] for button in buttons] == ["明早九点", "下周三", "跳过", "上一步", "取消"]
    assert picked(read_key(buttons[0]["key"]).verb) == "明早九点"


def test_four_ready_words_leave_room_to_skip_and_cancel():
    field = NEXT.model_copy(update={"quick": ("一", "二", "三", "四")})
    texts = [button["text"] for button in ask_card(ask(field, number=3), SEAL).dump()["button_list"]]
    assert texts == ["一", "二", "三", "四", "跳过", "取消"]


def test_several_photos_end_with_a_word_that_fits():
    photo = Field(key="photo", type="photo", label="照片", required=False, max=3)
    assert [b["text"] for b in ask_card(ask(photo), SEAL).dump()["button_list"]] == ["没有了", "取消"]


def test_a_re_ask_gives_the_reason_first():
    card = ask_card(ask(NOTE), SEAL, [Rejected("写了 501 个字，请缩短后再发。", "note")], note="“查”先搁下了。")
    assert card.dump()["sub_title_text"] == "“查”先搁下了。\n写了 501 个字，请缩短后再发。\n写要点就行"


def test_many_options_are_a_vote():
    field = Field(key="topics", type="multi_choice", label="话题", options=options(20))
    card = ask_card(ask(field, topics=Answer(value=["o3", "o19"], shown="")), SEAL).dump()
    assert card["card_type"] == "vote_interaction"
    assert card["checkbox"]["mode"] == 1
    assert [o["id"] for o in card["checkbox"]["option_list"] if o["is_checked"]] == ["o3", "o19"]
    assert broken(card) == []


def test_more_than_twenty_options_are_paged():
    field = Field(key="product", type="choice", label="产品", options=options(50))
    card = ask_card(ask(field, page=1), SEAL).dump()
    assert "第 2/6 页" in card["main_title"]["desc"]
    [question] = card["select_list"]
    assert [o["id"] for o in question["option_list"]] == [*(f"o{i}" for i in range(9, 18)), "-page.2"]


def test_the_confirmation_shows_what_was_understood():
    rows = (
        Row("kind", "方式", "电话"),
        Row("note", "备注", "聊了理财续期，客户想等下个月的新产品，收益率希望不低于现在这一期"),
        Row("next", "回访时间", "下周三"),
        Row("where", "拜访地点名称", "浦东"),
    )
    assert ask_card(AskConfirm("记拜访", rows), SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "记拜访", "desc": "请核对，没问题就保存"},
        "sub_title_text": "备注：聊了理财续期，客户想等下个月的新产品，收益率希望不低于现在这一期\n拜访地点名称：浦东",
        "horizontal_content_list": [
            {"keyname": "方式", "value": "电话"},
            {"keyname": "回访时间", "value": "下周三"},
        ],
        "button_selection": {
            "question_key": "field",
            "title": "要改哪一项",
            "option_list": [
                {"id": "kind", "text": "方式"},
                {"id": "note", "text": "备注"},
                {"id": "next", "text": "回访时间"},
                {"id": "where", "text": "拜访地点名称"},
            ],
        },
        "button_list": [
            {"text": "保存", "key": "form.save.5", "style": 1},
            {"text": "改这一项", "key": "form.edit.5", "style": 2},
            {"text": "取消", "key": "form.cancel.5", "style": 2},
        ],
    }


def test_a_spent_list_keeps_what_was_chosen():
    shown = ask_card(ask(KIND, RESULT), SEAL).dump()
    spent = spent_card(shown, "form.answer", {"kind": ("face",), "result": ("no",)}, spent_text("form.answer")).update()
    assert broken(spent, update=True) == []
    assert [question["selected_id"] for question in spent["select_list"]] == ["face", "no"]
    assert all(question["disable"] for question in spent["select_list"])
    assert spent["replace_text"] == "已选"


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        ("form.pick.face", "已选：上门"),
        ("form.back", "已回上一步"),
        ("form.cancel", "已取消"),
        ("form.unheard", "已选"),
    ],
)
def test_a_spent_button_card_says_what_was_done(verb, text):
    shown = ask_card(ask(KIND, number=2), SEAL).dump()
    assert spent_card(shown, verb, said=spent_text(verb)).update()["replace_text"] == text


@pytest.mark.parametrize(("verb", "key"), [("form.pick.a.b", "a.b"), ("form.save", None), ("form.pick.", "")])
def test_picked(verb, key):
    assert picked(verb) == key


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)
SHORT = WORDS.map(str.strip).filter(bool)


@st.composite
def fields(draw: st.DrawFn, at: int) -> Field:
    kind = draw(st.sampled_from(Kind))
    extra: dict[str, Any] = {}
    if kind in (Kind.CHOICE, Kind.MULTI_CHOICE):
        most = 45 if kind is Kind.CHOICE else 20
        texts = draw(st.lists(SHORT.map(lambda t: t[:16]), min_size=2, max_size=most))
        extra["options"] = tuple(Option(key=f"o{i}", text=text) for i, text in enumerate(texts))
    elif kind in (Kind.TEXT, Kind.MOMENT, Kind.AMOUNT):
        extra["quick"] = tuple(draw(st.lists(SHORT.map(lambda t: t[:10]), max_size=4, unique=True)))
    return Field(
        key=f"f{at}",
        type=kind,
        label=draw(SHORT)[:12].strip(),
        question=draw(st.none() | st.text(max_size=36)),
        hint=draw(st.none() | st.text(max_size=120)),
        required=draw(st.booleans()),
        **extra,
    )


@st.composite
def asks(draw: st.DrawFn) -> AskStep | AskConfirm:
    if draw(st.booleans()):
        rows = draw(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=600)), max_size=14))
        return AskConfirm(draw(SHORT), tuple(Row(f"f{at}", *row) for at, row in enumerate(rows)))
    form = Form(
        key="form",
        title=draw(SHORT)[:16],
        verb="visit.log",
        fields=tuple(draw(fields(i)) for i in range(draw(st.integers(1, 5)))),
    )
    planned = plan(form, {})
    number = draw(st.integers(1, len(planned)))
    chosen = step(planned[number - 1], {}, draw(st.integers(0, 6)))
    return AskStep(form.title, chosen, number, len(planned))


@given(asks(), st.lists(st.text(max_size=300), max_size=3), st.none() | st.text(max_size=300))
def test_whatever_is_asked_fits(question, reasons, note):
    card = ask_card(question, SEAL, [Rejected(reason) for reason in reasons], note)
    assert broken(card.dump()) == []
    assert broken(spent_card(card.dump(), "form.save", said=note).update(), update=True) == []
