"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.zone import SHANGHAI as SHANGHAI

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 (SQLite knows no zone; text would sort by offset)."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return None if value is None else from_microseconds(value)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC; a naive datetime is a programming error and raises."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    return (_EPOCH + timedelta(microseconds=value)).astimezone(SHANGHAI)
