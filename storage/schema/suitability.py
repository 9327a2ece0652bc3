"""What was decided about customers and products, with all it was decided from, and the papers that went with it."""

import sqlalchemy as sa

from storage.schema.base import Fen, Instant, Sealed, Text, table

suitability_decision = table(
    "suitability_decision",
    sa.Column("id", Text, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("product_id", Text, nullable=False),
    sa.Column("amount", Fen),
    sa.Column("verdict", Text, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("asked_by", Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("purpose", Text, nullable=False),
    sa.Column("question", Sealed, nullable=False),
    sa.Column("decision", Sealed, nullable=False),
)
sa.Index(
    "ix_suitability_decision_customer_id_asked_at",
    suitability_decision.c.customer_id,
    suitability_decision.c.asked_at,
)
sa.Index("ix_suitability_decision_rule_version", suitability_decision.c.rule_version)
paper_file = table(
    "paper_file",
    sa.Column("sha256", Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
)
