"""What was asked for and needs other persons' word, of every kind, and how far each has come."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

approval = table(
    "approval",
    sa.Column("id", Text, primary_key=True),
    sa.Column("family", Text, nullable=False),
    sa.Column("about", Text, nullable=False),
    sa.Column("reason", Sealed, nullable=False),
    sa.Column("body", Sealed, nullable=False),
    sa.Column("seats", Text, nullable=False),
    sa.Column("barred", Text, nullable=False),
    sa.Column("until", Instant),
    sa.Column("requester", Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("taken", Text, nullable=False),
    sa.Column("needs", Text, nullable=False),
    sa.Column("named", Text),
    sa.Column("state", Text, nullable=False),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Instant),
)
sa.Index("ix_approval_about_state", approval.c.about, approval.c.state)
sa.Index("ix_approval_state_needs", approval.c.state, approval.c.needs, approval.c.asked_at)
