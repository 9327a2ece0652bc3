"""Labels in rows: read as of the run in force, written under the next, which becomes visible when it is published."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.ids import CustomerId
from domain.labels.label import Kind, Label
from domain.labels.saying import override_because
from domain.labels.standing import Standing
from domain.sharing import Datum, Field, Sentence
from domain.tier import Tier
from storage import schema
from storage.among import among
from storage.label_runs import PUBLISHED, Claim, hold
from storage.unit import Unit

_LABEL, _GIVEN = schema.label.c, schema.tier_override.c
LABELLED = {Kind.TIER: "tier", Kind.STAGE: "stage", Kind.SEGMENTS: "segments", Kind.APPETITE: "appetite"}
STANDS = sa.and_(_LABEL.run <= PUBLISHED, sa.or_(_LABEL.until_run.is_(None), _LABEL.until_run > PUBLISHED))
"""The rows in force."""
_ADD = {
    name: insert(schema.label).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_OUTDATE = (
    schema.label.update()
    .where(_LABEL.customer_id == sa.bindparam("who"), _LABEL.run == sa.bindparam("stood"))
    .values(until_run=sa.bindparam("next"))
)


def population(unit: Unit) -> int:
    """How many customers there are to label."""
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.customer)).scalar_one())


def clean(unit: Unit, claim: Claim, after: str, until: str) -> bool:
    """Take back what a run that broke off wrote about these customers."""
    number, here = claim.run.run, sa.and_(_LABEL.customer_id > after, _LABEL.customer_id <= until)
    unit.execute(schema.label.delete().where(here, _LABEL.run == number))
    unit.execute(schema.label.update().where(here, _LABEL.until_run == number).values(until_run=None))
    return hold(unit, claim)


def write(unit: Unit, claim: Claim, rows: Sequence[tuple[CustomerId, int | None, Standing]]) -> bool:
    """New standings under the claimed run, each in the place of the row of an earlier run; not visible yet."""
    if not hold(unit, claim):
        return False
    number = claim.run.run
    unit.execute(_ADD[unit.connection.dialect.name], [_cells(each, standing, number) for each, _, standing in rows])
    outdated = [{"who": each, "stood": stood, "next": number} for each, stood, _ in rows if stood is not None]
    if outdated:
        unit.execute(_OUTDATE, outdated)
    return True


def labels_of(rows: Sequence[Any], given: Sequence[Any], today: date) -> tuple[Label, ...]:
    """The labels out of the whole customer's cells; a tier set by hand stands in the place of the computed one."""
    if not rows:
        return ()
    found = {kind: _label(kind, name, rows[0]) for kind, name in LABELLED.items()}
    for each in given:
        why = override_because(each.until_day, today)
        found[Kind.TIER] = Label(Kind.TIER, each.tier, each.from_day, why)
    return tuple(found.values())


def tiers_of(unit: Unit, customer_ids: Iterable[CustomerId]) -> dict[CustomerId, Tier]:
    """The tiers of those who are labelled, with overrides as they hold today."""
    wanted = list(customer_ids)
    theirs = among(unit, _LABEL.customer_id, wanted)
    rows = unit.rows(sa.select(_LABEL.customer_id, _LABEL.computed_tier).where(theirs, STANDS))
    return {CustomerId(row.customer_id): Tier(row.computed_tier) for row in rows} | overrides_of(unit, wanted)


def overrides_of(unit: Unit, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, Tier]:
    today = unit.now.date()
    given = sa.select(_GIVEN.customer_id, _GIVEN.tier).where(
        among(unit, _GIVEN.customer_id, customer_ids),
        _GIVEN.from_day <= today,
        _GIVEN.until_day >= today,
    )
    return {CustomerId(row.customer_id): Tier(row.tier) for row in unit.rows(given.order_by(_GIVEN.decided_at))}


def standing_of(unit: Unit, customer_id: CustomerId, run: int | None = None) -> Standing | None:
    """How the customer stood under a run (none: the one in force); None of somebody not labelled."""
    here = STANDS if run is None else under(run)
    row = unit.row(sa.select(schema.label).where(_LABEL.customer_id == customer_id, here))
    return None if row is None else standing(row)


def standings(unit: Unit, run: int, after: str, until: str) -> dict[CustomerId, Standing]:
    """How a window of customers stood under a run."""
    here = sa.and_(_LABEL.customer_id > after, _LABEL.customer_id <= until, under(run))
    return {CustomerId(row.customer_id): standing(row) for row in unit.rows(sa.select(schema.label).where(here))}


def under(run: int) -> sa.ColumnElement[bool]:
    return sa.and_(_LABEL.run <= run, sa.or_(_LABEL.until_run.is_(None), _LABEL.until_run > run))


def history_of(unit: Unit, customer_id: CustomerId) -> dict[Kind, list[Label]]:
    """Every label the customer has had, the newest first."""
    rows = unit.rows(
        sa.select(schema.label)
        .where(_LABEL.customer_id == customer_id, _LABEL.run <= PUBLISHED)
        .order_by(_LABEL.run.desc())
    )
    had: dict[Kind, list[Label]] = {kind: [] for kind in Kind}
    for row in rows:
        for kind, label in standing(row).labels.items():
            if not had[kind] or had[kind][-1] != label:
                had[kind].append(label)
    return had


def standing(row: Any) -> Standing:
    """From the columns of a row."""
    labels = {kind: _label(kind, name, row) for kind, name in LABELLED.items()}
    return Standing(Tier(row.computed_tier), bool(row.provisional), labels)


def _label(kind: Kind, name: str, row: Any) -> Label:
    since = getattr(row, f"{name}_since")
    since = date.fromisoformat(since) if isinstance(since, str) else since
    return Label(kind, getattr(row, name), since, _sentence(orjson.loads(getattr(row, f"{name}_why"))))


def _cells(customer_id: CustomerId, stands: Standing, run: int) -> Mapping[str, Any]:
    cells: dict[str, Any] = {
        "customer_id": customer_id, "run": run, "computed_tier": stands.computed.value,
        "provisional": stands.provisional,
    }  # fmt: skip
    for kind, name in LABELLED.items():
        label = stands.labels[kind]
        cells |= {name: label.value, f"{name}_since": label.since, f"{name}_why": _written(label.why)}
    return cells


def _written(sentence: Sentence) -> str:
    """Customer data stays marked as such, so that it is redacted for whoever reads it."""
    return orjson.dumps([p if isinstance(p, str) else [p.field.value, p.value] for p in sentence]).decode()


def _sentence(parts: list[Any]) -> Sentence:
    return tuple(part if isinstance(part, str) else Datum(Field(part[0]), part[1]) for part in parts)
