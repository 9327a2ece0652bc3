"""Staff and books as the house has them: its own word over a feed's, whom it last saw at work, who took over."""

import sqlalchemy as sa

from storage.schema.base import Instant, Text, table

override = table(
    "override",
    sa.Column("feed", Text, primary_key=True),
    sa.Column("row_key", Text, primary_key=True),
    sa.Column("field", Text, primary_key=True),
    sa.Column("fed", Text),
    sa.Column("value", Text),
    sa.Column("why", Text, nullable=False),
    sa.Column("decided_by", Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("checked_at", Instant, nullable=False),
)
team_seat = table(
    "team_seat",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("role", Text, primary_key=True),
    sa.Column("fed", Text, primary_key=True),
    sa.Column("userid", Text, nullable=False, index=True),
    sa.Column("decided_by", Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
)
standing = table(
    "standing",
    sa.Column("userid", Text, primary_key=True),
    sa.Column("posts", Text, nullable=False),
    sa.Column("unit_id", Text, nullable=False),
)
handover = table(
    "handover",
    sa.Column("id", Text, primary_key=True),
    sa.Column("leaver", Text, nullable=False),
    sa.Column("successor", Text, nullable=False),
    sa.Column("requester", Text, nullable=False),
    sa.Column("approver", Text, nullable=False),
    sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("counts", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Instant),
    sa.Column("reversible_until", Instant),
)
sa.Index("ix_handover_state", handover.c.state, handover.c.requested_at)
handover_item = table(
    "handover_item",
    sa.Column("handover_id", Text, primary_key=True),
    sa.Column("kind", Text, primary_key=True),
    sa.Column("thing", Text, primary_key=True),
    sa.Column("before", Text),
    sa.Column("moved", sa.Boolean, nullable=False),
)
