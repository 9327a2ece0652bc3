"""Proof and secrecy: the audit chain, what people said of its records, and the keys."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

audit = table(
    "audit",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("prev", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
sa.Index("ix_audit_actor_seq", audit.c.actor, audit.c.seq)
audit_subject = table(
    "audit_subject",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("subject", Text, primary_key=True),
)
sa.Index("ix_audit_subject_subject", audit_subject.c.subject, audit_subject.c.seq)
audit_head = table(
    "audit_head",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("algorithm", Text, nullable=False),
)
reason = table(
    "reason",
    sa.Column("id", Text, primary_key=True),
    sa.Column("said", Sealed, nullable=False),
)
data_key = table(
    "data_key",
    sa.Column("kid", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("purpose", Text, nullable=False),
    sa.Column("algorithm", Text, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.UniqueConstraint("purpose", "kid"),
)
