"""The digest and a finding on a phone: what is listed, which buttons are true, and WeCom's limits for any words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.care import digest_card, finding_card
from cards.key import Seal
from cards.todo import TodoLine, todo_card
from domain.care.view import ShownFinding
from domain.summary import ShownLine
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 0)
LINE = TodoLine("续约跟进", "11月26日前", "王秀兰", why=True)
LINES = (ShownLine("产品", "示例稳利"), ShownLine("金额", "64.37 万"))
SHOWN = ShownFinding(
    "王秀兰 · 客户号 C0001",
    "11月22日",
    "示例稳利 12月5日到期",
    LINES,
    "11月2日 电话 回访 联系上",
    ("还有 12 天到期。",),
)
HEADING = "到期提醒 · 11月26日前办 · 数据截至 11月22日"


def labels(card: dict) -> list[str]:
    return [button["text"] for button in card["button_list"]]


@pytest.mark.parametrize(("count", "listed", "options"), [(1, 1, 1), (6, 6, 6), (7, 6, 7), (10, 6, 10), (20, 6, 10)])
def test_the_digest_lists_and_opens(count: int, listed: int, options: int) -> None:
    card = digest_card("今日提醒 · 11月23日", [f"新提醒 {count} 条", "逾期 1 件"], [LINE] * count, SEAL).dump()
    assert card["main_title"] == {"title": "今日提醒 · 11月23日", "desc": f"新提醒 {count} 条，逾期 1 件"}
    assert [row["keyname"] for row in card["horizontal_content_list"]] == [f"{n}." for n in range(1, listed + 1)]
    assert card["horizontal_content_list"][0]["value"] == "11月26日前 王秀兰 续约跟进"
    assert [each["id"] for each in card["button_selection"]["option_list"]] == [str(n) for n in range(1, options + 1)]
    assert ("全部在“待办”里" in card.get("sub_title_text", "")) == (count > listed)
    assert labels(card) == ["看原因", "我的待办"]
    assert broken(card) == []


def test_a_digest_of_what_is_late_opens_nothing() -> None:
    card = digest_card("今日提醒 · 11月23日", ["逾期 2 件"], [], SEAL).dump()
    assert "button_selection" not in card
    assert labels(card) == ["我的待办"]
    assert broken(card) == []


@pytest.mark.parametrize(
    ("pending", "judged", "may_visit", "may_recommend", "buttons"),
    [
        (True, False, True, False, "已做 稍后 有用 不准 记拜访 查客户"),
        (True, True, True, False, "已做 稍后 记拜访 查客户"),
        (False, False, True, False, "有用 不准 记拜访 查客户"),
        (False, True, True, False, "记拜访 查客户"),
        (True, False, False, False, "已做 稍后 有用 不准 查客户"),
        (False, True, False, False, "查客户"),
        (True, False, True, True, "已做 稍后 有用 不准 记拜访 推荐产品"),
        (True, True, True, True, "已做 稍后 记拜访 推荐产品 查客户"),
    ],
)
def test_only_true_buttons(pending: bool, judged: bool, may_visit: bool, may_recommend: bool, buttons: str) -> None:
    may = {"may_visit": may_visit, "may_recommend": may_recommend}
    card = finding_card(SHOWN, HEADING, SEAL, pending=pending, judged=judged, **may).dump()
    assert labels(card) == buttons.split()
    assert broken(card) == []


def test_why_before_what() -> None:
    card = finding_card(SHOWN, HEADING, SEAL, pending=True, judged=False).dump()
    assert card["main_title"] == {"title": "王秀兰 · 客户号 C0001", "desc": HEADING}
    assert card["sub_title_text"].split("\n") == [
        "示例稳利 12月5日到期", "还有 12 天到期。", "近期：11月2日 电话 回访 联系上",
    ]  # fmt: skip
    assert card["horizontal_content_list"][1] == {"keyname": "金额", "value": "64.37 万"}


def test_a_reason_can_be_looked_into_where_there_is_one() -> None:
    assert "看原因" in labels(todo_card([LINE], SEAL).dump())
    assert "看原因" not in labels(todo_card([TodoLine("回访客户", "明天", "王秀兰")], SEAL).dump())


TEXT = st.text(max_size=60)


@given(TEXT, TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=9), st.lists(TEXT, max_size=3), st.booleans())
def test_any_words_fit(
    title: str, reason: str, recent: str, lines: list[tuple[str, str]], notes: list[str], judged: bool
) -> None:
    shown = ShownFinding(title, "", reason, tuple(ShownLine(*line) for line in lines), recent, tuple(notes))
    assert broken(finding_card(shown, HEADING, SEAL, pending=True, judged=judged).dump()) == []
    assert broken(digest_card("今日提醒", ["新提醒 1 条"], [TodoLine(reason, recent, title)], SEAL).dump()) == []
