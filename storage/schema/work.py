"""What relationship managers enter."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

visit = table(
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
photo = table(
    "photo",
    sa.Column("id", Text, primary_key=True),
    sa.Column("owner", Text, nullable=False, index=True),
    sa.Column("sender", Text, nullable=False),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Column("media_id", Sealed, nullable=False),
    sa.Column("content_type", Text),
    sa.Column("content", Sealed),
    sa.Column("sha256", Text),
    sa.Column("state", Text, nullable=False, server_default="waiting"),
)
sa.Index(
    "ix_photo_lost", photo.c.sender, postgresql_where=photo.c.state == "lost", sqlite_where=photo.c.state == "lost"
)
todo = table(
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
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done_at", Instant),
)
sa.Index("ix_todo_owner_state_due_at", todo.c.owner, todo.c.state, todo.c.due_at)
sa.Index("ix_todo_customer_id_state", todo.c.customer_id, todo.c.state)
