"""Many keys as one parameter: a list after IN costs some 10 µs a key to put together, and a book has hundreds."""

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from storage.unit import Unit


def among(unit: Unit, column: sa.ColumnElement[Any], keys: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether the column holds one of the keys."""
    held = sa.literal(orjson.dumps(list(keys)).decode(), sa.Text)
    if unit.connection.dialect.name == "sqlite":
        return column.in_(sa.select(sa.func.json_each(held).table_valued("value").c.value))
    listed = sa.func.jsonb_array_elements_text(sa.cast(held, postgresql.JSONB)).column_valued("key")
    return column.in_(sa.select(listed))
