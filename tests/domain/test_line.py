"""拜访 on one line: what is understood, in whatever order it was written."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.line import read_line
from domain.moment_value import due_at
from domain.pack import load_pack

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))  # a Monday
FORM = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8")).form("visit")


@pytest.mark.parametrize(
    ("rest", "customer", "kind", "result", "notes", "due"),
    [
        ("王秀兰 电话 聊了理财续期 下周三回访", "王秀兰", "电话", None, "聊了理财续期", "12-02"),
        ("王秀兰 下周三回访 聊了理财续期 电话", "王秀兰", "电话", None, "聊了理财续期", "12-02"),
        ("王秀兰，打电话，没人接", "王秀兰", "电话", "未接通", None, None),
        ("王秀兰 电话未接通", "王秀兰", "电话", "未接通", None, None),
        ("王秀兰 面访 见到了 谈了存款、理财。", "王秀兰", "面访", "接通", "谈了存款、理财", None),
        ("王秀兰 聊了电话费问题", "王秀兰", None, None, "聊了电话费问题", None),
        ("王秀兰 电话 面访 都试过", "王秀兰", None, None, "电话 面访 都试过", None),
        ("王秀兰 电话 打电话 通了", "王秀兰", "电话", None, "通了", None),
        ("王秀兰 上周三聊了理财", "王秀兰", None, None, "上周三聊了理财", None),
        ("王秀兰 下周三到期的理财 企微", "王秀兰", "企微", None, "下周三到期的理财", None),
        ("王秀兰 回访：下周三 电话", "王秀兰", "电话", None, None, "12-02"),
        ("王秀兰 聊了月底前续期，下周三再联系，短信", "王秀兰", "短信", None, "聊了月底前续期", "12-02"),
        ("王秀兰 下周三再跟进 月底前给方案", "王秀兰", None, None, "月底前给方案", "12-02"),
        ("wang xiulan 电话", "wang xiulan", "电话", None, None, None),
        ("1234 电话", "1234", "电话", None, None, None),
        ("王秀兰", "王秀兰", None, None, None, None),
        ("", None, None, None, None, None),
    ],
)
def test_words_find_their_fields(
    rest: str, customer: str | None, kind: str | None, result: str | None, notes: str | None, due: str | None
) -> None:
    line = read_line(FORM, rest, NOW)
    shown = {key: each.shown for key, each in line.known.items()}
    assert line.customer_text == customer
    assert (shown.get("kind"), shown.get("result"), shown.get("notes")) == (kind, result, notes)
    found = f"{due_at(line.known['follow_up'].value):%m-%d}" if "follow_up" in line.known else None
    assert found == due
    assert line.left == ""


def test_notes_that_are_too_long_stay_outside_the_answers() -> None:
    line = read_line(FORM, "王秀兰 电话 " + "长" * 501, NOW)
    assert set(line.known) == {"kind"}
    assert line.left == "长" * 501


def test_a_form_without_inline_fields_takes_nothing() -> None:
    pack = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))
    line = read_line(pack.form("snooze"), "明早九点", NOW)
    assert (line.known, line.customer_text, line.left) == ({}, None, "明早九点")


@pytest.mark.parametrize(
    ("rest", "begin", "end"),
    [
        ("刘芳", None, None),
        ("刘芳 明天 下周五", "明天 11月24日", "下周五 12月4日"),
        ("刘芳 明天到下周五", "明天 11月24日", "下周五 12月4日"),
        ("刘芳 从明天起到下周五为止", "明天 11月24日", "下周五 12月4日"),
        ("刘芳，明早九点，下周五下午6点", "明天 11月24日 09:00", "下周五 12月4日 18:00"),
        ("明天 刘芳 后天", "明天 11月24日", "后天 11月25日"),
        ("刘芳 到下周五", None, "下周五 12月4日"),
        ("刘芳 明天起", "明天 11月24日", None),
        ("刘芳 11月25日至11月27日", "11月25日–11月27日", "11月25日–11月27日"),
        ("刘芳 后天 明天", "后天 11月25日", "明天 11月24日"),
    ],
)
def test_two_times_on_one_line_are_a_beginning_and_an_end(rest: str, begin: str | None, end: str | None) -> None:
    pack = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))
    shown = {key: each.shown for key, each in read_line(pack.form("stand_in"), rest, NOW).known.items()}
    assert (shown.get("deputy"), shown.get("from_at"), shown.get("until_at")) == ("刘芳", begin, end)
