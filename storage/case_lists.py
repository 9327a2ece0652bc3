"""Lists of cases: only what a person may see, whoever asks and from wherever (design decision 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from domain.ids import CaseId, CustomerId, UserId
from domain.policy import Scope, ScopeKind
from storage import restrictions, schema
from storage.cases import BARRED
from storage.circles import around, relation_column
from storage.unit import Unit

_FILE, _PERSON, _CUSTOMER = schema.case_file.c, schema.case_person.c, schema.customer.c
Person: TypeAlias = UserId | sa.BindParameter[str]


@dataclass(frozen=True)
class Sight:
    """Who looks, how far their post reaches, whether it oversees cases that are not its own, and whom they stand in
    for.
    """

    person: UserId
    scope: Scope
    oversees: bool
    principals: tuple[UserId, ...] = ()


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    case_id: CaseId
    process: str
    version: int
    state: str
    closed: bool
    opened_at: datetime
    moved_at: datetime
    customer_id: CustomerId | None


@dataclass(frozen=True)
class Pile:
    """The open cases in one state."""

    process: str
    version: int
    state: str
    count: int
    oldest: datetime


def may_see(unit: Unit, sight: Sight, case_id: CaseId) -> bool:
    return unit.row(sa.select(_FILE.id).where(_FILE.id == case_id, visible(sight))) is not None


def awaiting(unit: Unit, sight: Sight, limit: int = 50) -> Sequence[Listed]:
    """What waits for this person, the oldest first."""
    waits = [_takes_part(person, _PERSON.awaited.is_(True)) for person in (sight.person, *sight.principals)]
    return _listed(unit, sight, sa.and_(sa.or_(*waits), _FILE.closed.is_(False)), _FILE.opened_at, limit)


def filed_by(unit: Unit, sight: Sight, role: str, limit: int) -> Sequence[Listed]:
    """What this person brought in, the latest first."""
    return _listed(unit, sight, _takes_part(sight.person, _PERSON.part == role), _FILE.opened_at.desc(), limit)


def open_now(unit: Unit, sight: Sight, limit: int = 50) -> Sequence[Listed]:
    """Open cases in sight, the oldest first."""
    return _listed(unit, sight, _FILE.closed.is_(False), _FILE.opened_at, limit)


def open_in(unit: Unit, sight: Sight, process: str, state: str, limit: int = 50) -> Sequence[Listed]:
    """Those of one process in one state."""
    here = sa.and_(_FILE.closed.is_(False), _FILE.process == process, _FILE.state == state)
    return _listed(unit, sight, here, _FILE.opened_at, limit)


def opened_between(
    unit: Unit, sight: Sight, process: str, since: datetime, before: datetime, limit: int
) -> Sequence[Listed]:
    """Those of one process that came in within a time, the latest first."""
    return _listed(unit, sight, _opened_between(process, since, before), _FILE.opened_at.desc(), limit)


def counted_between(
    unit: Unit, sight: Sight, process: str, since: datetime, before: datetime, most: int
) -> Sequence[sa.Row[Any]]:
    """How many `rows` those are, no further than `most`, by the `relation` to their customer; NULL where there is none,
    or none to be shown: one out of reach, or frozen.
    """
    how = relation_column(sight.scope.kind, _FILE.customer_id)
    shown = sa.case((restrictions.applies_to(_FILE.customer_id), None), else_=how).label("relation")
    here = sa.select(shown).where(_opened_between(process, since, before), visible(sight)).limit(most).subquery().c
    by_relation = sa.select(here.relation, sa.func.count().label("rows")).group_by(here.relation)
    return unit.rows(by_relation, around(sight.scope, unit.now))


def _opened_between(process: str, since: datetime, before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_FILE.process == process, _FILE.opened_at >= since, _FILE.opened_at < before)


def of_customers(unit: Unit, sight: Sight, customers: Sequence[CustomerId], limit: int = 50) -> Sequence[Listed]:
    """Cases of these customers, the open ones first, then the latest."""
    here = _FILE.customer_id.in_(list(customers))
    return _listed(unit, sight, here, sa.func.coalesce(_FILE.closed, False), limit, _FILE.opened_at.desc())


def these(unit: Unit, sight: Sight, case_ids: Sequence[CaseId]) -> Sequence[Listed]:
    """Those of these cases that are still in sight, in their order."""
    found = {each.case_id: each for each in _listed(unit, sight, _FILE.id.in_(list(case_ids)), _FILE.id, 200)}
    return [found[case_id] for case_id in case_ids if case_id in found]


def piles(unit: Unit, sight: Sight) -> Sequence[Pile]:
    """Open cases in sight, counted by state."""
    columns = (_FILE.process, sa.func.max(_FILE.version).label("version"), _FILE.state)
    counted = sa.select(*columns, sa.func.count().label("cases"), sa.func.min(_FILE.opened_at).label("oldest"))
    grouped = counted.where(_FILE.closed.is_(False), visible(sight)).group_by(_FILE.process, _FILE.state)
    return [Pile(row.process, row.version, row.state, row.cases, row.oldest) for row in unit.rows(grouped)]


def _listed(
    unit: Unit, sight: Sight, here: sa.ColumnElement[bool], first: sa.ColumnElement[object], limit: int,
    *then: sa.ColumnElement[object],
) -> Sequence[Listed]:  # fmt: skip
    chosen = sa.select(schema.case_file).where(here, visible(sight)).order_by(first, *then, _FILE.id).limit(limit)
    return [
        Listed(
            CaseId(row.id),
            row.process,
            row.version,
            row.state,
            row.closed,
            row.opened_at,
            row.moved_at,
            CustomerId(row.customer_id) if row.customer_id else None,
        )
        for row in unit.rows(chosen)
    ]


def hidden_from(person: UserId | sa.BindParameter[str] | None) -> sa.ColumnElement[bool]:
    """A condition on `case_file`: this person has to keep out, or hardly anybody knows of it. Nothing they are shown
    or spared may depend on such a case.
    """
    return _FILE.confidential.is_(True) if person is None else sa.or_(_FILE.confidential, _barred(person))


def visible(sight: Sight) -> sa.ColumnElement[bool]:
    """Takes part and is not kept out; or it lies in the reach of a post that oversees, and is not confidential."""
    mine = _takes_part(sight.person, _PERSON.part != BARRED)
    theirs = [
        sa.and_(_takes_part(person, _PERSON.part != BARRED), sa.not_(_barred(person))) for person in sight.principals
    ]
    reached = sa.and_(_FILE.confidential.is_(False), _in_reach(sight))
    return sa.and_(sa.not_(_barred(sight.person)), sa.or_(mine, reached, *theirs))


def in_sight(actor: sa.BindParameter[str], kind: ScopeKind, *, oversees: bool) -> sa.ColumnElement[bool]:
    """The same, without stand-ins, for a statement that is put together once: `actor` and, for a tree of units,
    `units` are its parameters.
    """
    tree = _FILE.unit_id.in_(sa.bindparam("units", expanding=True)) if kind is ScopeKind.UNIT_TREE else sa.false()
    reached = sa.and_(_FILE.confidential.is_(False), _reach(actor, kind, oversees, tree))
    return sa.and_(sa.not_(_barred(actor)), sa.or_(_takes_part(actor, _PERSON.part != BARRED), reached))


def _barred(person: Person) -> sa.ColumnElement[bool]:
    return _takes_part(person, sa.and_(_PERSON.part == BARRED, _PERSON.current.is_(True)))


def _takes_part(person: Person, how: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    mine = sa.select(_PERSON.case_id).where(_PERSON.case_id == _FILE.id, _PERSON.userid == person, how)
    return mine.exists()


def _in_reach(sight: Sight) -> sa.ColumnElement[bool]:
    tree = _FILE.unit_id.in_(sorted(sight.scope.units))
    return _reach(sight.person, sight.scope.kind, sight.oversees, tree)


def _reach(person: Person, kind: ScopeKind, oversees: bool, tree: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A customer's own manager, and who oversees: their units, or the whole bank."""
    book = sa.select(_CUSTOMER.customer_id).where(
        _CUSTOMER.customer_id == _FILE.customer_id, _CUSTOMER.rm_userid == person
    )
    if not oversees:
        return book.exists() if kind is not ScopeKind.NONE else sa.false()
    return sa.true() if kind is ScopeKind.ALL else sa.or_(book.exists(), tree)
