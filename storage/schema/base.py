"""What every table is made of: the names of constraints, the kinds of cells, the rows that a feed fills."""

from typing import Any

import sqlalchemy as sa

from storage.columns import BigKey, Instant

__all__ = [
    "BigKey",
    "Fen",
    "Instant",
    "Machine",
    "Sealed",
    "Text",
    "definition",
    "feed_table",
    "metadata",
    "read_as",
    "rows_of",
    "table",
    "views",
]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

views = sa.MetaData()
"""The views over the rows that feeds brought; alembic knows only tables."""

Text = sa.Text
Fen = sa.BigInteger
Machine = sa.Float
_HIDDEN = frozenset({"digest", "since", "until"})


class Sealed(sa.LargeBinary):
    """Ciphertext of the vault; a type of its own, so that a change of keys finds every such column by itself."""


SEALED_BY: dict[str, tuple[str, ...]] = {}
"""By table, the columns whose values name the row of a sealed cell, where these are not the primary key."""


def table(name: str, *columns: sa.schema.SchemaItem, sealed_by: tuple[str, ...] = ()) -> sa.Table:
    if sealed_by:
        SEALED_BY[name] = sealed_by
    return sa.Table(name, metadata, *columns)


def feed_table(name: str, feed: str, *items: sa.Column[Any] | sa.Index) -> sa.Table:
    """A table filled by the bank's feed `feed`: every row knows its business day, its source, its arrival and, once
    gone, its end.

    What is returned is a view, for reading. Its rows lie in `<name>_row`, each with the version of the feed that
    brought it (0: the house itself, visible at once) and, once another took its place, that one's. The view shows the
    rows of the version in force, so whatever an import writes becomes visible with one change of the feed's row.
    """
    columns = [item for item in items if isinstance(item, sa.Column)]
    rows = table(
        f"{name}_row",
        *columns,
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("source", Text, nullable=False, server_default="file"),
        sa.Column("closed_as_of", sa.Date),
        sa.Column("digest", sa.BigInteger),
        sa.Column("since", sa.Integer, primary_key=True, autoincrement=False, server_default="0"),
        sa.Column("until", sa.Integer),
        *(item for item in items if isinstance(item, sa.Index)),
        sealed_by=tuple(column.name for column in columns if column.primary_key),
    )
    rows.info["view"] = name
    replaced = sa.text("until IS NOT NULL")
    sa.Index(f"ix_{name}_row_until", rows.c.until, sqlite_where=replaced, postgresql_where=replaced)
    shown = [column for column in rows.columns if column.name not in _HIDDEN]
    cells = [sa.Column(each.name, each.type, primary_key=each.primary_key, nullable=each.nullable) for each in shown]
    return sa.Table(name, views, *cells, info={"rows": rows, "feed": feed})


def rows_of(view: sa.Table) -> sa.Table:
    """Where the rows of a feed's view lie; only storage.imports and storage.visits write there."""
    rows: sa.Table = view.info["rows"]
    return rows


def read_as(table: sa.Table) -> str:
    """The name under which a table is read and its cells are sealed: its view's, where it has one."""
    name: str = table.info.get("view", table.name)
    return name


def definition(view: sa.Table) -> str:
    """The view in SQL. The version is looked up once a statement."""
    columns = ", ".join(column.name for column in view.columns)
    version = f"coalesce((SELECT version FROM feed WHERE feed.name = '{view.info['feed']}'), 0)"
    in_force = f"since <= {version} AND (until IS NULL OR until > {version})"
    return f"CREATE VIEW {view.name} AS SELECT {columns} FROM {rows_of(view).name} WHERE {in_force}"
