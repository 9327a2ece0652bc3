"""What the bank's administrators decide: settings in force."""

import sqlalchemy as sa

from storage.schema.base import Text, table

setting = table(
    "setting",
    sa.Column("name", Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", Text, nullable=False),
)
