"""Waiting text messages are found without reading past WeCom's, however many of those an outage piles up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_outbox_sms", "outbox"
SMS = "lane = 'sms'"


def upgrade() -> None:
    where = sa.text(SMS)
    op.create_index(INDEX, TABLE, ["lane", "state", "id"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
