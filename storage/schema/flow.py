"""Updates in, messages out, time."""

import sqlalchemy as sa

from storage.schema.base import BigKey, Instant, Machine, Sealed, Text, table

inbox = table(
    "inbox",
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("dedup_key", Text, nullable=False, unique=True),
    sa.Column("cipher_key", Text, nullable=False, unique=True),
    sa.Column("person", Text, nullable=False),
    sa.Column("case_key", Text),
    sa.Column("kind", Text, nullable=False),
    sa.Column("body", Sealed, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="new"),
    sa.Column("done_at", Instant),
    sa.Column("epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", Text),
    sealed_by=("dedup_key",),
)
sa.Index(
    "ix_inbox_new_person",
    inbox.c.person,
    inbox.c.id,
    postgresql_where=inbox.c.state == "new",
    sqlite_where=inbox.c.state == "new",
)
sa.Index(
    "ix_inbox_new_case",
    inbox.c.case_key,
    inbox.c.id,
    postgresql_where=inbox.c.state == "new",
    sqlite_where=inbox.c.state == "new",
)
sa.Index("ix_inbox_new", inbox.c.id, postgresql_where=inbox.c.state == "new", sqlite_where=inbox.c.state == "new")

attempt = table(
    "attempt",
    sa.Column("dedup_key", Text, primary_key=True),
    sa.Column("deaths", sa.Integer, nullable=False, server_default="0"),
)

outbox = table(
    "outbox",
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("msg_key", Text, nullable=False, unique=True),
    sa.Column("lane", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("recipient", Text, nullable=False),
    sa.Column("task_id", Text),
    sa.Column("payload", Sealed, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="new"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due", Machine, nullable=False, server_default="0"),
    sa.Column("lease_token", Text),
    sa.Column("lease_until", Machine),
    sa.Column("first_try", Machine),
    sa.Column("finished", Machine),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("wecom_msgid", Text),
    sa.Column("errcode", sa.Integer),
    sa.Column("error", Text),
    sealed_by=("msg_key",),
)
sa.Index(
    "ix_outbox_waiting",
    outbox.c.recipient,
    outbox.c.lane,
    outbox.c.id,
    postgresql_where=outbox.c.state.in_(["new", "leased"]),
    sqlite_where=outbox.c.state.in_(["new", "leased"]),
)
# The lane leads although it is always the same: SQLite would take the larger index on the state otherwise.
sa.Index(
    "ix_outbox_sms",
    outbox.c.lane,
    outbox.c.state,
    outbox.c.id,
    postgresql_where=outbox.c.lane == "sms",
    sqlite_where=outbox.c.lane == "sms",
)
sa.Index("ix_outbox_rate", outbox.c.recipient, outbox.c.finished)
sa.Index("ix_outbox_state", outbox.c.state, outbox.c.id)

timer = table(
    "timer",
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("subject", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("person", Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="armed"),
    sa.UniqueConstraint("subject", "kind", "generation"),
)
sa.Index(
    "ix_timer_due", timer.c.due_at, postgresql_where=timer.c.state == "armed", sqlite_where=timer.c.state == "armed"
)

cron_run = table("cron_run", sa.Column("job", Text, primary_key=True), sa.Column("slot", Text, primary_key=True))

token = table(
    "token",
    sa.Column("name", Text, primary_key=True),
    sa.Column("value", Sealed),
    sa.Column("expires", Machine, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_token", Text),
    sa.Column("lease_until", Machine, nullable=False, server_default="0"),
)
