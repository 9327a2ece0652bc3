"""To-dos: order, due texts, completing and putting off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import TodoId, UserId
from domain.refusal import Refused
from domain.todo import SNOOZES, Todo, TodoState, cancel, complete, due_text, order, snooze, snooze_option

CN = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=CN)  # a Monday
ME = UserId("rm01")


def todo(due: datetime | None, name: str = "T1", **more) -> Todo:
    return Todo(TodoId(name), ME, None, "回访客户", due, **more)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (None, "不限时间"),
        (at("2026-11-21 10:00"), "逾期2天"),
        (at("2026-11-22 23:59"), "逾期1天"),
        (at("2026-11-23 11:00"), "逾期3小时"),
        (at("2026-11-23 14:29"), "刚刚逾期"),
        (at("2026-11-23 14:30"), "今天 14:30"),
        (at("2026-11-23 15:00"), "今天 15:00"),
        (at("2026-11-23 23:59"), "今天"),
        (at("2026-11-24 09:00"), "明天 09:00"),
        (at("2026-12-02 23:59"), "12月2日"),
        (at("2026-12-02 09:00"), "12月2日 09:00"),
        (at("2027-01-02 23:59"), "2027年1月2日"),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "今天 16:00"),
    ],
)
def test_due_text(due, text):
    assert due_text(todo(due), NOW) == text


def test_what_is_done_is_never_overdue():
    assert not todo(at("2026-11-01 10:00"), state=TodoState.DONE).overdue(NOW)


def test_overdue_first_then_by_due_then_without():
    late, later, soon, some = (
        todo(NOW - timedelta(days=3), "A"),
        todo(NOW - timedelta(hours=1), "B"),
        todo(NOW + timedelta(hours=1), "C", state=TodoState.SNOOZED),
        todo(None, "D"),
    )
    gone = todo(NOW - timedelta(days=9), "E", state=TodoState.DONE)
    assert order([some, soon, gone, later, late], NOW) == (late, later, soon, some)


moments = st.none() | st.integers(-10_000, 10_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(st.lists(moments, max_size=12))
def test_order_loses_nothing_and_never_puts_the_overdue_behind(dues):
    todos = [todo(due, f"T{n}") for n, due in enumerate(dues)]
    shown = order(todos, NOW)
    late = [item.overdue(NOW) for item in shown]
    assert sorted(shown, key=lambda item: item.todo_id) == sorted(todos, key=lambda item: item.todo_id)
    assert late == sorted(late, reverse=True)


def test_completing_once():
    done = complete(todo(NOW), ME)
    assert isinstance(done, Todo)
    assert (done.state, done.revision) == (TodoState.DONE, 2)
    again = complete(done, ME)
    assert isinstance(again, Refused)
    assert "已经完成" in again.text


@pytest.mark.parametrize(
    "act", [lambda t, who: complete(t, who), lambda t, who: snooze(t, who, NOW + timedelta(1), NOW)]
)
def test_only_the_owner_acts(act):
    refusal = act(todo(NOW), UserId("rm02"))
    assert isinstance(refusal, Refused)
    assert "负责人" in refusal.text


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (NOW, "将来"),
        (NOW - timedelta(minutes=1), "将来"),
        (NOW + timedelta(days=90), None),
        (NOW + timedelta(days=90, seconds=1), "90 天"),
    ],
)
def test_how_far_a_todo_may_be_put_off(until, reason):
    result = snooze(todo(NOW - timedelta(days=2)), ME, until, NOW)
    if reason is None:
        assert result == todo(until, state=TodoState.SNOOZED, revision=2)
    else:
        assert isinstance(result, Refused)
        assert reason in result.text


@pytest.mark.parametrize("state", [TodoState.DONE, TodoState.CANCELLED])
def test_what_is_over_is_not_put_off(state):
    assert isinstance(snooze(todo(NOW, state=state), ME, NOW + timedelta(days=1), NOW), Refused)


@pytest.mark.parametrize(
    ("key", "until"),
    [
        ("hour", at("2026-11-23 15:30")),
        ("tomorrow", at("2026-11-24 09:00")),
        ("three_days", at("2026-11-26 09:00")),
        ("monday", at("2026-11-30 09:00")),
    ],
)
def test_snooze_options(key, until):
    option = snooze_option(key)
    assert option is not None
    assert option.until(NOW) == until


@given(st.sampled_from(SNOOZES), st.integers(0, 60 * 24 * 400))
def test_every_option_is_always_allowed(option, minutes):
    now = NOW + timedelta(minutes=minutes)
    assert isinstance(snooze(todo(now), ME, option.until(now), now), Todo)


def test_an_unknown_option_is_none():
    assert snooze_option("never") is None


@pytest.mark.parametrize("state", list(TodoState))
def test_cancelling_keeps_what_is_over(state):
    before = todo(NOW, state=state)
    over = state in (TodoState.DONE, TodoState.CANCELLED)
    assert cancel(before) == (before if over else replace(before, state=TodoState.CANCELLED, revision=2))
