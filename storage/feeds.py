"""How the feeds stand: which version of each is in force, of which day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_FEED = schema.feed.c


def feed_versions(unit: Unit) -> dict[str, int]:
    """The version of every feed that has ever been loaded."""
    return {row.name: row.version for row in unit.rows(sa.select(_FEED.name, _FEED.version))}


def feed_days(unit: Unit) -> dict[str, date]:
    """The business day of every feed as it stands."""
    return {row.name: row.as_of for row in unit.rows(sa.select(_FEED.name, _FEED.as_of))}


def feeds(unit: Unit) -> Sequence[Any]:
    """How every feed stands."""
    return unit.rows(sa.select(schema.feed).order_by(_FEED.name))
