"""Looking at a case without moving it: what is seen, once every question that the look raises is answered."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.draft import Draft
from domain.process.facts import Answer, Ask, Facts, Question

T = TypeVar("T")
_MOST_ROUNDS = 30


def view(definition: Definition, case: Case, ask: Ask, now: datetime, see: Callable[[Draft], T]) -> T:
    """What `see` makes of the case, on answers gathered as it asks for them."""
    answers: dict[Question, Answer] = {}
    while True:
        draft = Draft(definition, case, Facts(answers), now)
        seen = see(draft)
        if not draft.sight.missing or len(answers) > _MOST_ROUNDS * 10:
            return seen
        answers |= {question: ask(question) for question in draft.questions()}


def awaited(definition: Definition, case: Case) -> frozenset[str]:
    """The roles that the case waits for: the first who may do each of its main actions."""
    here = (action for action in definition.process.actions if case.state in definition.sources[action.key])
    return frozenset(action.who[0].role for action in here if action.main and action.who[0].role)
