"""A full scan of tables as the floor of whatever reads them all: every row is visited, no index helps."""

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_READ = {
    "customer": "count(opened_on)",
    "aum_daily": "max(aum)",
    "holding": "max(amount), count(matures_on)",
    "txn": "max(amount), count(kind)",
    "interaction": "max(at), count(channel)",
    "risk_assessment": "count(level)",
}


def scan(unit: Unit, names: tuple[str, ...] = tuple(_READ)) -> None:
    """Read these tables from end to end, once."""
    hint = " NOT INDEXED" if unit.connection.dialect.name == "sqlite" else ""
    for name in names:
        rows = schema.rows_of(schema.views.tables[name]).name
        unit.rows(sa.text(f"SELECT {_READ[name]} FROM {rows}{hint}"))


def next_versions(unit: Unit) -> None:
    """As if every feed had come once more, so that whoever asks what is new in it has to look."""
    unit.execute(schema.feed.update().values(version=schema.feed.c.version + 1))
