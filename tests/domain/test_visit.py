"""Logging a visit and taking it back."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from domain.form import Answer
from domain.given import Place
from domain.ids import CustomerId, TodoId, UserId, VisitId
from domain.refusal import Refused
from domain.todo import Todo, TodoState, complete
from domain.visit import REACHED, FollowUp, Logged, Undone, Visit, can_undo, interaction_of, log_visit, undo, visit_from

CN = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=CN)
ME, OTHER = UserId("rm01"), UserId("rm02")
NOTE = "聊了理财续期"


def visit(**more) -> Visit:
    return Visit(
        **({"customer_id": CustomerId("C0001"), "kind": "电话", "reached": True, "at": NOW, "note": NOTE} | more)
    )


def logged(**more) -> Logged:
    result = log_visit(visit(**more), ME, VisitId("V1"), TodoId("T1"), NOW)
    assert isinstance(result, Logged)
    return result


NEXT = FollowUp(NOW + timedelta(days=9), "带上产品说明书")


@pytest.mark.parametrize(("reached", "direction"), [(True, "both"), (False, "out")])
def test_only_who_was_reached_has_spoken(reached, direction):
    row = interaction_of(visit(reached=reached), ME)
    assert (row.direction, row.reached, row.channel, row.summary, row.by) == (direction, reached, "电话", NOTE, ME)


def test_without_a_follow_up_there_is_no_todo():
    result = logged()
    assert (result.todo, result.visit.todo_id, result.events) == (None, None, ("visit.logged",))


def test_a_follow_up_becomes_a_todo_that_repeats_no_note():
    result = logged(follow_up=NEXT)
    assert result.events == ("visit.logged", "todo.created")
    assert result.todo is not None
    assert (result.todo.owner, result.todo.due_at, result.visit.todo_id) == (ME, NEXT.due_at, "T1")
    assert NOTE not in result.todo.title
    assert NEXT.note not in result.todo.title


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({"at": NOW + timedelta(minutes=1)}, "还没到"),
        ({"at": NOW - timedelta(days=31)}, "30 天"),
        ({"follow_up": FollowUp(NOW)}, "将来"),
    ],
)
def test_times_that_make_no_sense_are_refused(answers, word):
    refusal = log_visit(visit(**answers), ME, VisitId("V1"), TodoId("T1"), NOW)
    assert isinstance(refusal, Refused)
    assert word in refusal.text


@pytest.mark.parametrize(
    ("actor", "after", "word"),
    [
        (ME, timedelta(0), None),
        (ME, timedelta(minutes=10), None),
        (ME, timedelta(minutes=10, seconds=1), "冲正"),
        (OTHER, timedelta(0), "自己"),
    ],
)
def test_who_may_undo_and_until_when(actor, after, word):
    refusal = can_undo(logged().visit, actor, NOW + after)
    if word is None:
        assert refusal is None
    else:
        assert refusal is not None
        assert word in refusal.text


def test_undo_takes_the_pending_follow_up_with_it_and_works_once():
    booked = logged(follow_up=NEXT)
    result = undo(booked.visit, booked.todo, ME, NOW + timedelta(minutes=3))
    assert isinstance(result, Undone)
    assert result.events == ("visit.undone", "todo.cancelled")
    assert result.todo is not None
    assert result.todo.state is TodoState.CANCELLED
    assert (result.visit.undone_at, result.visit.revision) == (NOW + timedelta(minutes=3), 2)
    again = undo(result.visit, result.todo, ME, NOW + timedelta(minutes=4))
    assert isinstance(again, Refused)
    assert "已经撤销" in again.text


def test_undo_leaves_a_follow_up_that_was_done():
    booked = logged(follow_up=NEXT)
    assert booked.todo is not None
    done = complete(booked.todo, ME)
    assert isinstance(done, Todo)
    result = undo(booked.visit, done, ME, NOW)
    assert isinstance(result, Undone)
    assert (result.todo, result.events) == (None, ("visit.undone",))


DUE = {"start": "2026-12-02T00:00:00+08:00", "end": None, "has_time": False}
FORM = {
    "customer": Answer(value="C0001", shown="王秀兰"),
    "kind": Answer(value="meeting", shown="面访"),
    "result": Answer(value="reached", shown="接通"),
    "notes": Answer(value=NOTE, shown=NOTE),
    "photo": Answer(value=["m1", "m2"], shown="照片 2 张"),
    "location": Answer(value={"lat": 31.2, "lng": 121.5, "label": "示例广场"}, shown="示例广场"),
    "follow_up": Answer(value=DUE, shown="12月2日"),
}


def test_a_completed_form_becomes_a_visit():
    assert visit_from(FORM, NOW) == visit(
        kind="面访",
        photos=("m1", "m2"),
        place=Place(31.2, 121.5, "示例广场"),
        follow_up=FollowUp(datetime(2026, 12, 2, 23, 59, tzinfo=CN)),
    )


def test_what_was_left_out_or_never_asked_stays_empty():
    left_out = Answer(value=None, shown="未填")
    answers = {key: FORM[key] for key in ("customer", "kind")} | {
        "result": Answer(value="unreached", shown="未接通"),
        "notes": left_out,
        "follow_up": left_out,
    }
    assert visit_from(answers, NOW) == visit(kind="面访", reached=False, note="")


def test_the_pack_has_the_form_that_a_visit_is_made_from():
    text = (Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8")
    forms = {form["key"]: form for form in YAML(typ="safe").load(text)["forms"]}
    fields = {field["key"]: field for field in forms["visit"]["fields"]}
    assert set(fields) == set(FORM)
    assert REACHED in {option["key"] for option in fields["result"]["options"]}
