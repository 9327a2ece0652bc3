"""What a handler returns: things to say, and the new face of the card that was clicked. Nothing here sends."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cards.message import CardMessage, Message, texts
from cards.wecom import AnyCard
from domain.form import Answer
from domain.ids import TaskId, UserId
from domain.view.picture import Picture
from storage.card_rows import CardRow
from storage.outbox import Lane


@dataclass(frozen=True)
class Say:
    """One message to one person. For a card with buttons: its subject, revision, and what its options stand for."""

    message: Message
    to: UserId | None = None
    lane: Lane = Lane.INTERACTIVE
    subject: str = ""
    revision: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Redraw:
    """The clicked card's final face; `fallback` is said instead when WeCom no longer takes the update."""

    card: AnyCard
    fallback: str


@dataclass(frozen=True)
class Renew:
    """The clicked card as it stands now, to be pressed again: for what only shows, so that the card one goes on from
    stays where it is. `revision` is that of its buttons."""

    card: AnyCard
    subject: str
    revision: int


@dataclass(frozen=True)
class Retire:
    """An older card that is out of play: redrawn with its own send-time code, so that nobody presses it in vain;
    `fallback` is said instead when WeCom no longer takes the update."""

    card: CardRow
    response_code: str
    said: str
    fallback: str = ""


@dataclass(frozen=True)
class Draw:
    """A picture for whom the update came from: drawn and uploaded outside the unit of work, then shown."""

    picture: Picture


@dataclass(frozen=True)
class Attach:
    """A file for whom the update came from, by the digest of its content (storage.paper_files) and under the name that
    the phone shows: uploaded outside the unit of work, then shown."""

    digest: str
    name: str


@dataclass(frozen=True)
class Sms:
    """Text message by SMS, to the mobile number we know; a number and a level, nothing else (decision 11). The same
    `key` again, from whomever and whenever, is silently nothing."""

    to: UserId
    key: str
    text: str


@dataclass(frozen=True)
class Begin:
    """The wish to have a form filled in; `named` is a customer somebody mentioned, to be looked up first, `note` is
    said
    with the first question, `version` that of the process whose form it is."""

    form: str
    known: Mapping[str, Answer] = field(default_factory=dict)
    subject: str | None = None
    named: str = ""
    note: str | None = None
    version: int | None = None


Part: TypeAlias = Say | Redraw | Renew | Retire | Draw | Attach | Sms | Begin
Reply: TypeAlias = tuple[Part, ...]


def say(text: str, **values: Any) -> Reply:
    """Plain words, in as many messages as they need."""
    return tuple(Say(message, **values) for message in texts(text))


def show(card: AnyCard, *, subject: str, revision: int = 0, context: Mapping[str, Any] | None = None) -> Say:
    """A card with buttons."""
    return Say(CardMessage(card=card), subject=subject, revision=revision, context=context or {})


def new_task_id() -> TaskId:
    """A card's identity: 128 random bits, so that nobody can name a card they were not sent (design decision 7)."""
    return TaskId(secrets.token_urlsafe(16))
