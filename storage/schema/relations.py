"""Who belongs to whom, as colleagues entered it; what the feeds say of it stays apart."""

import sqlalchemy as sa

from storage.schema.base import Instant, Text, table

tie = table(
    "tie",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("other_customer_id", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("back", Text, nullable=False),
    sa.Column("by_userid", Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)
sa.Index(
    "uq_tie_live",
    tie.c.customer_id,
    tie.c.other_customer_id,
    tie.c.kind,
    unique=True,
    postgresql_where=tie.c.ended_at.is_(None),
    sqlite_where=tie.c.ended_at.is_(None),
)
sa.Index("ix_tie_other_customer_id", tie.c.other_customer_id)
sa.Index("ix_tie_by_userid_at", tie.c.by_userid, tie.c.at)
