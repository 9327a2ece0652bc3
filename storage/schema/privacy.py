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
restricted = table(
    "restricted",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("approval_id", Text, nullable=False),
    sa.Column("asked_by", Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)
subject_request = table(
    "subject_request",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("asker", Text, nullable=False),
    sa.Column("identity", Sealed, nullable=False),
    sa.Column("channel", Text, nullable=False),
    sa.Column("reference", Sealed),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("owner", Text, nullable=False),
    sa.Column("post", Text),
    sa.Column("state", Text, nullable=False, server_default="open"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("todo_id", Text),
    sa.Column("file_id", Text),
    sa.Column("digest", Text),
    sa.Column("answered_by", Text),
    sa.Column("answered_at", Instant),
)
sa.Index("ix_subject_request_customer_id", subject_request.c.customer_id, subject_request.c.state)
