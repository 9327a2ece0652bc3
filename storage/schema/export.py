"""Lists that were asked for as a file: who wanted what, how far it is, and by which number a copy is known again."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

export = table(
    "export",
    sa.Column("id", Text, primary_key=True),
    sa.Column("userid", Text, nullable=False),
    sa.Column("post", Text),
    sa.Column("list", Text, nullable=False),
    sa.Column("wish", Sealed, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("state", Text, nullable=False, server_default="asked"),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.Column("agreed_by", Text, nullable=False, server_default=""),
    sa.Column("file_id", Text),
    sa.Column("made_at", Instant),
)
sa.Index("ix_export_userid", export.c.userid, export.c.confirmed_at)
