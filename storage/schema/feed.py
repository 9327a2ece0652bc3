"""What the bank's feeds bring (design §5).

A customer's holdings, transactions and interactions lie scattered among everybody's. Their indexes by customer hold
all that 查, the labels and the care rules read of them, so that nothing but the index is read: of a million customers
each page more is one from the disk.
"""

import sqlalchemy as sa

from storage.schema.base import Fen, Instant, Sealed, Text, feed_table, table

org_unit = feed_table(
    "org_unit",
    "org_units",
    sa.Column("unit_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("parent_id", Text),
)
staff = feed_table(
    "staff",
    "staff",
    sa.Column("userid", Text, primary_key=True),
    sa.Column("wecom_userid", Text, nullable=False),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("name_index", sa.LargeBinary, nullable=False, index=True),
    sa.Column("posts", Text, nullable=False),
    sa.Column("unit_id", Text, nullable=False),
    sa.Column("leader_userid", Text),
    sa.Column("mobile", Sealed),
    sa.Column("status", Text, nullable=False),
    sa.Column("qualifications", Text, nullable=False, server_default=""),
)
customer = feed_table(
    "customer",
    "customers",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("name_index", sa.LargeBinary, nullable=False, index=True),
    sa.Column("pinyin", Sealed, nullable=False),
    sa.Column("gender", Text, nullable=False),
    sa.Column("birth_date", sa.Date),
    sa.Column("birth_lunar", Text),
    sa.Column("id_type", Text),
    sa.Column("id_number", Sealed),
    sa.Column("id_number_index", sa.LargeBinary),
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
    sa.Index("ix_customer_rm_userid", "rm_userid"),
    sa.Index("ix_customer_unit_id", "unit_id"),
    # All that is asked of everybody's documents after an import: whose are the same, of the rows that are seen.
    sa.Index("ix_customer_id_number_index", "id_number_index", "since", "until", "closed_as_of"),
)
service_team = feed_table(
    "service_team",
    "service_team",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("userid", Text, primary_key=True),
    sa.Column("role", Text, primary_key=True),
    sa.Column("from_day", sa.Date, primary_key=True),
    sa.Column("until_day", sa.Date),
    sa.Index("ix_service_team_userid", "userid"),
)
risk_assessment = feed_table(
    "risk_assessment",
    "risk_assessments",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("assessed_on", sa.Date, primary_key=True),
    sa.Column("regime", Text, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sa.Column("level", Text, nullable=False),
    sa.Column("valid_until", sa.Date),
)
product = feed_table(
    "product",
    "products",
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
product_nav = feed_table(
    "product_nav",
    "product_nav",
    sa.Column("product_id", Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("nav", Text, nullable=False),
)
account = feed_table(
    "account",
    "accounts",
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False, index=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("opened_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("balance", Fen, nullable=False),
    sa.Column("currency", Text, nullable=False, server_default="CNY"),
)
holding = feed_table(
    "holding",
    "holdings",
    sa.Column("holding_id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("product_id", Text, nullable=False),
    sa.Column("amount", Fen, nullable=False),
    sa.Column("cost", Fen),
    sa.Column("opened_on", sa.Date),
    sa.Column("matures_on", sa.Date),
    sa.Index(
        "ix_holding_customer_id",
        *("customer_id", "product_id", "amount", "opened_on", "matures_on", "closed_as_of", "holding_id"),
        *("since", "until"),
    ),
    sa.Index("ix_holding_matures_on_amount", "matures_on", "amount"),
)
txn = feed_table(
    "txn",
    "transactions",
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
    sa.Index(
        "ix_txn_customer_id_booked_at",
        *("customer_id", "booked_at", "customer_initiated", "kind", "amount", "channel", "counterparty"),
        *("since", "until"),
    ),
    sa.Index("ix_txn_booked_at_customer_id_amount", "booked_at", "customer_id", "amount", "since", "until"),
)
aum_daily = feed_table(
    "aum_daily",
    "aum_daily",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("aum", Fen, nullable=False),
)
loan = feed_table(
    "loan",
    "loans",
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
interaction = feed_table(
    "interaction",
    "interactions",
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
    sa.Index(
        "ix_interaction_customer_id_at",
        *("customer_id", "at", "kind", "channel", "direction", "reached", "satisfaction", "closed_as_of"),
        *("since", "until"),
    ),
)
complaint_history = feed_table(
    "complaint_history",
    "complaints",
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
relation = feed_table(
    "relation",
    "relations",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("other_customer_id", Text, primary_key=True),
    sa.Column("kind", Text, primary_key=True),
)
touchpoint = feed_table(
    "touchpoint",
    "touchpoints",
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sa.Column("page", Text, primary_key=True),
    sa.Column("product_id", Text),
    sa.Column("dwell_seconds", sa.Integer),
)
feed = table(
    "feed",
    sa.Column("name", Text, primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("source", Text, nullable=False, server_default="file"),
)
feed_staging = table(
    "feed_staging",
    sa.Column("name", Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
)
