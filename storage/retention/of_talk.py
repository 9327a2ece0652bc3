"""What is kept of who said and did what: messages, cards, drafts, sign-ins, decisions, marks of the clock."""

import sqlalchemy as sa

from domain.conversation import LIVE
from domain.retention.kinds import Kind, Start
from storage import inbox, outbox, schema, timers
from storage.retention import held
from storage.retention.of_customers import about
from storage.retention.store import Along, Cell, Store, Truth

_CARD, _IN, _OUT, _TALK = schema.card.c, schema.inbox.c, schema.outbox.c, schema.conversation.c
_ON_HELD_CARD = sa.exists(sa.select(sa.literal(1)).where(_CARD.task_id == _OUT.task_id, held.by_subject(_CARD.subject)))
_SETTLED = (outbox.SENT, outbox.DEAD, outbox.SUPERSEDED)


def of_talk() -> tuple[Store, ...]:
    return (*_messages(), *_drafts(), *_exports(), *_decisions(), *_marks())


def _happened(table: sa.Table, kind: Kind, at: Cell, only: Truth | None = None, lies: Truth | None = None) -> Store:
    return Store(table, kind, {Start.HAPPENED: at}, _or(lies, sa.false()), _or(only, sa.true()))


def _over(table: sa.Table, kind: Kind, at: Cell, only: Truth | None = None) -> Store:
    return Store(table, kind, {Start.CLOSED: at}, only=_or(only, sa.true()))


def _or(given: Truth | None, otherwise: Truth) -> Truth:
    return otherwise if given is None else given


def _messages() -> tuple[Store, ...]:
    """Outgoing ones before the cards that tell what they are about. Timers go with the messages they named: a name
    must not come again while its message is still there."""
    done = _IN.state.in_((inbox.DONE, inbox.DEAD))
    return (
        _happened(schema.inbox, Kind.MESSAGES, _IN.received_at, done, held.by_subject(_IN.case_key)),
        _happened(schema.outbox, Kind.MESSAGES, _OUT.created_at, _OUT.state.in_(_SETTLED), _ON_HELD_CARD),
        _happened(schema.card, Kind.MESSAGES, _CARD.created_at, lies=held.by_subject(_CARD.subject)),
        _happened(schema.timer, Kind.MESSAGES, schema.timer.c.due_at, schema.timer.c.state != timers.ARMED),
    )


def _drafts() -> tuple[Store, ...]:
    idle = _TALK.status.not_in(sorted(LIVE))
    session, answer, reveal = schema.web_session.c, schema.api_answer.c, schema.reveal.c
    lies = held.by_customer(reveal.customer_id)
    return (
        _happened(schema.conversation, Kind.DRAFTS, _TALK.touched_at, idle, held.by_subject(_TALK.case_key)),
        _over(schema.web_session, Kind.SESSIONS, session.expires_at),
        _over(schema.reveal_code, Kind.SESSIONS, schema.reveal_code.c.sent_at),
        _happened(schema.api_answer, Kind.ANSWERS, answer.asked_at),
        _happened(schema.reveal, Kind.REVEALS, reveal.at, lies=lies),
    )


def _exports() -> tuple[Store, ...]:
    """What was given to whom; the parts of a file go long before, when it expires."""
    parts = (Along(schema.made_part, schema.made_part.c.file_id.in_),)
    records = Store(schema.made_file, Kind.EXPORTS, {Start.HAPPENED: schema.made_file.c.asked_at}, along=parts)
    wanted = Store(schema.export, Kind.EXPORTS, {Start.HAPPENED: schema.export.c.asked_at})
    return wanted, records, Store(schema.made_part, Kind.EXPORTS)


def _decisions() -> tuple[Store, ...]:
    approval = schema.approval.c
    asked = Store(schema.approval, Kind.DECISIONS, {Start.CLOSED: approval.decided_at}, held.by_subject(approval.about))
    access, moved = schema.access.c, schema.handover.c
    tier, stand = schema.tier_override, schema.stand_in.c
    hold, report = schema.legal_hold.c, schema.retention_report.c
    items = schema.handover_item.c
    decided = sa.select(moved.decided_at).where(moved.id == items.handover_id)
    of_handover = decided.correlate_except(schema.handover).scalar_subquery()
    return (
        asked,
        _over(schema.access, Kind.DECISIONS, access.until_at),
        _over(schema.handover_item, Kind.DECISIONS, of_handover),
        _over(schema.handover, Kind.DECISIONS, moved.decided_at),
        _over(schema.stand_in, Kind.DECISIONS, stand.until_at),
        about(tier, Kind.DECISIONS, {Start.CLOSED: tier.c.until_day}),
        _over(schema.legal_hold, Kind.DECISIONS, hold.released_at),
        _over(schema.retention_report, Kind.DECISIONS, report.made_at),
    )


def _marks() -> tuple[Store, ...]:
    return (
        _happened(schema.cron_run, Kind.MARKS, sa.func.substr(schema.cron_run.c.slot, 1, 10)),
        _happened(schema.greeting, Kind.MARKS, schema.greeting.c.day),
        _happened(schema.quiet, Kind.MARKS, schema.quiet.c.until),
    )
