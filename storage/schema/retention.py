"""What must not be erased for a time, and the reports by which the rest is."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

legal_hold = table(
    "legal_hold",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text),
    sa.Column("case_id", Text),
    sa.Column("reason", Sealed, nullable=False),
    sa.Column("reference", Sealed, nullable=False),
    sa.Column("asked_by", Text, nullable=False),
    sa.Column("agreed_by", Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("released_by", Text),
    sa.Column("released_at", Instant),
)
sa.Index("ix_legal_hold_customer_id", legal_hold.c.customer_id)
sa.Index("ix_legal_hold_case_id", legal_hold.c.case_id)
retention_report = table(
    "retention_report",
    sa.Column("id", Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("version", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("agreed_by", Text),
    sa.Column("agreed_at", Instant),
    sa.Column("erased_rows", sa.Integer),
)
sa.Index("ix_retention_report_made_at", retention_report.c.made_at)
