"""Anything that happens to us, in one shape: a message, a click, a menu entry, a page, a timer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from domain.ids import TaskId, UserId


class UpdateKind(StrEnum):
    """What sort of thing happened; an entry point's only judgement."""

    SAID = "said"
    PICTURE = "picture"
    PLACE = "place"
    CLICKED = "clicked"
    MENU = "menu"
    ENTERED = "entered"
    JOINED = "joined"
    LEFT = "left"
    UNREADABLE = "unreadable"
    IGNORED = "ignored"
    TIMER = "timer"


@dataclass(frozen=True)
class Update:
    """`Update(kind, actor, verb, subject, revision, answers, now)` of design decision 1, with what a message carries.

    `key` is the update's identity: whatever it causes is named after it, so that doing it twice cannot double it.
    """

    kind: UpdateKind
    person: UserId
    key: str
    now: datetime
    verb: str = ""
    subject: str = ""
    revision: int = 0
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    media_id: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    task_id: TaskId | None = None
    response_code: str | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any], *, person: str, key: str, now: datetime) -> Self:
        """From an inbox body: `{"kind", "verb", "revision", "answers", "text", …}` as bot.inner_message writes it."""
        answers = {question: tuple(options) for question, options in content.get("answers", {}).items()}
        return cls(
            kind=UpdateKind(content["kind"]),
            person=UserId(person),
            key=key,
            now=now,
            verb=content.get("verb", ""),
            revision=int(content.get("revision", 0)),
            answers=answers,
            text=content.get("text", ""),
            media_id=content.get("media_id", ""),
            place=content.get("place", {}),
            task_id=TaskId(content["task_id"]) if content.get("task_id") else None,
            response_code=content.get("response_code"),
        )
