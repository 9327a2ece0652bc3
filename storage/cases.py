"""Cases at rest: the file as it stands, who takes part in it, and every event with the facts it was decided on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from domain.ids import CaseId, CustomerId, UserId
from domain.process.case import Case, Verdict
from domain.process.codec import dump, load
from domain.process.event import Event, Happening
from domain.process.facts import Facts
from domain.refusal import Refused
from storage import schema
from storage.unit import Unit

VOTER, TASK, TOLD, BARRED = "voter", "task", "told", "barred"
"""Parts in a case besides the roles of its process."""

MEANWHILE = "这个案件刚刚有了新的进展，请再试一次。"
_FILE, _PERSON, _EVENT, _LINK = schema.case_file.c, schema.case_person.c, schema.case_event.c, schema.case_link.c
_ONE = sa.select(schema.case_file).where(_FILE.id == sa.bindparam("case"))
_LOCKED = _ONE.with_for_update()
_HOLD = sa.select(_FILE.id).where(_FILE.id == sa.bindparam("case")).with_for_update()
_CHANGE = schema.case_file.update().where(_FILE.id == sa.bindparam("case"), _FILE.revision == sa.bindparam("seen"))
_NEW, _RECORD = schema.case_file.insert(), schema.case_event.insert()
_PARTS = sa.select(_PERSON.userid, _PERSON.part, _PERSON.current, _PERSON.awaited).where(
    _PERSON.case_id == sa.bindparam("case")
)
_SOMEBODY_BARRED = sa.exists().where(_PERSON.case_id == _FILE.id, _PERSON.part == BARRED, _PERSON.current.is_(True))
_NEW_PART = schema.case_person.insert()
_CHANGE_PART = schema.case_person.update().where(
    _PERSON.case_id == sa.bindparam("of"), _PERSON.userid == sa.bindparam("who"), _PERSON.part == sa.bindparam("as_")
)
_NEXT_NUMBER = sa.text(
    "INSERT INTO case_number (prefix, last) VALUES (:prefix, 1)"
    " ON CONFLICT (prefix) DO UPDATE SET last = case_number.last + 1 RETURNING last"
)


@dataclass(frozen=True)
class Standing:
    """What is kept beside the case so that lists need not open it."""

    closed: bool
    confidential: bool
    alike: str
    awaited: frozenset[str]


@dataclass(frozen=True)
class Record:
    """One event of a case: what happened, on which facts, what came of it, and the digest of the card it was on."""

    revision: int
    at: datetime
    event: Event
    facts: Facts
    happenings: tuple[Happening, ...]
    shown: str | None = None


def number(unit: Unit, letter: str) -> CaseId:
    """The next number of the day: C261123001."""
    prefix = f"{letter}{unit.now:%y%m%d}"
    last = int(unit.execute(_NEXT_NUMBER, {"prefix": prefix}).scalar_one())
    return CaseId(f"{prefix}{last:03d}")


def load_case(unit: Unit, case_id: CaseId, *, lock: bool = False) -> Case | None:
    """The case as it stands; with `lock` nobody else can move it before this unit's commit."""
    row = unit.row(_LOCKED if lock else _ONE, {"case": case_id})
    return None if row is None else _case(unit, row)


def hold(unit: Unit, subject: str) -> None:
    """Nobody else moves the case that a card or a timer is about (case:…) before this unit's commit."""
    family, _, rest = subject.partition(":")
    if family == "case":
        unit.rows(_HOLD, {"case": rest.partition("/")[0]})


def _case(unit: Unit, row: sa.Row[Any]) -> Case:
    case = load(orjson.loads(unit.vault.open_bytes("case_file", "body", row.id, row.body)))
    assert isinstance(case, Case)
    return case


def save(unit: Unit, before: Case, after: Case, standing: Standing, record: Record) -> None:
    """The case one event on; raises Refused when somebody else moved it meanwhile."""
    moved = before.state != after.state or before.revision == 0
    values = {
        "process": after.process,
        "version": after.version,
        "state": after.state,
        "closed": standing.closed,
        "confidential": standing.confidential,
        "revision": after.revision,
        "customer_id": after.customer,
        "unit_id": after.unit,
        "alike": standing.alike,
        "undo_by": after.undoable.actor if after.undoable else None,
        "undo_until": after.undoable.until if after.undoable else None,
        "body": unit.vault.seal_bytes("case_file", "body", after.case_id, orjson.dumps(dump(after))),
        **({"moved_at": unit.now} if moved else {}),
    }
    if before.revision == 0:
        unit.execute(_NEW, {"id": after.case_id, "opened_at": unit.now, **values})
    elif not unit.changed(_CHANGE, {"case": after.case_id, "seen": before.revision, **values}):
        raise Refused(MEANWHILE, reason="case moved meanwhile")
    _keep_parts(unit, after, standing.awaited)
    _keep_record(unit, after, record)


def _keep_parts(unit: Unit, case: Case, awaited: frozenset[str]) -> None:
    """Nobody who took part is forgotten: a part that is over stays, no longer current."""
    wanted = {pair: (True, pair[1] in awaited) for pair in _parts(case)}
    rows = unit.rows(_PARTS, {"case": case.case_id})
    known = {(UserId(row.userid), row.part): (row.current, row.awaited) for row in rows}
    for pair in known:
        if pair not in wanted and pair[1] != TOLD:
            wanted[pair] = (False, False)
    for (userid, part), (current, waits) in wanted.items():
        was = known.get((userid, part))
        if was is None:
            row = {"case_id": case.case_id, "userid": userid, "part": part, "current": current, "awaited": waits}
            unit.execute(_NEW_PART, row)
        elif was != (current, waits):
            where = {"of": case.case_id, "who": userid, "as_": part}
            unit.execute(_CHANGE_PART, {**where, "current": current, "awaited": waits})


def _parts(case: Case) -> Iterable[tuple[UserId, str]]:
    yield from ((userid, role) for role, userid in case.roles.items())
    yield from ((userid, BARRED) for userid in case.excluded)
    for asked in case.approvals:
        if asked.verdict is Verdict.OPEN:
            yield from ((userid, VOTER) for userid in asked.voters)
    for task in case.tasks:
        if not task.closed:
            yield from ((userid, TASK) for userid in task.people)


def _keep_record(unit: Unit, case: Case, record: Record) -> None:
    actor = getattr(record.event, "actor", None)
    held = {"event": dump(record.event), "facts": dump(record.facts), "happenings": dump(record.happenings)}
    key = f"{case.case_id}|{case.revision}"
    kind = type(record.event).__name__.lower()
    row = {
        "case_id": case.case_id,
        "revision": case.revision,
        "at": record.at,
        "actor": actor,
        "kind": kind,
        "body": unit.vault.seal_bytes("case_event", "body", key, orjson.dumps(held)),
        "shown": record.shown,
    }
    unit.execute(_RECORD, row)
    for each in record.happenings:
        detail = {"revision": case.revision, "version": case.version, **_ids(each), "shown": record.shown}
        subjects = [case.customer] if case.customer else []
        unit.audit(f"case.{each.kind}", f"case:{case.case_id}", detail, subjects)


def _ids(happening: Happening) -> dict[str, Any]:
    """What of an event goes into the trail: keys and userids, never anybody's words."""
    kept = {name: value for name, value in happening.detail.items() if name != "reason"}
    return {**kept, "by": happening.actor, "for": happening.principal}


def told(unit: Unit, case_id: CaseId, people: Iterable[UserId]) -> None:
    """Who was told of a case may open it."""
    known = {row.userid for row in unit.rows(_PARTS, {"case": case_id})}
    for userid in dict.fromkeys(people):
        if userid not in known:
            row = {"case_id": case_id, "userid": userid, "part": TOLD, "current": True, "awaited": False}
            unit.execute(_NEW_PART, row)


def undoable_by(unit: Unit, person: UserId) -> tuple[CaseId, datetime] | None:
    """The case of the person's latest decision from which nobody has gone on, and when it was taken."""
    mine = sa.select(_FILE.id, _EVENT.at).join_from(schema.case_file, schema.case_event, _EVENT.case_id == _FILE.id)
    mine = mine.where(_FILE.undo_by == person, _EVENT.actor == person)
    row = unit.row(mine.order_by(_EVENT.at.desc(), _EVENT.revision.desc()).limit(1))
    return None if row is None else (CaseId(row.id), row.at)


def takes_part(unit: Unit, case_id: CaseId, people: Iterable[UserId]) -> bool:
    """Whether one of them plays or played a part, or was told."""
    parts = unit.rows(_PARTS, {"case": case_id})
    wanted = set(people)
    return any(row.userid in wanted and row.part != BARRED for row in parts)


def records(unit: Unit, case_id: CaseId) -> Sequence[Record]:
    """All events of a case, the first first."""
    rows = unit.rows(sa.select(schema.case_event).where(_EVENT.case_id == case_id).order_by(_EVENT.revision))
    return [_record(unit, row) for row in rows]


def _record(unit: Unit, row: sa.Row[Any]) -> Record:
    held = orjson.loads(unit.vault.open_bytes("case_event", "body", f"{row.case_id}|{row.revision}", row.body))
    event, facts, happenings = (load(held[name]) for name in ("event", "facts", "happenings"))
    return Record(row.revision, row.at, event, facts, happenings, row.shown)


def link(unit: Unit, case_id: CaseId, other: CaseId) -> None:
    """Two cases about the same thing, seen from either."""
    known = {row.other_id for row in unit.rows(sa.select(_LINK.other_id).where(_LINK.case_id == case_id))}
    if other not in known and other != case_id:
        unit.execute(schema.case_link.insert(), [{"case_id": case_id, "other_id": other},
                                                 {"case_id": other, "other_id": case_id}])  # fmt: skip
        unit.audit("case.linked", f"case:{case_id}", {"other": other})


def linked(unit: Unit, case_id: CaseId) -> list[CaseId]:
    rows = unit.rows(sa.select(_LINK.other_id).where(_LINK.case_id == case_id).order_by(_LINK.other_id))
    return [CaseId(row.other_id) for row in rows]


def alike_before(
    unit: Unit, process: str, customer: CustomerId, alike: str, since: datetime, *, hidden: bool
) -> list[CaseId]:
    """Earlier cases of a customer about the same thing that are open or were moved since then, the latest first;
    `hidden`: also the confidential ones and those that somebody has to keep out of.
    """
    mine = sa.select(_FILE.id).where(_FILE.process == process, _FILE.customer_id == customer, _FILE.alike == alike)
    lately = mine.where(sa.or_(_FILE.closed.is_(False), _FILE.moved_at >= since))
    if not hidden:
        lately = lately.where(_FILE.confidential.is_(False), sa.not_(_SOMEBODY_BARRED))
    return [CaseId(row.id) for row in unit.rows(lately.order_by(_FILE.opened_at.desc()))]
