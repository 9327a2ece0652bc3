"""Cases: the file as it stands, who takes part, every event with its facts; and who stands in for whom."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

case_file = table(
    "case_file",
    sa.Column("id", Text, primary_key=True),
    sa.Column("process", Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("confidential", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("customer_id", Text),
    sa.Column("unit_id", Text),
    sa.Column("alike", Text),
    sa.Column("undo_by", Text),
    sa.Column("undo_until", Instant),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
    sa.Column("body", Sealed, nullable=False),
)
sa.Index("ix_case_file_closed_state", case_file.c.closed, case_file.c.state, case_file.c.opened_at)
sa.Index("ix_case_file_customer_id", case_file.c.customer_id, case_file.c.opened_at)
sa.Index("ix_case_file_undo_by", case_file.c.undo_by, case_file.c.undo_until)
case_person = table(
    "case_person",
    sa.Column("case_id", Text, primary_key=True),
    sa.Column("userid", Text, primary_key=True),
    sa.Column("part", Text, primary_key=True),
    sa.Column("current", sa.Boolean, nullable=False),
    sa.Column("awaited", sa.Boolean, nullable=False),
)
sa.Index("ix_case_person_userid_awaited", case_person.c.userid, case_person.c.awaited)
case_event = table(
    "case_event",
    sa.Column("case_id", Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", Text),
    sa.Column("kind", Text, nullable=False),
    sa.Column("body", Sealed, nullable=False),
    sa.Column("shown", Text),
)
case_link = table(
    "case_link",
    sa.Column("case_id", Text, primary_key=True),
    sa.Column("other_id", Text, primary_key=True),
)
case_number = table(
    "case_number",
    sa.Column("prefix", Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
stand_in = table(
    "stand_in",
    sa.Column("id", Text, primary_key=True),
    sa.Column("principal", Text, nullable=False),
    sa.Column("deputy", Text, nullable=False),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)
sa.Index("ix_stand_in_principal", stand_in.c.principal, stand_in.c.until_at)
sa.Index("ix_stand_in_deputy", stand_in.c.deputy, stand_in.c.until_at)
pack_version = table(
    "pack_version",
    sa.Column("name", Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", Text, nullable=False),
    sa.Column("sha256", Text, primary_key=True),
    sa.Column("stored_at", Instant, nullable=False),
)
