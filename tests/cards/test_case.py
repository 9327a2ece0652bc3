"""Cases on a phone: the case with its actions by pages, a decision, a task, lists; nothing that WeCom would cut."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.case import (
    CaseFace,
    CaseLine,
    board_card,
    case_card,
    decision_card,
    list_card,
    reads_whole,
    task_card,
)
from cards.key import Seal
from cards.spent import spent_card
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 7)
FACE = CaseFace(
    title="客户投诉 C261123001",
    heading="新的投诉请您处理：自营理财，服务态度及质量（S3）",
    rows=(
        ("状态", "已登记"),
        ("客户", "欧阳静 · 客户号 C00000007"),
        ("处理人", "刘芳"),
        ("最近时限", "受理确认 还剩 58 分"),
    ),
    below=("说理财到期没有人提醒", "客户分层 高净值，AUM 860.00 万"),
    main=(("accept", "受理"), ("contact", "联系客户")),
    others=(("note", "补充记录"), ("transfer", "转办")),
    customer=True,
)
LONG = "亚历山大·谢尔盖耶维奇·测试诺夫"
PLAN = "本行愿意就此事向客户书面致歉，并按合同约定的利率逐日计算差额后一次性支付，" * 13


def test_the_case() -> None:
    assert case_card(FACE, SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "客户投诉 C261123001", "desc": "新的投诉请您处理：自营理财，服务态度及质量（S3）"},
        "sub_title_text": "说理财到期没有人提醒\n客户分层 高净值，AUM 860.00 万",
        "horizontal_content_list": [
            {"keyname": "状态", "value": "已登记"},
            {"keyname": "客户", "value": "欧阳静 · 客户号 C00000007"},
            {"keyname": "处理人", "value": "刘芳"},
            {"keyname": "最近时限", "value": "受理确认 还剩 58 分"},
        ],
        "button_selection": {
            "question_key": "action",
            "title": "其他操作",
            "option_list": [{"id": "note", "text": "补充记录"}, {"id": "transfer", "text": "转办"}],
        },
        "button_list": [
            {"text": "受理", "key": "case.act.accept.7", "style": 1},
            {"text": "联系客户", "key": "case.act.contact.7", "style": 1},
            {"text": "办所选", "key": "case.more.7", "style": 2},
            {"text": "经过", "key": "case.trail.7", "style": 2},
            {"text": "查客户", "key": "case.customer.7", "style": 2},
        ],
    }


def actions(count: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"act{number}", f"第{number}项") for number in range(1, count + 1))


def offered(face: CaseFace, page: int) -> list[str]:
    card = case_card(face, SEAL, page).dump()
    assert broken(card) == []
    return [option["id"] for option in card["button_selection"]["option_list"]]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (10, 1), (11, 2), (16, 2), (18, 2), (19, 3), (40, 5)])
def test_every_action_can_be_reached_however_many(count: int, pages: int) -> None:
    face, seen, page = replace(FACE, others=actions(count)), list[str](), 0
    for _ in range(pages):
        found = offered(face, page)
        onward = [each for each in found if each.startswith("-page.")]
        assert len(onward) == (pages > 1)
        seen += [each for each in found if each not in onward]
        page = int(onward[0].removeprefix("-page.")) if onward else 0
    assert seen == [key for key, _ in actions(count)]
    assert page == 0  # and round again


@pytest.mark.parametrize("undo", [False, True])
def test_main_actions_without_a_button_are_in_the_list(undo: bool) -> None:
    face = replace(FACE, main=actions(7), others=(), undo=undo)
    card = case_card(face, SEAL).dump()
    assert broken(card) == []
    pressed = [button["key"].split(".")[2] for button in card["button_list"] if button["key"].startswith("case.act.")]
    assert [*pressed, *offered(face, 0)] == [key for key, _ in actions(7)]
    assert [button["text"] for button in card["button_list"]][len(pressed) :] == ["撤销"] * undo + ["办所选", "经过"]


def test_nothing_to_do_leaves_the_trail() -> None:
    card = case_card(replace(FACE, main=(), others=()), SEAL).dump()
    assert "button_selection" not in card
    assert [button["text"] for button in card["button_list"]] == ["经过", "查客户"]


def test_a_decision_and_a_task() -> None:
    decision, task = decision_card(FACE, "a6", SEAL).dump(), task_card(FACE, "t3", SEAL).dump()
    assert [(button["text"], button["key"]) for button in decision["button_list"]] == [
        ("同意", "case.agree.a6.7"), ("退回", "case.reject.a6.7"), ("看案件", "case.look.7"),
    ]  # fmt: skip
    assert [(button["text"], button["key"]) for button in task["button_list"]] == [
        ("答复", "case.finish.t3.7"), ("看案件", "case.look.7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("below", "whole"),
    [((), True), (("赔付并道歉",), True), (("请审批处理方案", "方" * 150), True), (("请审批处理方案", "方" * 155), False),
     ((PLAN,), False), (("一", "二", "三", "四"), True)],
)  # fmt: skip
def test_whether_a_card_holds_every_word(below: tuple[str, ...], whole: bool) -> None:
    face = replace(FACE, below=below)
    assert reads_whole(face) is whole
    shown = decision_card(face, "a6", SEAL).dump().get("sub_title_text", "")
    assert (shown == "\n".join(below)) is whole


WORDS = st.text(max_size=600)
NAMED = st.lists(
    st.tuples(st.from_regex(r"[a-z_]{1,24}", fullmatch=True), st.text(max_size=40)),
    max_size=20,
    unique_by=lambda pair: pair[0],
)
FACES = st.builds(
    CaseFace,
    title=st.text(max_size=80),
    heading=st.text(max_size=300),
    rows=st.lists(st.tuples(st.text(max_size=20), WORDS), max_size=9).map(tuple),
    below=st.lists(WORDS, max_size=4).map(tuple),
    main=NAMED.map(tuple),
    others=NAMED.map(lambda pairs: tuple((f"o_{key}", words) for key, words in pairs)),
    undo=st.booleans(),
    customer=st.booleans(),
)


@given(FACES, st.integers(0, 5), st.text(max_size=60))
def test_any_case_fits(face: CaseFace, page: int, said: str) -> None:
    for card in (case_card(face, SEAL, page), decision_card(face, "a1", SEAL), task_card(face, "t1", SEAL)):
        shown = card.dump()
        assert broken(shown) == []
        assert broken(spent_card(shown, "case.agree.a1", said=said or None).update(), update=True) == []


def test_long_names_and_texts_stay_readable() -> None:
    rows = (("状态", "方案待审批"), ("客户", f"{LONG} · 客户号 C00000013"), ("处理人", LONG))
    card = decision_card(replace(FACE, rows=rows, below=("请审批处理方案", PLAN)), "a6", SEAL).dump()
    assert broken(card) == []
    assert f"客户：{LONG} · 客户号 C00000013" in card["sub_title_text"]
    assert card["sub_title_text"].startswith("请审批处理方案\n本行愿意就此事")


def lines(count: int) -> list[CaseLine]:
    return [CaseLine(f"C261123{number:03d}", "处理中 3 天", "欧*静") for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("page", "ids", "said"),
    [
        (0, ["1", "2", "3", "4", "5", "6"], "共 13 件，第 1/3 页"),
        (2, ["13"], "第 3/3 页"),
        (3, list("123456"), "第 1/3 页"),
    ],
)
def test_a_list_by_pages(page: int, ids: list[str], said: str) -> None:
    card = list_card("案件：处理中", lines(13), SEAL, page=page).dump()
    assert broken(card) == []
    assert [option["id"] for option in card["button_selection"]["option_list"]] == ids
    space = "" if int(ids[0]) > 9 else " "  # which gives way where there is no room for it
    first = card["button_selection"]["option_list"][0]["text"]
    assert first == f"{ids[0]}.C261123{int(ids[0]):03d}{space}欧*静"
    assert said in card["main_title"]["desc"]


@given(
    st.lists(st.builds(CaseLine, number=st.text(max_size=14), words=WORDS, about=WORDS), min_size=1, max_size=14),
    st.integers(0, 4),
)
def test_any_list_fits(found: list[CaseLine], page: int) -> None:
    assert broken(list_card("案件：王秀兰", found, SEAL, page=page).dump()) == []


@given(st.lists(st.tuples(st.text(max_size=20), WORDS), min_size=1, max_size=14), NAMED.filter(bool))
def test_any_board_fits(rows: list[tuple[str, str]], piles: list[tuple[str, str]]) -> None:
    assert broken(board_card("案件总览", rows, piles, SEAL).dump()) == []
