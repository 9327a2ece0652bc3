"""The case while one event is being worked in: changed freely, thrown away when refused, frozen when accepted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from domain.ids import UserId
from domain.language.explain import shown
from domain.language.fields import Value
from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.event import Effect, Happening
from domain.process.facts import Facts, Question, Sight


class Conditional(Protocol):
    """Something that applies where its guard holds."""

    @property
    def when(self) -> str | None: ...


_C = TypeVar("_C", bound=Conditional)


class Draft:
    """Mutable inside one call of `advance` and nowhere else."""

    def __init__(self, definition: Definition, case: Case, facts: Facts, now: datetime) -> None:
        self.definition, self.case, self.now = definition, case, now
        self.sight = Sight(facts, now)
        self.events: list[Happening] = []
        self.effects: list[Effect] = []
        self.refusal: tuple[str, str] | None = None
        self.spent: str | None = None  # the timer that fired: gone already, nothing to cancel
        self.touched: dict[str, None] = {}  # clocks whose next moment may be another now, in that order
        self.settles = True
        self.take(case)

    def take(self, case: Case) -> None:
        """Stand where that case stands."""
        self.state, self.revision, self.settled, self.serial = case.state, case.revision, case.settled, case.serial
        self.excluded, self.fired, self.undoable = case.excluded, case.fired, case.undoable
        self.tasks, self.approvals = case.tasks, case.approvals
        self.data, self.roles, self.done = dict(case.data), dict(case.roles), dict(case.done)
        self.clocks, self.armed = dict(case.clocks), dict(case.armed)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def look(self, name: str) -> Value | None:
        """The value of a field of the dictionary, wherever it is kept."""
        definition = self.definition
        if name in definition.kept:
            return self.data.get(definition.kept[name])
        if name in definition.since:
            last = self.done.get(definition.since[name])
            return None if last is None else int((self.now - last).total_seconds())
        return self.sight.field(name)

    def holds(self, guard: str | None) -> bool:
        return guard is None or self.definition.rules[guard].holds(self.look)

    def held_before(self, guard: str | None) -> bool:
        """Whether it held before this event already, so that what it brings has come."""
        before = Draft(self.definition, self.case, Facts(), self.now)
        before.sight = self.sight
        return self.case.revision > 0 and before.holds(guard)

    def first(self, choices: Iterable[_C]) -> _C | None:
        """The first that applies."""
        for choice in choices:
            if self.holds(choice.when):
                return choice
        return None

    def fill(self, text: str) -> str:
        """A text of the process with fields in place of `{names}`."""
        names = self.definition.blanks.get(text)
        if not names:
            return text
        fields = self.definition.fields
        return text.format_map({name: shown(self.look(name), fields[name]) for name in names})

    def say(self, kind: str, actor: UserId | None, principal: UserId | None = None, **detail: Value) -> None:
        self.events.append(Happening(kind, self.now, actor, detail, principal if principal != actor else None))

    def refuse(self, reason: str, text: str) -> None:
        """Nothing of this attempt will remain; the first reason is the one that is told."""
        self.refusal = self.refusal or (reason, text)

    def questions(self) -> tuple[Question, ...]:
        return tuple(dict.fromkeys(self.sight.missing))

    def frozen(self) -> Case:
        """The accepted case, one revision on."""
        case = self.case
        return Case(
            case.case_id, case.process, case.version, self.state, self.revision, self.settled, self.serial,
            case.customer, case.unit, self.data, self.roles, self.excluded, self.clocks, self.armed, self.fired,
            self.tasks, self.approvals, self.done, self.undoable,
        )  # fmt: skip
