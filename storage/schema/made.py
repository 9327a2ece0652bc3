"""Files made for one person each: how far each is, and what it holds in sealed parts until it is deleted."""

import sqlalchemy as sa

from storage.schema.base import Instant, Machine, Sealed, Text, table

made_file = table(
    "made_file",
    sa.Column("id", Text, primary_key=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),
    sa.Column("owner", Text, nullable=False),
    sa.Column("post", Text),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="wanted"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_token", Text),
    sa.Column("lease_until", Machine, nullable=False, server_default="0"),
    sa.Column("name", Text),
    sa.Column("media_type", Text),
    sa.Column("described", Text),
    sa.Column("customers", Sealed),
    sa.Column("size", sa.Integer),
    sa.Column("sha256", Text),
    sa.Column("expires_at", Instant),
    sa.Column("allowed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("downloads", sa.Integer, nullable=False, server_default="0"),
)
sa.Index("ix_made_file_state", made_file.c.state, made_file.c.expires_at)
sa.Index("ix_made_file_owner", made_file.c.owner, made_file.c.asked_at)
made_part = table(
    "made_part",
    sa.Column("file_id", Text, primary_key=True),
    sa.Column("attempt", Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", Sealed, nullable=False),
)
