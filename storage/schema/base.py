"""What every table is made of: the names of constraints, the kinds of cells, the rows that a feed fills."""

import sqlalchemy as sa

from storage.columns import BigKey, Instant

__all__ = ["BigKey", "Fen", "Instant", "Machine", "Sealed", "Text", "feed_table", "metadata", "table"]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Text = sa.Text
Fen = sa.BigInteger
Machine = sa.Float


class Sealed(sa.LargeBinary):
    """Ciphertext of the vault; a type of its own, so that a change of keys finds every such column by itself."""


SEALED_BY: dict[str, tuple[str, ...]] = {}
"""By table, the columns whose values name the row of a sealed cell, where these are not the primary key."""


def table(name: str, *columns: sa.schema.SchemaItem, sealed_by: tuple[str, ...] = ()) -> sa.Table:
    if sealed_by:
        SEALED_BY[name] = sealed_by
    return sa.Table(name, metadata, *columns)


def feed_table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A table filled by the bank's feeds: every row knows its business day, its arrival and, once gone, its end."""
    return table(
        name,
        *columns,
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("closed_as_of", sa.Date),
    )
