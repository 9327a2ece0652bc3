"""The verdict on all races: a fresh read of the database, by a process that took no part."""

import sqlalchemy as sa

from domain.ids import CaseId
from domain.process.case import Verdict
from domain.process.library import Library
from storage import cases, schema
from storage.unit import Unit
from tests.chain import first_break
from tests.storage.case_replay import assert_replays


def judge(unit: Unit, processes: Library, clicks: int) -> int:
    """Fails with what is not as it must be; returns how many cases were looked at."""
    found = [CaseId(row.id) for row in unit.rows(sa.select(schema.case_file.c.id))]
    for case_id in found:
        assert_replays(unit, processes, case_id)
        _timers(unit, case_id)
        _cards(unit, case_id)
    _inbox(unit, clicks)
    _chain(unit)
    return len(found)


def _timers(unit: Unit, case_id: CaseId) -> None:
    """Armed is what the case says, each kind once; fired as often as the case has heard of it, or in vain."""
    case = cases.load_case(unit, case_id)
    assert case is not None
    columns = schema.timer.c
    mine = sa.select(columns.kind, columns.state, columns.due_at).where(columns.subject == f"case:{case_id}")
    rows = unit.rows(mine)
    armed = sorted((row.kind, row.due_at) for row in rows if row.state == "armed")
    assert armed == sorted((f"case.fire.{key}", each.due) for key, each in case.armed.items())
    heard = sum(record.event.__class__.__name__ == "Fired" for record in cases.records(unit, case_id))
    assert heard == sum(row.state == "fired" for row in rows)


def _cards(unit: Unit, case_id: CaseId) -> None:
    """Of an approval that is over nobody has a card that could still be pressed."""
    case = cases.load_case(unit, case_id)
    assert case is not None
    columns = schema.card.c
    live = sa.select(columns.subject).where(columns.subject.like(f"case:{case_id}/%"), columns.state == "live")
    pressable = {row.subject.rpartition("/")[2] for row in unit.rows(live)}
    assert pressable <= {each.approval_id for each in case.approvals if each.verdict is Verdict.OPEN}


def _inbox(unit: Unit, clicks: int) -> None:
    """Everything was handled, each once, and no note of an attempt is left."""
    columns = schema.inbox.c
    states = unit.rows(sa.select(columns.state, sa.func.count().label("many")).group_by(columns.state))
    assert [(row.state, row.many) for row in states] == [("done", clicks)]
    assert unit.rows(sa.select(schema.attempt)) == []


def _chain(unit: Unit) -> None:
    record = schema.audit.c
    rows = unit.rows(sa.select(record.seq, record.body, record.prev, record.hash).order_by(record.seq))
    assert first_break(tuple(row) for row in rows) is None
