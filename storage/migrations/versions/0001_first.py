"""The first schema; its name says which tables it makes, so that a database with others is known as such."""

import sqlalchemy as sa
from alembic import op

revision = "0001_dfaf3517d498"
down_revision = None
branch_labels = None
depends_on = None


def access() -> None:
    op.create_table(
        "access",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )


def access_indexes() -> None:
    op.create_index("ix_access_state_until", "access", ["state", "until_at"], unique=False)
    op.create_index("ix_access_userid_state", "access", ["userid", "state", "until_at"], unique=False)


def account_row() -> None:
    op.create_table(
        "account_row",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="CNY", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "since", name=op.f("pk_account_row")),
        info={"view": "account"},
    )


def account_row_indexes() -> None:
    op.create_index(op.f("ix_account_row_customer_id"), "account_row", ["customer_id"], unique=False)
    op.create_index(
        "ix_account_row_until",
        "account_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def acting_post() -> None:
    op.create_table(
        "acting_post",
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_acting_post")),
    )


def api_answer() -> None:
    op.create_table(
        "api_answer",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", "name", name=op.f("pk_api_answer")),
    )


def api_answer_indexes() -> None:
    op.create_index("ix_api_answer_asked_at", "api_answer", ["asked_at"], unique=False)


def api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("grants", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("minute", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )


def approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seats", sa.Text(), nullable=False),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )


def approval_indexes() -> None:
    op.create_index("ix_approval_about_state", "approval", ["about", "state"], unique=False)
    op.create_index("ix_approval_state_needs", "approval", ["state", "needs", "asked_at"], unique=False)


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


def aum_daily_row() -> None:
    op.create_table(
        "aum_daily_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("aum", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "day", "since", name=op.f("pk_aum_daily_row")),
        info={"view": "aum_daily"},
    )


def aum_daily_row_indexes() -> None:
    op.create_index(
        "ix_aum_daily_row_until",
        "aum_daily_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def book_count() -> None:
    op.create_table(
        "book_count",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rm_userid", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", "rm_userid", "tier", name=op.f("pk_book_count")),
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
        sa.Column("post", sa.Text(), nullable=True),
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


def complaint_history_row() -> None:
    op.create_table(
        "complaint_history_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id", "since", name=op.f("pk_complaint_history_row")),
        info={"view": "complaint_history"},
    )


def complaint_history_row_indexes() -> None:
    op.create_index(
        op.f("ix_complaint_history_row_customer_id"), "complaint_history_row", ["customer_id"], unique=False
    )
    op.create_index(
        "ix_complaint_history_row_until",
        "complaint_history_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("fed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )


def consent_indexes() -> None:
    op.create_index("ix_consent_customer", "consent", ["customer_id", "kind", "day"], unique=False)


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


def customer_row_columns() -> tuple[sa.schema.SchemaItem, ...]:
    return (
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
    )


def customer_row() -> None:
    op.create_table(
        "customer_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        *customer_row_columns(),
        sa.Column("collections", sa.Boolean(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "since", name=op.f("pk_customer_row")),
        info={"view": "customer"},
    )


def customer_row_indexes() -> None:
    op.create_index(
        "ix_customer_id_number_index",
        "customer_row",
        ["id_number_index", "since", "until", "closed_as_of"],
        unique=False,
    )
    op.create_index("ix_customer_rm_userid", "customer_row", ["rm_userid"], unique=False)
    op.create_index(op.f("ix_customer_row_mobile_index"), "customer_row", ["mobile_index"], unique=False)
    op.create_index(op.f("ix_customer_row_mobile_tail_index"), "customer_row", ["mobile_tail_index"], unique=False)
    op.create_index(op.f("ix_customer_row_name_index"), "customer_row", ["name_index"], unique=False)
    op.create_index(
        "ix_customer_row_until",
        "customer_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )
    op.create_index("ix_customer_unit_id", "customer_row", ["unit_id"], unique=False)


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


def export() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("agreed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )


def export_indexes() -> None:
    op.create_index("ix_export_userid", "export", ["userid", "confirmed_at"], unique=False)


def feed() -> None:
    op.create_table(
        "feed",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed")),
    )


def feed_staging() -> None:
    op.create_table(
        "feed_staging",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed_staging")),
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


def handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("leaver", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reversible_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )


def handover_indexes() -> None:
    op.create_index("ix_handover_state", "handover", ["state", "requested_at"], unique=False)


def handover_item() -> None:
    op.create_table(
        "handover_item",
        sa.Column("handover_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("handover_id", "kind", "thing", name=op.f("pk_handover_item")),
    )


def holding_row() -> None:
    op.create_table(
        "holding_row",
        sa.Column("holding_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("holding_id", "since", name=op.f("pk_holding_row")),
        info={"view": "holding"},
    )


def holding_row_indexes() -> None:
    op.create_index(
        "ix_holding_customer_id",
        "holding_row",
        [
            "customer_id",
            "product_id",
            "amount",
            "opened_on",
            "matures_on",
            "closed_as_of",
            "holding_id",
            "since",
            "until",
        ],
        unique=False,
    )
    op.create_index("ix_holding_matures_on_amount", "holding_row", ["matures_on", "amount"], unique=False)
    op.create_index(
        "ix_holding_row_until",
        "holding_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


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


def interaction_row() -> None:
    op.create_table(
        "interaction_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("interaction_id", "since", name=op.f("pk_interaction_row")),
        info={"view": "interaction"},
    )


def interaction_row_indexes() -> None:
    op.create_index(
        "ix_interaction_customer_id_at",
        "interaction_row",
        [
            "customer_id",
            "at",
            "kind",
            "channel",
            "direction",
            "reached",
            "satisfaction",
            "closed_as_of",
            "since",
            "until",
        ],
        unique=False,
    )
    op.create_index(
        "ix_interaction_row_until",
        "interaction_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def label() -> None:
    op.create_table(
        "label",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_run", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("computed_tier", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("tier_since", sa.Date(), nullable=False),
        sa.Column("tier_why", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=False),
        sa.Column("stage_why", sa.Text(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("segments_since", sa.Date(), nullable=False),
        sa.Column("segments_why", sa.Text(), nullable=False),
        sa.Column("appetite", sa.Text(), nullable=False),
        sa.Column("appetite_since", sa.Date(), nullable=False),
        sa.Column("appetite_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "run", name=op.f("pk_label")),
    )


def label_count() -> None:
    op.create_table(
        "label_count",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", "unit_id", "kind", "value", name=op.f("pk_label_count")),
    )


def label_due() -> None:
    op.create_table(
        "label_due",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_label_due")),
    )


def label_mark() -> None:
    op.create_table(
        "label_mark",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "run", name=op.f("pk_label_mark")),
    )


def label_run() -> None:
    op.create_table(
        "label_run",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("data_day", sa.Date(), nullable=False),
        sa.Column("rules_from", sa.Date(), nullable=False),
        sa.Column("rules", sa.Text(), server_default="", nullable=False),
        sa.Column("feeds", sa.Text(), server_default="", nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_label_run")),
    )


def legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )


def legal_hold_indexes() -> None:
    op.create_index("ix_legal_hold_case_id", "legal_hold", ["case_id"], unique=False)
    op.create_index("ix_legal_hold_customer_id", "legal_hold", ["customer_id"], unique=False)


def loan_row() -> None:
    op.create_table(
        "loan_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("loan_id", "since", name=op.f("pk_loan_row")),
        info={"view": "loan"},
    )


def loan_row_indexes() -> None:
    op.create_index(op.f("ix_loan_row_customer_id"), "loan_row", ["customer_id"], unique=False)
    op.create_index(
        "ix_loan_row_until",
        "loan_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def made_file() -> None:
    op.create_table(
        "made_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="wanted", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("described", sa.Text(), nullable=True),
        sa.Column("customers", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("allowed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("downloads", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_file")),
    )


def made_file_indexes() -> None:
    op.create_index("ix_made_file_owner", "made_file", ["owner", "asked_at"], unique=False)
    op.create_index("ix_made_file_state", "made_file", ["state", "expires_at"], unique=False)


def made_part() -> None:
    op.create_table(
        "made_part",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "attempt", "number", name=op.f("pk_made_part")),
    )


def org_unit_row() -> None:
    op.create_table(
        "org_unit_row",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "since", name=op.f("pk_org_unit_row")),
        info={"view": "org_unit"},
    )


def org_unit_row_indexes() -> None:
    op.create_index(
        "ix_org_unit_row_until",
        "org_unit_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
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


def override() -> None:
    op.create_table(
        "override",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("fed", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "row_key", "field", name=op.f("pk_override")),
    )


def pack_version() -> None:
    op.create_table(
        "pack_version",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", "sha256", name=op.f("pk_pack_version")),
    )


def paper_file() -> None:
    op.create_table(
        "paper_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_paper_file")),
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


def product_nav_row() -> None:
    op.create_table(
        "product_nav_row",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("nav", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("product_id", "day", "since", name=op.f("pk_product_nav_row")),
        info={"view": "product_nav"},
    )


def product_nav_row_indexes() -> None:
    op.create_index(
        "ix_product_nav_row_until",
        "product_nav_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def product_row() -> None:
    op.create_table(
        "product_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("product_id", "since", name=op.f("pk_product_row")),
        info={"view": "product"},
    )


def product_row_indexes() -> None:
    op.create_index(
        "ix_product_row_until",
        "product_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def quiet() -> None:
    op.create_table(
        "quiet",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "topic", name=op.f("pk_quiet")),
    )


def reason() -> None:
    op.create_table(
        "reason",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason")),
    )


def relation_row() -> None:
    op.create_table(
        "relation_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("other_customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "other_customer_id", "kind", "since", name=op.f("pk_relation_row")),
        info={"view": "relation"},
    )


def relation_row_indexes() -> None:
    op.create_index(
        "ix_relation_row_until",
        "relation_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def restricted() -> None:
    op.create_table(
        "restricted",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_restricted")),
    )


def retention_report() -> None:
    op.create_table(
        "retention_report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_rows", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_report")),
    )


def retention_report_indexes() -> None:
    op.create_index("ix_retention_report_made_at", "retention_report", ["made_at"], unique=False)


def reveal() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )


def reveal_indexes() -> None:
    op.create_index("ix_reveal_userid_granted_at", "reveal", ["userid", "granted_at"], unique=False)


def reveal_code() -> None:
    op.create_table(
        "reveal_code",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reveal_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal_code")),
    )


def reveal_code_indexes() -> None:
    op.create_index(op.f("ix_reveal_code_reveal_id"), "reveal_code", ["reveal_id"], unique=False)
    op.create_index("ix_reveal_code_userid_sent_at", "reveal_code", ["userid", "sent_at"], unique=False)


def risk_assessment_row() -> None:
    op.create_table(
        "risk_assessment_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "customer_id", "assessed_on", "regime", "channel", "since", name=op.f("pk_risk_assessment_row")
        ),
        info={"view": "risk_assessment"},
    )


def risk_assessment_row_indexes() -> None:
    op.create_index(
        "ix_risk_assessment_row_until",
        "risk_assessment_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def service_team_row() -> None:
    op.create_table(
        "service_team_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "userid", "role", "from_day", "since", name=op.f("pk_service_team_row")),
        info={"view": "service_team"},
    )


def service_team_row_indexes() -> None:
    op.create_index(
        "ix_service_team_row_until",
        "service_team_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )
    op.create_index("ix_service_team_userid", "service_team_row", ["userid"], unique=False)


def setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )


def staff_row() -> None:
    op.create_table(
        "staff_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("userid", "since", name=op.f("pk_staff_row")),
        info={"view": "staff"},
    )


def staff_row_indexes() -> None:
    op.create_index(op.f("ix_staff_row_name_index"), "staff_row", ["name_index"], unique=False)
    op.create_index(
        "ix_staff_row_until",
        "staff_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


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


def standing() -> None:
    op.create_table(
        "standing",
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_standing")),
    )


def subject_request() -> None:
    op.create_table(
        "subject_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("todo_id", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_request")),
    )


def subject_request_indexes() -> None:
    op.create_index("ix_subject_request_customer_id", "subject_request", ["customer_id", "state"], unique=False)


def suitability_decision() -> None:
    op.create_table(
        "suitability_decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suitability_decision")),
    )


def suitability_decision_indexes() -> None:
    op.create_index(
        "ix_suitability_decision_customer_id_asked_at",
        "suitability_decision",
        ["customer_id", "asked_at"],
        unique=False,
    )
    op.create_index("ix_suitability_decision_rule_version", "suitability_decision", ["rule_version"], unique=False)


def team_seat() -> None:
    op.create_table(
        "team_seat",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("fed", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "role", "fed", name=op.f("pk_team_seat")),
    )


def team_seat_indexes() -> None:
    op.create_index(op.f("ix_team_seat_userid"), "team_seat", ["userid"], unique=False)


def tie() -> None:
    op.create_table(
        "tie",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("other_customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("by_userid", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )


def tie_indexes() -> None:
    op.create_index("ix_tie_by_userid_at", "tie", ["by_userid", "at"], unique=False)
    op.create_index("ix_tie_other_customer_id", "tie", ["other_customer_id"], unique=False)
    op.create_index(
        "uq_tie_live",
        "tie",
        ["customer_id", "other_customer_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def tier_override() -> None:
    op.create_table(
        "tier_override",
        sa.Column("approval_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_tier_override")),
    )


def tier_override_indexes() -> None:
    op.create_index("ix_tier_override_customer_id", "tier_override", ["customer_id", "until_day"], unique=False)


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


def touchpoint_row() -> None:
    op.create_table(
        "touchpoint_row",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("dwell_seconds", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "at", "channel", "page", "since", name=op.f("pk_touchpoint_row")),
        info={"view": "touchpoint"},
    )


def touchpoint_row_indexes() -> None:
    op.create_index(
        "ix_touchpoint_row_until",
        "touchpoint_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


def txn_row() -> None:
    op.create_table(
        "txn_row",
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
        sa.Column("source", sa.Text(), server_default="file", nullable=False),
        sa.Column("closed_as_of", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Integer(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("txn_id", "since", name=op.f("pk_txn_row")),
        info={"view": "txn"},
    )


def txn_row_indexes() -> None:
    op.create_index(
        "ix_txn_booked_at_customer_id_amount",
        "txn_row",
        ["booked_at", "customer_id", "amount", "since", "until"],
        unique=False,
    )
    op.create_index(
        "ix_txn_customer_id_booked_at",
        "txn_row",
        [
            "customer_id",
            "booked_at",
            "customer_initiated",
            "kind",
            "amount",
            "channel",
            "counterparty",
            "since",
            "until",
        ],
        unique=False,
    )
    op.create_index(
        "ix_txn_row_until",
        "txn_row",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )


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


def web_session_indexes() -> None:
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)


def org_unit() -> None:
    op.execute(
        "CREATE VIEW org_unit AS SELECT unit_id, name, kind, parent_id, as_of, arrived_at, source, "
        "closed_as_of FROM org_unit_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = "
        "'org_units'), 0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'org_units'), 0))"
    )


def staff() -> None:
    op.execute(
        "CREATE VIEW staff AS SELECT userid, wecom_userid, name, name_index, posts, unit_id, leader_userid, "
        "mobile, status, qualifications, as_of, arrived_at, source, closed_as_of FROM staff_row WHERE since "
        "<= coalesce((SELECT version FROM feed WHERE feed.name = 'staff'), 0) AND (until IS NULL OR until > "
        "coalesce((SELECT version FROM feed WHERE feed.name = 'staff'), 0))"
    )


def customer() -> None:
    op.execute(
        "CREATE VIEW customer AS SELECT customer_id, name, name_index, pinyin, gender, birth_date, "
        "birth_lunar, id_type, id_number, id_number_index, id_expiry, mobile, mobile_index, "
        "mobile_tail_index, address, occupation, opened_on, rm_userid, unit_id, kyc_risk, kyc_due, "
        "marketing_consent, contact_preference, investor_class, annual_income, liquid_assets, horizon_days, "
        "frozen, sanctioned, collections, as_of, arrived_at, source, closed_as_of FROM customer_row WHERE "
        "since <= coalesce((SELECT version FROM feed WHERE feed.name = 'customers'), 0) AND (until IS NULL OR "
        "until > coalesce((SELECT version FROM feed WHERE feed.name = 'customers'), 0))"
    )


def service_team() -> None:
    op.execute(
        "CREATE VIEW service_team AS SELECT customer_id, userid, role, from_day, until_day, as_of, "
        "arrived_at, source, closed_as_of FROM service_team_row WHERE since <= coalesce((SELECT version FROM "
        "feed WHERE feed.name = 'service_team'), 0) AND (until IS NULL OR until > coalesce((SELECT version "
        "FROM feed WHERE feed.name = 'service_team'), 0))"
    )


def risk_assessment() -> None:
    op.execute(
        "CREATE VIEW risk_assessment AS SELECT customer_id, assessed_on, regime, channel, level, valid_until, "
        "as_of, arrived_at, source, closed_as_of FROM risk_assessment_row WHERE since <= coalesce((SELECT "
        "version FROM feed WHERE feed.name = 'risk_assessments'), 0) AND (until IS NULL OR until > "
        "coalesce((SELECT version FROM feed WHERE feed.name = 'risk_assessments'), 0))"
    )


def product() -> None:
    op.execute(
        "CREATE VIEW product AS SELECT product_id, name, kind, regime, risk, min_amount, term_days, "
        "on_sale_from, on_sale_until, issuer_risk, qualified_only, currency, as_of, arrived_at, source, "
        "closed_as_of FROM product_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = "
        "'products'), 0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'products'), 0))"
    )


def product_nav() -> None:
    op.execute(
        "CREATE VIEW product_nav AS SELECT product_id, day, nav, as_of, arrived_at, source, closed_as_of FROM "
        "product_nav_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = 'product_nav'), "
        "0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'product_nav'), 0))"
    )


def account() -> None:
    op.execute(
        "CREATE VIEW account AS SELECT account_id, customer_id, kind, opened_on, closed_on, balance, "
        "currency, as_of, arrived_at, source, closed_as_of FROM account_row WHERE since <= coalesce((SELECT "
        "version FROM feed WHERE feed.name = 'accounts'), 0) AND (until IS NULL OR until > coalesce((SELECT "
        "version FROM feed WHERE feed.name = 'accounts'), 0))"
    )


def holding() -> None:
    op.execute(
        "CREATE VIEW holding AS SELECT holding_id, customer_id, product_id, amount, cost, opened_on, "
        "matures_on, as_of, arrived_at, source, closed_as_of FROM holding_row WHERE since <= coalesce((SELECT "
        "version FROM feed WHERE feed.name = 'holdings'), 0) AND (until IS NULL OR until > coalesce((SELECT "
        "version FROM feed WHERE feed.name = 'holdings'), 0))"
    )


def txn() -> None:
    op.execute(
        "CREATE VIEW txn AS SELECT txn_id, customer_id, booked_at, amount, kind, channel, counterparty, "
        "customer_initiated, account_id, balance_after, as_of, arrived_at, source, closed_as_of FROM txn_row "
        "WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = 'transactions'), 0) AND (until "
        "IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = 'transactions'), 0))"
    )


def aum_daily() -> None:
    op.execute(
        "CREATE VIEW aum_daily AS SELECT customer_id, day, aum, as_of, arrived_at, source, closed_as_of FROM "
        "aum_daily_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = 'aum_daily'), 0) "
        "AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = 'aum_daily'), 0))"
    )


def loan() -> None:
    op.execute(
        "CREATE VIEW loan AS SELECT loan_id, customer_id, kind, principal, balance, rate, opened_on, "
        "matures_on, next_due_on, next_due_amount, days_overdue, application_state, classification, as_of, "
        "arrived_at, source, closed_as_of FROM loan_row WHERE since <= coalesce((SELECT version FROM feed "
        "WHERE feed.name = 'loans'), 0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed "
        "WHERE feed.name = 'loans'), 0))"
    )


def interaction() -> None:
    op.execute(
        "CREATE VIEW interaction AS SELECT interaction_id, customer_id, at, channel, direction, kind, "
        "by_userid, summary, satisfaction, reached, origin, as_of, arrived_at, source, closed_as_of FROM "
        "interaction_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = 'interactions'), "
        "0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'interactions'), 0))"
    )


def complaint_history() -> None:
    op.execute(
        "CREATE VIEW complaint_history AS SELECT complaint_id, customer_id, received_at, channel_code, "
        "business_code, cause_code, summary, closed_at, outcome, as_of, arrived_at, source, closed_as_of FROM "
        "complaint_history_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = "
        "'complaints'), 0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'complaints'), 0))"
    )


def relation() -> None:
    op.execute(
        "CREATE VIEW relation AS SELECT customer_id, other_customer_id, kind, as_of, arrived_at, source, "
        "closed_as_of FROM relation_row WHERE since <= coalesce((SELECT version FROM feed WHERE feed.name = "
        "'relations'), 0) AND (until IS NULL OR until > coalesce((SELECT version FROM feed WHERE feed.name = "
        "'relations'), 0))"
    )


def touchpoint() -> None:
    op.execute(
        "CREATE VIEW touchpoint AS SELECT customer_id, at, channel, page, product_id, dwell_seconds, as_of, "
        "arrived_at, source, closed_as_of FROM touchpoint_row WHERE since <= coalesce((SELECT version FROM "
        "feed WHERE feed.name = 'touchpoints'), 0) AND (until IS NULL OR until > coalesce((SELECT version "
        "FROM feed WHERE feed.name = 'touchpoints'), 0))"
    )


STEPS = (
    access,
    access_indexes,
    account_row,
    account_row_indexes,
    acting_post,
    api_answer,
    api_answer_indexes,
    api_key,
    approval,
    approval_indexes,
    attempt,
    audit,
    audit_indexes,
    audit_head,
    audit_subject,
    audit_subject_indexes,
    aum_daily_row,
    aum_daily_row_indexes,
    book_count,
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
    complaint_history_row,
    complaint_history_row_indexes,
    consent,
    consent_indexes,
    conversation,
    conversation_indexes,
    cron_run,
    customer_row,
    customer_row_indexes,
    data_key,
    export,
    export_indexes,
    feed,
    feed_staging,
    finding,
    finding_indexes,
    greeting,
    handover,
    handover_indexes,
    handover_item,
    holding_row,
    holding_row_indexes,
    inbox,
    inbox_indexes,
    interaction_row,
    interaction_row_indexes,
    label,
    label_count,
    label_due,
    label_mark,
    label_run,
    legal_hold,
    legal_hold_indexes,
    loan_row,
    loan_row_indexes,
    made_file,
    made_file_indexes,
    made_part,
    org_unit_row,
    org_unit_row_indexes,
    outbox,
    outbox_indexes,
    override,
    pack_version,
    paper_file,
    photo,
    photo_indexes,
    product_nav_row,
    product_nav_row_indexes,
    product_row,
    product_row_indexes,
    quiet,
    reason,
    relation_row,
    relation_row_indexes,
    restricted,
    retention_report,
    retention_report_indexes,
    reveal,
    reveal_indexes,
    reveal_code,
    reveal_code_indexes,
    risk_assessment_row,
    risk_assessment_row_indexes,
    service_team_row,
    service_team_row_indexes,
    setting,
    staff_row,
    staff_row_indexes,
    stand_in,
    stand_in_indexes,
    standing,
    subject_request,
    subject_request_indexes,
    suitability_decision,
    suitability_decision_indexes,
    team_seat,
    team_seat_indexes,
    tie,
    tie_indexes,
    tier_override,
    tier_override_indexes,
    timer,
    timer_indexes,
    todo,
    todo_indexes,
    token,
    touchpoint_row,
    touchpoint_row_indexes,
    txn_row,
    txn_row_indexes,
    visit,
    visit_indexes,
    web_session,
    web_session_indexes,
    org_unit,
    staff,
    customer,
    service_team,
    risk_assessment,
    product,
    product_nav,
    account,
    holding,
    txn,
    aum_daily,
    loan,
    interaction,
    complaint_history,
    relation,
    touchpoint,
)


def upgrade() -> None:
    for step in STEPS:
        step()


TABLES = (
    "access",
    "account_row",
    "acting_post",
    "api_answer",
    "api_key",
    "approval",
    "attempt",
    "audit",
    "audit_head",
    "audit_subject",
    "aum_daily_row",
    "book_count",
    "calendar_day",
    "calendar_hours",
    "card",
    "case_event",
    "case_file",
    "case_link",
    "case_number",
    "case_person",
    "complaint_history_row",
    "consent",
    "conversation",
    "cron_run",
    "customer_row",
    "data_key",
    "export",
    "feed",
    "feed_staging",
    "finding",
    "greeting",
    "handover",
    "handover_item",
    "holding_row",
    "inbox",
    "interaction_row",
    "label",
    "label_count",
    "label_due",
    "label_mark",
    "label_run",
    "legal_hold",
    "loan_row",
    "made_file",
    "made_part",
    "org_unit_row",
    "outbox",
    "override",
    "pack_version",
    "paper_file",
    "photo",
    "product_nav_row",
    "product_row",
    "quiet",
    "reason",
    "relation_row",
    "restricted",
    "retention_report",
    "reveal",
    "reveal_code",
    "risk_assessment_row",
    "service_team_row",
    "setting",
    "staff_row",
    "stand_in",
    "standing",
    "subject_request",
    "suitability_decision",
    "team_seat",
    "tie",
    "tier_override",
    "timer",
    "todo",
    "token",
    "touchpoint_row",
    "txn_row",
    "visit",
    "web_session",
)
VIEWS = (
    "org_unit",
    "staff",
    "customer",
    "service_team",
    "risk_assessment",
    "product",
    "product_nav",
    "account",
    "holding",
    "txn",
    "aum_daily",
    "loan",
    "interaction",
    "complaint_history",
    "relation",
    "touchpoint",
)


def downgrade() -> None:
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    for table in reversed(TABLES):
        op.drop_table(table)
