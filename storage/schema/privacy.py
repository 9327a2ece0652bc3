"""What customers agreed to, and whose data is kept and nothing more."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

consent = table(
    "consent",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("agreed", sa.Boolean, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", Text, nullable=False),
    sa.Column("evidence", Sealed, nullable=False),
    sa.Column("fed", sa.Boolean, nullable=False),
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
sa.Index("ix_consent_customer", consent.c.customer_id, consent.c.kind, consent.c.day)
restriction = table(
    "restriction",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("lifts", sa.Boolean, nullable=False),
    sa.Column("reason", Sealed, nullable=False),
    sa.Column("requester", Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="waiting"),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Instant),
)
sa.Index("ix_restriction_customer", restriction.c.customer_id, restriction.c.state)
restricted = table(
    "restricted",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("restriction_id", Text, nullable=False),
    sa.Column("asked_by", Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)
