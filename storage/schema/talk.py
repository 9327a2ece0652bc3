"""Talk: conversations, cards and signed-in pages."""

import sqlalchemy as sa

from storage.schema.base import Instant, Sealed, Text, table

conversation = table(
    "conversation",
    sa.Column("id", Text, primary_key=True),
    sa.Column("person", Text, nullable=False),
    sa.Column("form", Text, nullable=False),
    sa.Column("case_key", Text),
    sa.Column("status", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("draft", Sealed, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("touched_at", Instant, nullable=False),
)
sa.Index("ix_conversation_person_status", conversation.c.person, conversation.c.status, conversation.c.touched_at)
card = table(
    "card",
    sa.Column("task_id", Text, primary_key=True),
    sa.Column("addressee", Text, nullable=False),
    sa.Column("post", Text),
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
greeting = table("greeting", sa.Column("person", Text, primary_key=True), sa.Column("day", sa.Date, primary_key=True))
quiet = table(
    "quiet",
    sa.Column("person", Text, primary_key=True),
    sa.Column("topic", Text, primary_key=True),
    sa.Column("until", Instant, nullable=False),
)
web_session = table(
    "web_session",
    sa.Column("id_hash", Text, primary_key=True),
    sa.Column("userid", Text),
    sa.Column("oauth_state", Text, unique=True),
    sa.Column("target", Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)
