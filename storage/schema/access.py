"""What single people have beside their posts, the post in which each one acts, and what was shown in plain."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

access = table(
    "access",
    sa.Column("id", Text, primary_key=True),
    sa.Column("userid", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("what", Text, nullable=False),
    sa.Column("reason", Sealed, nullable=False),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("given_by", Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Instant),
)
sa.Index("ix_access_userid_state", access.c.userid, access.c.state, access.c.until_at)
sa.Index("ix_access_state_until", access.c.state, access.c.until_at)
acting_post = table(
    "acting_post",
    sa.Column("userid", Text, primary_key=True),
    sa.Column("post", Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)
reveal = table(
    "reveal",
    sa.Column("id", Text, primary_key=True),
    sa.Column("userid", Text, nullable=False),
    sa.Column("task_id", Text, nullable=False),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("fields", Text, nullable=False),
    sa.Column("purpose", Text, nullable=False),
    sa.Column("reference", Sealed),
    sa.Column("session", Text, nullable=False),
    sa.Column("way", Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("granted_at", Instant),
    sa.Column("until_at", Instant),
)
sa.Index("ix_reveal_userid_granted_at", reveal.c.userid, reveal.c.granted_at)
reveal_code = table(
    "reveal_code",
    sa.Column("id", Text, primary_key=True),
    sa.Column("reveal_id", Text, nullable=False, index=True),
    sa.Column("userid", Text, nullable=False),
    sa.Column("code", Sealed),
    sa.Column("sent_at", Instant, nullable=False),
)
sa.Index("ix_reveal_code_userid_sent_at", reveal_code.c.userid, reveal_code.c.sent_at)
