"""How long data is kept: the table's checks, and the decision against a little model that counts days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packs import RETENTION, SHIPPED, shipped_retention
from domain.pack import load_pack
from domain.pack_source import PackError
from domain.retention.deciding import Facts, Standing, due
from domain.retention.kinds import TERMS, End, Kind, Start
from domain.retention.period import Period
from domain.retention.table import Rule

TEXT = (SHIPPED / RETENTION).read_text("utf-8")
DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))
PERIODS = st.one_of(
    st.integers(1, 60).map(lambda months: Period(months=months)),
    st.integers(1, 4000).map(lambda days: Period(days=days)),
)


def rule(period: Period, end: End = End.DELETE, since: date = date(1980, 1, 1)) -> Rule:
    return Rule(
        kind=Kind.TODOS, label="待办", starts=Start.CLOSED, months=period.months, days=period.days, end=end,
        effective_from=since, source="测试",
    )  # fmt: skip


def model_last_day(period: Period, begun: date) -> date:
    """The same day of the month so many months on, or that month's last; else so many days on. Walked, not reckoned."""
    if period.days:
        for _ in range(period.days):
            begun += timedelta(days=1)
        return begun
    year, month = begun.year, begun.month
    for _ in range(period.months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for day in (begun.day, 30, 29, 28):
        try:
            return date(year, month, min(day, begun.day))
        except ValueError:
            continue
    raise AssertionError


@given(PERIODS, st.none() | DAYS, st.booleans(), DAYS, st.sampled_from(End))
def test_the_decision_is_that_of_the_model(period: Period, begun: date | None, held: bool, day: date, end: End) -> None:
    found = due(rule(period, end), Facts(begun, held), day)
    if held:
        expected = Standing.HELD
    elif end is End.KEEP or begun is None or day <= model_last_day(period, begun):
        expected = Standing.KEPT
    else:
        expected = Standing.DUE
    assert found.standing is expected
    assert found.until == (None if end is End.KEEP or begun is None else model_last_day(period, begun))


@given(PERIODS, DAYS, DAYS)
def test_once_due_for_ever_due(period: Period, begun: date, day: date) -> None:
    if due(rule(period), Facts(begun), day).standing is Standing.DUE:
        assert due(rule(period), Facts(begun), day + timedelta(days=1)).standing is Standing.DUE


@given(PERIODS, PERIODS, DAYS)
def test_a_longer_period_never_ends_earlier(one: Period, other: Period, begun: date) -> None:
    if one.covers(other):
        assert one.after(begun) >= other.after(begun)


@given(PERIODS, DAYS, st.integers(-3, 3))
def test_a_whole_table_is_asked_the_same(period: Period, day: date, near: int) -> None:
    latest = period.latest_over(day)
    begun = latest + timedelta(days=near)
    assert (begun <= latest) == (due(rule(period), Facts(begun), day).standing is Standing.DUE)


def test_nothing_is_due_before_its_rule_holds() -> None:
    coming = rule(Period(days=1), since=date(2027, 1, 1))
    assert due(coming, Facts(date(2000, 1, 1)), date(2026, 12, 31)).standing is Standing.KEPT
    assert due(coming, Facts(date(2000, 1, 1)), date(2027, 1, 1)).standing is Standing.DUE


def test_the_table_as_shipped_names_every_kind() -> None:
    table = shipped_retention().table
    assert {each.kind for each in table.kinds} == set(Kind) == set(TERMS)
    assert table.rule(Kind.COMPLAINTS).period == Period(months=120)
    assert str(table.rule(Kind.MESSAGES).period) == "1 年"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("kind: identity, label: 客户身份资料, starts: relation_ended, years: 10",
         "kind: identity, label: 客户身份资料, starts: relation_ended, years: 9", "短于法定的 10 年"),
        ("months: 12, unasked: true",
         "days: 180, unasked: true", "短于法定的 6 个月"),
        ("starts: closed, years: 10, effective", "starts: happened, years: 10, effective", "起算点要写"),
        ("end: erase, effective_from: 2026-01-01, source: 《反", "effective_from: 2026-01-01, source: 《反", "只能是 erase"),
        ("kind: audit", "kind: staff", "缺少 audit"),
        ("kind: visits, label: 拜访记录, starts: happened, years: 5",
         "kind: visits, label: 拜访记录, starts: happened, years: 4", "照片不能比拜访记录留得更久"),
        ("label: 审计链（含查看记录）, end", "label: 审计链, years: 3, end", "一直保留，不写"),
        ("days: 180, end: erase", "days: 180, months: 1, end: erase", "写一个"),
        ("kind: visits,", "kind: visits, unasked: true,", "要有人看过才能删"),
    ],
)  # fmt: skip
def test_a_table_is_refused_where_it_is_wrong(was: str, now: str, told: str) -> None:
    assert was in TEXT
    with pytest.raises(PackError, match=told) as refused:
        load_pack(TEXT.replace(was, now, 1))
    assert "第 " in str(refused.value.problems[0])
