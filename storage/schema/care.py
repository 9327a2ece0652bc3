"""Care: what the rules found, whose it is, and what became of it."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

finding = table(
    "finding",
    sa.Column("id", Text, primary_key=True),
    sa.Column("rule", Text, nullable=False),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("episode", Text, nullable=False),
    sa.Column("owner", Text),
    sa.Column("todo_id", Text, unique=True),
    sa.Column("evidence", Sealed, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("data_day", sa.Date, nullable=False),
    sa.Column("pack_version", sa.Integer, nullable=False),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("announced_on", sa.Date),
    sa.Column("verdict", Text),
    sa.Column("verdict_at", Instant),
    sa.UniqueConstraint("rule", "customer_id", "episode"),
)
sa.Index("ix_finding_owner_found_at", finding.c.owner, finding.c.found_at)
