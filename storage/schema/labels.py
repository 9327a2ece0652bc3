"""Labels of customers: each row holds from one run to another, so that a run becomes visible with one change."""

import sqlalchemy as sa

from storage.schema.base import Instant, Machine, Text, table

label_run = table(
    "label_run",
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("data_day", sa.Date, nullable=False),
    sa.Column("rules_from", sa.Date, nullable=False),
    sa.Column("rules", Text, nullable=False, server_default=""),
    sa.Column("feeds", Text, nullable=False, server_default=""),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("published_at", Instant),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("holder", Text),
    sa.Column("lease_until", Machine, nullable=False, server_default="0"),
)
label = table(
    "label",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("until_run", sa.Integer),
    sa.Column("tier", Text, nullable=False),
    sa.Column("computed_tier", Text, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("tier_since", sa.Date, nullable=False),
    sa.Column("tier_why", Text, nullable=False),
    sa.Column("stage", Text, nullable=False),
    sa.Column("stage_since", sa.Date, nullable=False),
    sa.Column("stage_why", Text, nullable=False),
    sa.Column("segments", Text, nullable=False),
    sa.Column("segments_since", sa.Date, nullable=False),
    sa.Column("segments_why", Text, nullable=False),
    sa.Column("appetite", Text, nullable=False),
    sa.Column("appetite_since", sa.Date, nullable=False),
    sa.Column("appetite_why", Text, nullable=False),
)
label_due = table(
    "label_due",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("due_on", sa.Date),
)
label_mark = table(
    "label_mark",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
)
label_count = table(
    "label_count",
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("unit_id", Text, primary_key=True),
    sa.Column("kind", Text, primary_key=True),
    sa.Column("value", Text, primary_key=True),
    sa.Column("customers", sa.Integer, nullable=False),
)
book_count = table(
    "book_count",
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rm_userid", Text, primary_key=True),
    sa.Column("tier", Text, primary_key=True),
    sa.Column("customers", sa.Integer, nullable=False),
)
tier_override = table(
    "tier_override",
    sa.Column("approval_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("tier", Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("until_day", sa.Date, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
)
sa.Index("ix_tier_override_customer_id", tier_override.c.customer_id, tier_override.c.until_day)
