"""Other systems of the bank: their keys, and the answers kept for those that ask twice."""

import sqlalchemy as sa

from storage.schema.base import Instant, Machine, Sealed, Text, table

api_key = table(
    "api_key",
    sa.Column("id", Text, primary_key=True),
    sa.Column("system", Text, nullable=False),
    sa.Column("grants", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("made_by", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("used_at", Instant),
    sa.Column("minute", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("calls", sa.Integer, nullable=False, server_default="0"),
)
api_answer = table(
    "api_answer",
    sa.Column("key_id", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("request", Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("holder", Text),
    sa.Column("lease_until", Machine, nullable=False, server_default="0"),
    sa.Column("status", sa.Integer),
    sa.Column("body", Sealed),
)
sa.Index("ix_api_answer_asked_at", api_answer.c.asked_at)
