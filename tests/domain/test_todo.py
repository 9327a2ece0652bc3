"""To-dos: order, due texts, completing and putting off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import TodoId, UserId
from domain.refusal import Refused
from domain.todo import Todo, TodoState, by_text, cancel, complete, due_text, order, remind_at, snooze

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


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (None, "不限时间"),
        (at("2026-11-22 23:59"), "逾期1天"),
        (at("2026-11-23 15:00"), "今天 15:00前"),
        (at("2026-11-23 23:59"), "今天内"),
        (at("2026-11-24 23:59"), "明天内"),
        (at("2026-12-02 23:59"), "12月2日前"),
    ],
)
def test_by_when(due, text):
    assert by_text(todo(due), NOW) == text


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


def test_of_one_moment_as_they_come():
    due = NOW + timedelta(days=1)
    first, second, third = todo(due, "T9"), todo(due, "T1"), todo(due, "T5")
    assert order([first, second, third], NOW) == (first, second, third)


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
    ("due", "speaks_up"),
    [
        ("2026-11-26 15:20", "2026-11-26 15:20"),  # a minute was said
        ("2026-11-26 23:59", "2026-11-26 09:00"),  # a day was said: in its morning
        ("2026-11-23 23:59", "2026-11-23 15:30"),  # today, whose morning is over (it is 14:30)
        ("2026-11-20 23:59", "2026-11-20 23:59"),  # long over: at once
    ],
)
def test_when_a_todo_speaks_up(due, speaks_up):
    assert remind_at(at(due), NOW) == at(speaks_up)


@given(st.integers(0, 60 * 24 * 90), st.integers(0, 60 * 24))
def test_a_reminder_comes_on_the_day_it_is_due(ahead, minutes):
    now = NOW + timedelta(minutes=minutes)
    due = now + timedelta(minutes=ahead)
    assert remind_at(due, now) <= due
    assert remind_at(due, now).date() == due.date()


@pytest.mark.parametrize("state", list(TodoState))
def test_cancelling_keeps_what_is_over(state):
    before = todo(NOW, state=state)
    over = state in (TodoState.DONE, TodoState.CANCELLED)
    assert cancel(before) == (before if over else replace(before, state=TodoState.CANCELLED, revision=2))
