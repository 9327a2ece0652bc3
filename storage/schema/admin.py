"""What the bank's administrators decide: settings in force, and the changes that were asked for."""

import sqlalchemy as sa

from storage.schema.base import Instant, Text, table

setting = table(
    "setting",
    sa.Column("name", Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", Text, nullable=False),
)
command_change = table(
    "command_change",
    sa.Column("id", Text, primary_key=True),
    sa.Column("command", Text, nullable=False),
    sa.Column("before", Text, nullable=False),
    sa.Column("after", Text, nullable=False),
    sa.Column("requester", Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="waiting"),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Instant),
)
sa.Index("ix_command_change_state_requested_at", command_change.c.state, command_change.c.requested_at)
