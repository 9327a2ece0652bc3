"""Every table of the house, in one place; the data dictionary is made from it.

`Sealed` columns hold ciphertext bound to table, column and row (storage.vault); `*_index` columns hold blind indexes.
Business moments are `Instant`; machine moments (leases, back-off, rates) are float seconds of the machine's clock.
"""

import sqlalchemy as sa

from storage.columns import BigKey, Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Sealed = sa.LargeBinary
Text = sa.Text
Fen = sa.BigInteger
Machine = sa.Float


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _feed(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A table filled by the bank's feeds: every row knows its business day, its arrival and, once gone, its end."""
    return _table(
        name,
        *columns,
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("closed_as_of", sa.Date),
    )


# --- updates in, messages out, time -------------------------------------------------------------------------------

inbox = _table(
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

attempt = _table(
    "attempt",
    sa.Column("dedup_key", Text, primary_key=True),
    sa.Column("deaths", sa.Integer, nullable=False, server_default="0"),
)

outbox = _table(
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

timer = _table(
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

cron_run = _table("cron_run", sa.Column("job", Text, primary_key=True), sa.Column("slot", Text, primary_key=True))

token = _table(
    "token",
    sa.Column("name", Text, primary_key=True),
    sa.Column("value", Sealed),
    sa.Column("expires", Machine, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_token", Text),
    sa.Column("lease_until", Machine, nullable=False, server_default="0"),
)

# --- proof and secrecy --------------------------------------------------------------------------------------------

audit = _table(
    "audit",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("prev", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
audit_subject = _table(
    "audit_subject",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("subject", Text, primary_key=True),
)
sa.Index("ix_audit_subject_subject", audit_subject.c.subject, audit_subject.c.seq)
audit_head = _table(
    "audit_head",
    sa.Column("chain", Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
data_key = _table(
    "data_key",
    sa.Column("kid", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("purpose", Text, nullable=False),
    sa.Column("algorithm", Text, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.UniqueConstraint("purpose", "kid"),
)

# --- talk ---------------------------------------------------------------------------------------------------------

conversation = _table(
    "conversation",
    sa.Column("id", Text, primary_key=True),
    sa.Column("person", Text, nullable=False),
    sa.Column("form", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("draft", Sealed, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("touched_at", Instant, nullable=False),
)
sa.Index("ix_conversation_person_status", conversation.c.person, conversation.c.status, conversation.c.touched_at)
card = _table(
    "card",
    sa.Column("task_id", Text, primary_key=True),
    sa.Column("addressee", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="live"),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("content", Sealed, nullable=False),
    sa.Column("context", Sealed, nullable=False),
    sa.Column("response_code", Sealed),
    sa.Column("code_until", Instant),
)
sa.Index("ix_card_subject_state", card.c.subject, card.c.state)
sa.Index("ix_card_addressee_subject_created_at", card.c.addressee, card.c.subject, card.c.created_at)
greeting = _table("greeting", sa.Column("person", Text, primary_key=True), sa.Column("day", sa.Date, primary_key=True))
quiet = _table(
    "quiet",
    sa.Column("person", Text, primary_key=True),
    sa.Column("topic", Text, primary_key=True),
    sa.Column("until", Instant, nullable=False),
)
web_session = _table(
    "web_session",
    sa.Column("id_hash", Text, primary_key=True),
    sa.Column("userid", Text),
    sa.Column("oauth_state", Text, unique=True),
    sa.Column("target", Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

# --- what RMs enter -----------------------------------------------------------------------------------------------

visit = _table(
    "visit",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("userid", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("reached", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("notes", Sealed),
    sa.Column("place", Sealed),
    sa.Column("todo_id", Text),
    sa.Column("interaction_id", Text, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="saved"),
    sa.Column("undone_at", Instant),
)
sa.Index("ix_visit_userid_at", visit.c.userid, visit.c.at)
sa.Index("ix_visit_customer_id_at", visit.c.customer_id, visit.c.at)
photo = _table(
    "photo",
    sa.Column("id", Text, primary_key=True),
    sa.Column("visit_id", Text, nullable=False, index=True),
    sa.Column("media_id", Sealed, nullable=False),
    sa.Column("content_type", Text),
    sa.Column("content", Sealed),
    sa.Column("sha256", Text),
    sa.Column("state", Text, nullable=False, server_default="waiting"),
)
todo = _table(
    "todo",
    sa.Column("id", Text, primary_key=True),
    sa.Column("owner", Text, nullable=False),
    sa.Column("customer_id", Text),
    sa.Column("title", Sealed, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="open"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("source", Text, nullable=False),
    sa.Column("source_id", Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
)
sa.Index("ix_todo_owner_state_due_at", todo.c.owner, todo.c.state, todo.c.due_at)
sa.Index("ix_todo_customer_id_state", todo.c.customer_id, todo.c.state)

# --- what the bank's feeds bring (design §5) ----------------------------------------------------------------------

org_unit = _feed(
    "org_unit",
    sa.Column("unit_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("parent_id", Text),
)
staff = _feed(
    "staff",
    sa.Column("userid", Text, primary_key=True),
    sa.Column("wecom_userid", Text, nullable=False),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("posts", Text, nullable=False),
    sa.Column("unit_id", Text, nullable=False),
    sa.Column("leader_userid", Text),
    sa.Column("mobile", Sealed),
    sa.Column("status", Text, nullable=False),
    sa.Column("qualifications", Text, nullable=False, server_default=""),
)
customer = _feed(
    "customer",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("name_index", sa.LargeBinary, nullable=False, index=True),
    sa.Column("pinyin", Sealed, nullable=False),
    sa.Column("gender", Text, nullable=False),
    sa.Column("birth_date", sa.Date),
    sa.Column("birth_lunar", Text),
    sa.Column("id_type", Text),
    sa.Column("id_number", Sealed),
    sa.Column("id_number_index", sa.LargeBinary, index=True),
    sa.Column("id_expiry", sa.Date),
    sa.Column("mobile", Sealed),
    sa.Column("mobile_index", sa.LargeBinary, index=True),
    sa.Column("mobile_tail_index", sa.LargeBinary, index=True),
    sa.Column("address", Sealed),
    sa.Column("occupation", Text),
    sa.Column("opened_on", sa.Date),
    sa.Column("rm_userid", Text),
    sa.Column("unit_id", Text, nullable=False),
    sa.Column("kyc_risk", Text),
    sa.Column("kyc_due", sa.Date),
    sa.Column("marketing_consent", sa.Boolean, nullable=False),
    sa.Column("contact_preference", Text),
    sa.Column("investor_class", Text),
    sa.Column("annual_income", Fen),
    sa.Column("liquid_assets", Fen),
    sa.Column("horizon_days", sa.Integer),
    sa.Column("frozen", sa.Boolean),
    sa.Column("sanctioned", sa.Boolean),
    sa.Column("collections", sa.Boolean),
)
sa.Index("ix_customer_rm_userid", customer.c.rm_userid)
sa.Index("ix_customer_unit_id", customer.c.unit_id)
service_team = _feed(
    "service_team",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("userid", Text, primary_key=True),
    sa.Column("role", Text, primary_key=True),
    sa.Column("from_day", sa.Date, primary_key=True),
    sa.Column("until_day", sa.Date),
)
sa.Index("ix_service_team_userid", service_team.c.userid)
risk_assessment = _feed(
    "risk_assessment",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("assessed_on", sa.Date, primary_key=True),
    sa.Column("regime", Text, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sa.Column("level", Text, nullable=False),
    sa.Column("valid_until", sa.Date),
)
product = _feed(
    "product",
    sa.Column("product_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("regime", Text, nullable=False),
    sa.Column("risk", Text),
    sa.Column("min_amount", Fen),
    sa.Column("term_days", sa.Integer),
    sa.Column("on_sale_from", sa.Date),
    sa.Column("on_sale_until", sa.Date),
    sa.Column("issuer_risk", Text),
    sa.Column("qualified_only", sa.Boolean),
    sa.Column("currency", Text, nullable=False, server_default="CNY"),
)
product_nav = _feed(
    "product_nav",
    sa.Column("product_id", Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("nav", Text, nullable=False),
)
account = _feed(
    "account",
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False, index=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("opened_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("balance", Fen, nullable=False),
    sa.Column("currency", Text, nullable=False, server_default="CNY"),
)
holding = _feed(
    "holding",
    sa.Column("holding_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False, index=True),
    sa.Column("product_id", Text, nullable=False),
    sa.Column("amount", Fen, nullable=False),
    sa.Column("cost", Fen),
    sa.Column("opened_on", sa.Date),
    sa.Column("matures_on", sa.Date),
)
sa.Index("ix_holding_matures_on_amount", holding.c.matures_on, holding.c.amount)
txn = _feed(
    "txn",
    sa.Column("txn_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("booked_at", Instant, nullable=False),
    sa.Column("amount", Fen, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("channel", Text),
    sa.Column("counterparty", Text),
    sa.Column("customer_initiated", sa.Boolean, nullable=False),
    sa.Column("account_id", Text),
    sa.Column("balance_after", Fen),
)
sa.Index("ix_txn_customer_id_booked_at_amount", txn.c.customer_id, txn.c.booked_at, txn.c.amount)
sa.Index("ix_txn_booked_at_customer_id_amount", txn.c.booked_at, txn.c.customer_id, txn.c.amount)
aum_daily = _feed(
    "aum_daily",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("aum", Fen, nullable=False),
)
loan = _feed(
    "loan",
    sa.Column("loan_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False, index=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("principal", Fen, nullable=False),
    sa.Column("balance", Fen, nullable=False),
    sa.Column("rate", Text),
    sa.Column("opened_on", sa.Date),
    sa.Column("matures_on", sa.Date),
    sa.Column("next_due_on", sa.Date),
    sa.Column("next_due_amount", Fen),
    sa.Column("days_overdue", sa.Integer, nullable=False, server_default="0"),
    sa.Column("application_state", Text),
    sa.Column("classification", Text),
)
interaction = _feed(
    "interaction",
    sa.Column("interaction_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("channel", Text, nullable=False),
    sa.Column("direction", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("by_userid", Text),
    sa.Column("summary", Sealed),
    sa.Column("satisfaction", Text),
    sa.Column("reached", sa.Boolean),
    sa.Column("origin", Text, nullable=False, server_default="feed"),
)
sa.Index("ix_interaction_customer_id_at", interaction.c.customer_id, interaction.c.at)
complaint_history = _feed(
    "complaint_history",
    sa.Column("complaint_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("channel_code", Text),
    sa.Column("business_code", Text),
    sa.Column("cause_code", Text),
    sa.Column("summary", Sealed),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", Text),
)
relation = _feed(
    "relation",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("other_customer_id", Text, primary_key=True),
    sa.Column("kind", Text, primary_key=True),
)
touchpoint = _feed(
    "touchpoint",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sa.Column("page", Text, primary_key=True),
    sa.Column("product_id", Text),
    sa.Column("dwell_seconds", sa.Integer),
)
feed = _table(
    "feed",
    sa.Column("name", Text, primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
)
