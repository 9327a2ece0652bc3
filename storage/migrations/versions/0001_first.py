"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def account() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="CNY", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
    )


def account_indexes() -> None:
    op.create_index(op.f("ix_account_customer_id"), "account", ["customer_id"], unique=False)


def attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("deaths", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("dedup_key", name=op.f("pk_attempt")),
    )


def audit() -> None:
    op.create_table(
        "audit",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit")),
    )


def audit_indexes() -> None:
    op.create_index("ix_audit_actor_seq", "audit", ["actor", "seq"], unique=False)


def audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )


def audit_subject() -> None:
    op.create_table(
        "audit_subject",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", "subject", name=op.f("pk_audit_subject")),
    )


def audit_subject_indexes() -> None:
    op.create_index("ix_audit_subject_subject", "audit_subject", ["subject", "seq"], unique=False)


def aum_daily() -> None:
    op.create_table(
        "aum_daily",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("aum", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "day", name=op.f("pk_aum_daily")),
    )


def calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("unit_id", sa.Text(), server_default="", nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.Column("ranges", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_calendar_day")),
    )


def calendar_hours() -> None:
    op.create_table(
        "calendar_hours",
        sa.Column("unit_id", sa.Text(), server_default="", nullable=False),
        sa.Column("ranges", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_calendar_hours")),
    )


def card() -> None:
    op.create_table(
        "card",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("context", sa.LargeBinary(), nullable=False),
        sa.Column("response_code", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_card")),
    )


def card_indexes() -> None:
    op.create_index(
        "ix_card_addressee_subject_created_at", "card", ["addressee", "subject", "created_at"], unique=False
    )
    op.create_index("ix_card_subject_state", "card", ["subject", "state"], unique=False)


def case_event() -> None:
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "revision", name=op.f("pk_case_event")),
    )


def case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("alike", sa.Text(), nullable=True),
        sa.Column("undo_by", sa.Text(), nullable=True),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )


def case_file_indexes() -> None:
    op.create_index("ix_case_file_closed_state", "case_file", ["closed", "state", "opened_at"], unique=False)
    op.create_index("ix_case_file_customer_id", "case_file", ["customer_id", "opened_at"], unique=False)
    op.create_index("ix_case_file_undo_by", "case_file", ["undo_by", "undo_until"], unique=False)


def case_link() -> None:
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_link")),
    )


def case_number() -> None:
    op.create_table(
        "case_number",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_case_number")),
    )


def case_person() -> None:
    op.create_table(
        "case_person",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "userid", "part", name=op.f("pk_case_person")),
    )


def case_person_indexes() -> None:
    op.create_index("ix_case_person_userid_awaited", "case_person", ["userid", "awaited"], unique=False)


def command_change() -> None:
    op.create_table(
        "command_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command_change")),
    )


def command_change_indexes() -> None:
    op.create_index("ix_command_change_state_requested_at", "command_change", ["state", "requested_at"], unique=False)


def complaint_history() -> None:
    op.create_table(
        "complaint_history",
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("channel_code", sa.Text(), nullable=True),
        sa.Column("business_code", sa.Text(), nullable=True),
        sa.Column("cause_code", sa.Text(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_history")),
    )


def complaint_history_indexes() -> None:
    op.create_index(op.f("ix_complaint_history_customer_id"), "complaint_history", ["customer_id"], unique=False)


def conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )


def conversation_indexes() -> None:
    op.create_index("ix_conversation_person_status", "conversation", ["person", "status", "touched_at"], unique=False)


def cron_run() -> None:
    op.create_table(
        "cron_run",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_cron_run")),
    )


def customer() -> None:
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("pinyin", sa.LargeBinary(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_lunar", sa.Text(), nullable=True),
        sa.Column("id_type", sa.Text(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("id_expiry", sa.Date(), nullable=True),
        sa.Column("mobile", sa.LargeBinary(), nullable=True),
        sa.Column("mobile_index", sa.LargeBinary(), nullable=True),
        sa.Column("mobile_tail_index", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("rm_userid", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("kyc_risk", sa.Text(), nullable=True),
        sa.Column("kyc_due", sa.Date(), nullable=True),
        sa.Column("marketing_consent", sa.Boolean(), nullable=False),
        sa.Column("contact_preference", sa.Text(), nullable=True),
        sa.Column("investor_class", sa.Text(), nullable=True),
        sa.Column("annual_income", sa.BigInteger(), nullable=True),
        sa.Column("liquid_assets", sa.BigInteger(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=True),
        sa.Column("sanctioned", sa.Boolean(), nullable=True),
        sa.Column("collections", sa.Boolean(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer")),
    )


def customer_indexes() -> None:
    op.create_index(op.f("ix_customer_id_number_index"), "customer", ["id_number_index"], unique=False)
    op.create_index(op.f("ix_customer_mobile_index"), "customer", ["mobile_index"], unique=False)
    op.create_index(op.f("ix_customer_mobile_tail_index"), "customer", ["mobile_tail_index"], unique=False)
    op.create_index(op.f("ix_customer_name_index"), "customer", ["name_index"], unique=False)
    op.create_index("ix_customer_rm_userid", "customer", ["rm_userid"], unique=False)
    op.create_index("ix_customer_unit_id", "customer", ["unit_id"], unique=False)


def data_key() -> None:
    op.create_table(
        "data_key",
        sa.Column("kid", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_data_key")),
        sa.UniqueConstraint("purpose", "kid", name=op.f("uq_data_key_purpose_kid")),
    )


def feed() -> None:
    op.create_table(
        "feed",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed")),
    )


def finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("episode", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("todo_id", sa.Text(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("data_day", sa.Date(), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("verdict_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("rule", "customer_id", "episode", name=op.f("uq_finding_rule_customer_id_episode")),
        sa.UniqueConstraint("todo_id", name=op.f("uq_finding_todo_id")),
    )


def finding_indexes() -> None:
    op.create_index("ix_finding_owner_found_at", "finding", ["owner", "found_at"], unique=False)


def greeting() -> None:
    op.create_table(
        "greeting",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_greeting")),
    )


def holding() -> None:
    op.create_table(
        "holding",
        sa.Column("holding_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("holding_id", name=op.f("pk_holding")),
    )


def holding_indexes() -> None:
    op.create_index(op.f("ix_holding_customer_id"), "holding", ["customer_id"], unique=False)
    op.create_index("ix_holding_matures_on_amount", "holding", ["matures_on", "amount"], unique=False)


def inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("cipher_key", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("cipher_key", name=op.f("uq_inbox_cipher_key")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_inbox_dedup_key")),
    )


def inbox_indexes() -> None:
    op.create_index(
        "ix_inbox_new",
        "inbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.create_index(
        "ix_inbox_new_case",
        "inbox",
        ["case_key", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.create_index(
        "ix_inbox_new_person",
        "inbox",
        ["person", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )


def interaction() -> None:
    op.create_table(
        "interaction",
        sa.Column("interaction_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_userid", sa.Text(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.Column("satisfaction", sa.Text(), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("origin", sa.Text(), server_default="feed", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_interaction")),
    )


def interaction_indexes() -> None:
    op.create_index("ix_interaction_customer_id_at", "interaction", ["customer_id", "at"], unique=False)


def loan() -> None:
    op.create_table(
        "loan",
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_due_amount", sa.BigInteger(), nullable=True),
        sa.Column("days_overdue", sa.Integer(), server_default="0", nullable=False),
        sa.Column("application_state", sa.Text(), nullable=True),
        sa.Column("classification", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_loan")),
    )


def loan_indexes() -> None:
    op.create_index(op.f("ix_loan_customer_id"), "loan", ["customer_id"], unique=False)


def org_unit() -> None:
    op.create_table(
        "org_unit",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_org_unit")),
    )


def outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("msg_key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", sa.Float(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("first_try", sa.Float(), nullable=True),
        sa.Column("finished", sa.Float(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("wecom_msgid", sa.Text(), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("msg_key", name=op.f("uq_outbox_msg_key")),
    )


def outbox_indexes() -> None:
    op.create_index("ix_outbox_rate", "outbox", ["recipient", "finished"], unique=False)
    op.create_index(
        "ix_outbox_sms",
        "outbox",
        ["lane", "state", "id"],
        unique=False,
        postgresql_where=sa.text("lane = 'sms'"),
        sqlite_where=sa.text("lane = 'sms'"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["recipient", "lane", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('new', 'leased')"),
        sqlite_where=sa.text("state IN ('new', 'leased')"),
    )


def pack_version() -> None:
    op.create_table(
        "pack_version",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_pack_version")),
    )


def photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("media_id", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )


def photo_indexes() -> None:
    op.create_index(
        "ix_photo_lost",
        "photo",
        ["sender"],
        unique=False,
        postgresql_where=sa.text("state = 'lost'"),
        sqlite_where=sa.text("state = 'lost'"),
    )
    op.create_index(op.f("ix_photo_owner"), "photo", ["owner"], unique=False)


def product() -> None:
    op.create_table(
        "product",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("min_amount", sa.BigInteger(), nullable=True),
        sa.Column("term_days", sa.Integer(), nullable=True),
        sa.Column("on_sale_from", sa.Date(), nullable=True),
        sa.Column("on_sale_until", sa.Date(), nullable=True),
        sa.Column("issuer_risk", sa.Text(), nullable=True),
        sa.Column("qualified_only", sa.Boolean(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="CNY", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product")),
    )


def product_nav() -> None:
    op.create_table(
        "product_nav",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("nav", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("product_id", "day", name=op.f("pk_product_nav")),
    )


def quiet() -> None:
    op.create_table(
        "quiet",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "topic", name=op.f("pk_quiet")),
    )


def relation() -> None:
    op.create_table(
        "relation",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("other_customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "other_customer_id", "kind", name=op.f("pk_relation")),
    )


def risk_assessment() -> None:
    op.create_table(
        "risk_assessment",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "assessed_on", "regime", "channel", name=op.f("pk_risk_assessment")),
    )


def service_team() -> None:
    op.create_table(
        "service_team",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "userid", "role", "from_day", name=op.f("pk_service_team")),
    )


def service_team_indexes() -> None:
    op.create_index("ix_service_team_userid", "service_team", ["userid"], unique=False)


def setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )


def staff() -> None:
    op.create_table(
        "staff",
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("wecom_userid", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("leader_userid", sa.Text(), nullable=True),
        sa.Column("mobile", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("qualifications", sa.Text(), server_default="", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_staff")),
    )


def staff_indexes() -> None:
    op.create_index(op.f("ix_staff_name_index"), "staff", ["name_index"], unique=False)


def stand_in() -> None:
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )


def stand_in_indexes() -> None:
    op.create_index("ix_stand_in_deputy", "stand_in", ["deputy", "until_at"], unique=False)
    op.create_index("ix_stand_in_principal", "stand_in", ["principal", "until_at"], unique=False)


def timer() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="armed", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("subject", "kind", "generation", name=op.f("uq_timer_subject_kind_generation")),
    )


def timer_indexes() -> None:
    op.create_index(
        "ix_timer_due",
        "timer",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'armed'"),
        sqlite_where=sa.text("state = 'armed'"),
    )


def todo() -> None:
    op.create_table(
        "todo",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo")),
    )


def todo_indexes() -> None:
    op.create_index("ix_todo_customer_id_state", "todo", ["customer_id", "state"], unique=False)
    op.create_index("ix_todo_owner_state_due_at", "todo", ["owner", "state", "due_at"], unique=False)


def token() -> None:
    op.create_table(
        "token",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("expires", sa.Float(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_token")),
    )


def touchpoint() -> None:
    op.create_table(
        "touchpoint",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("dwell_seconds", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "at", "channel", "page", name=op.f("pk_touchpoint")),
    )


def txn() -> None:
    op.create_table(
        "txn",
        sa.Column("txn_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("counterparty", sa.Text(), nullable=True),
        sa.Column("customer_initiated", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("txn_id", name=op.f("pk_txn")),
    )


def txn_indexes() -> None:
    op.create_index("ix_txn_booked_at_customer_id_amount", "txn", ["booked_at", "customer_id", "amount"], unique=False)
    op.create_index("ix_txn_customer_id_booked_at_amount", "txn", ["customer_id", "booked_at", "amount"], unique=False)


def visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("todo_id", sa.Text(), nullable=True),
        sa.Column("interaction_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="saved", nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )


def visit_indexes() -> None:
    op.create_index("ix_visit_customer_id_at", "visit", ["customer_id", "at"], unique=False)
    op.create_index("ix_visit_userid_at", "visit", ["userid", "at"], unique=False)


def web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=True),
        sa.Column("oauth_state", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
        sa.UniqueConstraint("oauth_state", name=op.f("uq_web_session_oauth_state")),
    )


STEPS = (
    account,
    account_indexes,
    attempt,
    audit,
    audit_indexes,
    audit_head,
    audit_subject,
    audit_subject_indexes,
    aum_daily,
    calendar_day,
    calendar_hours,
    card,
    card_indexes,
    case_event,
    case_file,
    case_file_indexes,
    case_link,
    case_number,
    case_person,
    case_person_indexes,
    command_change,
    command_change_indexes,
    complaint_history,
    complaint_history_indexes,
    conversation,
    conversation_indexes,
    cron_run,
    customer,
    customer_indexes,
    data_key,
    feed,
    finding,
    finding_indexes,
    greeting,
    holding,
    holding_indexes,
    inbox,
    inbox_indexes,
    interaction,
    interaction_indexes,
    loan,
    loan_indexes,
    org_unit,
    outbox,
    outbox_indexes,
    pack_version,
    photo,
    photo_indexes,
    product,
    product_nav,
    quiet,
    relation,
    risk_assessment,
    service_team,
    service_team_indexes,
    setting,
    staff,
    staff_indexes,
    stand_in,
    stand_in_indexes,
    timer,
    timer_indexes,
    todo,
    todo_indexes,
    token,
    touchpoint,
    txn,
    txn_indexes,
    visit,
    visit_indexes,
    web_session,
)


def upgrade() -> None:
    for step in STEPS:
        step()


TABLES = (
    "account",
    "attempt",
    "audit",
    "audit_head",
    "audit_subject",
    "aum_daily",
    "calendar_day",
    "calendar_hours",
    "card",
    "case_event",
    "case_file",
    "case_link",
    "case_number",
    "case_person",
    "command_change",
    "complaint_history",
    "conversation",
    "cron_run",
    "customer",
    "data_key",
    "feed",
    "finding",
    "greeting",
    "holding",
    "inbox",
    "interaction",
    "loan",
    "org_unit",
    "outbox",
    "pack_version",
    "photo",
    "product",
    "product_nav",
    "quiet",
    "relation",
    "risk_assessment",
    "service_team",
    "setting",
    "staff",
    "stand_in",
    "timer",
    "todo",
    "token",
    "touchpoint",
    "txn",
    "visit",
    "web_session",
)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
