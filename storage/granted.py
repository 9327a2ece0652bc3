"""Which rows of `access` hold at a moment: agreed by a second person, begun, neither run out nor taken back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

AGREED = "agreed"


def in_force(access: Any, moment: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """The condition for a statement on the table; `access` are its columns, or those of an alias."""
    return sa.and_(access.state == AGREED, access.from_at <= moment, access.until_at > moment)
