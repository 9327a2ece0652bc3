"""Which rows of `access` hold at a moment: agreed by a second person, begun, neither run out nor taken back."""

from datetime import datetime

import sqlalchemy as sa

from storage import schema

AGREED = "agreed"
_ACCESS = schema.access.c


def in_force(moment: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """The condition for a statement on `access`."""
    return sa.and_(_ACCESS.state == AGREED, _ACCESS.from_at <= moment, _ACCESS.until_at > moment)
