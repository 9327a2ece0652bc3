"""Whom and what somebody has in hand, in any replica, on PostgreSQL: advisory locks that end with their transaction.

A claim asks for them and passes by who is in other hands; a timer waits for its person, and has nothing else by then.
So nobody who holds anything ever waits for them. Looks in plain are counted under a lock of their own, which a page
takes last. On SQLite there is one writer, and nobody beside it.
"""

import sqlalchemy as sa

from storage.statement import Statement
from storage.unit import Unit

_PERSON, _CASE, _LOOKS = 1, 2, 3
_WAIT = Statement(sa.text(f"SELECT pg_advisory_xact_lock(hashtextextended(:person, {_PERSON}))"))
_COUNT = Statement(sa.text(f"SELECT pg_advisory_xact_lock(hashtextextended(:person, {_LOOKS}))"))
TAKEN = (
    f"pg_try_advisory_xact_lock(hashtextextended(person, {_PERSON}))"
    f" AND (about IS NULL OR pg_try_advisory_xact_lock(hashtextextended(about, {_CASE})))"
)
"""True for a row whose `person` and case (`about`) are now in this transaction's hand."""


def wait_for(unit: Unit, person: str) -> None:
    """Until nobody else handles what this person said, and nobody does before this unit's commit."""
    if person and unit.connection.dialect.name == "postgresql":
        unit.execute(_WAIT, {"person": person})


def count_looks(unit: Unit, person: str) -> None:
    """Until no other page of this person is about to show something in plain: two browsers have one limit."""
    if unit.connection.dialect.name == "postgresql":
        unit.execute(_COUNT, {"person": person})
