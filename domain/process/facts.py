"""What a decision needs from outside: answers of directory, calendar and customer data, frozen with the event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from domain.ids import UserId
from domain.language.fields import Value


class Topic(StrEnum):
    """What is asked; the word says what the key of the question and its answer are."""

    PEOPLE = "people"  # rm · served · head:branch · post:主管@branch · answer:accused:张三 → members, the best first
    LEADER = "leader"  # userid → their superior
    DEPUTIES = "deputies"  # userid → who stands in for them now, the best first
    AWAY = "away"  # userid → whether they have left or are absent now
    POSTS = "posts"  # userid → the posts they act in
    FIELD = "field"  # a name of the field dictionary → its value
    AFTER = "after"  # hours|2026-11-23T09:00:00+08:00|3600, or workdays|…|5 → when so much working time has passed
    BETWEEN = "between"  # hours|from|until → working seconds; workdays|from|until → working days begun after the first


Answer: TypeAlias = Value | datetime | None
Question: TypeAlias = tuple[Topic, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Answers by question. What was never asked is not there, so that stored facts are exactly what was relied on."""

    answers: Mapping[Question, Answer] = field(default_factory=dict)


Ask: TypeAlias = Callable[[Question], Answer]

_UNKNOWN: Mapping[Topic, Answer] = {
    Topic.PEOPLE: (), Topic.DEPUTIES: (), Topic.POSTS: (), Topic.AWAY: False, Topic.BETWEEN: 0,
}  # fmt: skip


class Sight:
    """Facts being read: notes what is missing, and answers it emptily, so that one look finds many questions."""

    __slots__ = ("answers", "missing", "now")

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.answers, self.now = facts.answers, now
        self.missing: list[Question] = []

    def _look(self, topic: Topic, key: str) -> Answer:
        try:
            return self.answers[topic, key]
        except KeyError:
            self.missing.append((topic, key))
            return _UNKNOWN.get(topic)

    def people(self, key: str) -> tuple[UserId, ...]:
        return self._userids(Topic.PEOPLE, key)

    def deputies(self, userid: UserId) -> tuple[UserId, ...]:
        return self._userids(Topic.DEPUTIES, userid)

    def leader(self, userid: UserId) -> UserId | None:
        found = self._look(Topic.LEADER, userid)
        return UserId(found) if isinstance(found, str) else None

    def away(self, userid: UserId) -> bool:
        return self._look(Topic.AWAY, userid) is True

    def posts(self, userid: UserId) -> tuple[str, ...]:
        return self._userids(Topic.POSTS, userid)

    def field(self, name: str) -> Value | None:
        found = self._look(Topic.FIELD, name)
        return None if isinstance(found, datetime) else found

    def after(self, unit: str, start: datetime, amount: int) -> datetime:
        """When so much working time has passed; the present while nobody has said."""
        found = self._look(Topic.AFTER, f"{unit}|{start.isoformat()}|{amount}")
        return found if isinstance(found, datetime) else self.now + timedelta(days=1)

    def between(self, unit: str, start: datetime, end: datetime) -> int:
        found = self._look(Topic.BETWEEN, f"{unit}|{start.isoformat()}|{end.isoformat()}")
        return found if isinstance(found, int) else 0

    def _userids(self, topic: Topic, key: str) -> tuple[UserId, ...]:
        found = self._look(topic, key)
        return tuple(map(UserId, found)) if isinstance(found, tuple) else ()
