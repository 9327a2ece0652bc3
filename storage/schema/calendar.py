"""When people work: the usual hours and the special days, of the whole bank (no unit) or of one unit and what is
below it.
"""

import sqlalchemy as sa

from storage.schema.base import Text, table

calendar_day = table(
    "calendar_day",
    sa.Column("unit_id", Text, primary_key=True, server_default=""),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("workday", sa.Boolean, nullable=False),
    sa.Column("ranges", Text),
    sa.Column("name", Text, nullable=False, server_default=""),
    sa.Column("source", Text, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
)
calendar_hours = table(
    "calendar_hours",
    sa.Column("unit_id", Text, primary_key=True, server_default=""),
    sa.Column("ranges", Text, nullable=False),
)
