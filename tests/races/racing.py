"""A race: what is handed in at once, the one event that may come of it, and what winner and losers hear."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.overlay import InForce
from domain.process.case import Case
from domain.process.event import Act
from domain.update import Update, UpdateKind
from handlers.case.answering import moved_on
from handlers.case.moving import Moved, load, move
from handlers.context import Context, House
from handlers.speaking import speak
from storage import cases, directory, schema
from storage.inbox import Received
from storage.timers import DueTimer
from storage.unit import Unit
from tests.races.bank import Cell
from tests.races.replicas import Hand, Replicas

LOST = ("已经过时", "已于", "已经有了新的进展", "不能办", "现在是", "失效", "没有可以撤销")
"""What somebody hears whose click came too late, beside the case as it stands."""


@dataclass(frozen=True)
class Race:
    """Handed in at once. `one_of`: of these kinds one event comes of it, whoever is first (none for timers alone);
    `won`: what the winner hears, by words."""

    name: str
    hands: Sequence[Hand]
    one_of: frozenset[str] = frozenset()
    won: tuple[str, ...] = ()

    @property
    def clicks(self) -> list[Received]:
        """Each click once, however many replicas got it."""
        return list({what.dedup_key: what for _, what in self.hands if isinstance(what, Received)}.values())

    @property
    def timers(self) -> int:
        return len({what.id for _, what in self.hands if isinstance(what, DueTimer)})


@dataclass
class Course:
    """One case on its way; `revision` is how far its events were looked at."""

    cell: Cell
    case_id: CaseId
    revision: int = 1

    @property
    def subject(self) -> str:
        return f"case:{self.case_id}"


@dataclass
class Races:
    """Hands in, waits, compares; `run` counts the races by name."""

    replicas: Replicas
    run: Counter[str] = field(default_factory=Counter)
    filed: int = 0

    # --- what is not raced ----------------------------------------------------------------------------------------

    def file(self, cells: Iterable[Cell]) -> list[Course]:
        """A new complaint in every branch, of a customer who has none yet."""
        self.filed += 1
        cells = tuple(cells)
        numbers = self._by_hand([(cell.rm, self._filing(cell)) for cell in cells])
        return [Course(cell, number) for cell, number in zip(cells, numbers, strict=True)]

    def _filing(self, cell: Cell) -> Callable[[Context], Moved]:
        def do(context: Context) -> Moved:
            customer = CustomerId(cell.customer(self.filed))
            definition = context.house.processes.newest("complaint")
            number, place = cases.number(context.unit, definition.process.letter), UnitId(cell.unit)
            new = Case(number, "complaint", definition.version, definition.initial, customer=customer, unit=place)
            return _moved(move(context, new, Act("file", UserId(cell.rm), 0, {**FILED, "customer": customer})))

        return do

    def does(self, courses: Iterable[Course], action: str, reason: str = "", **answers: Any) -> None:
        """The RM does it, with nobody beside at that case; the events are taken as seen."""
        courses = tuple(courses)
        self._by_hand([(course.cell.rm, _doing(course, action, answers, reason)) for course in courses])
        for course in courses:
            course.revision += 1

    def _by_hand(self, deeds: Sequence[tuple[str, Callable[[Context], Moved]]]) -> list[CaseId]:
        house, number = self.replicas.houses[0], self.replicas.number
        return self.replicas.by_hand([partial(_done, house, who, f"hand:{number()}", do) for who, do in deeds])

    def prepare(self, hands: Iterable[Received]) -> None:
        """Steps of a form on the way to a race."""
        self.replicas.hand([(number % 2, what) for number, what in enumerate(hands)])
        self.replicas.settled()

    def closed(self, course: Course) -> bool:
        columns = schema.case_file.c
        one = sa.select(columns.closed).where(columns.id == course.case_id)
        return bool(self.replicas.look(lambda unit: unit.execute(one).scalar_one()))

    # --- the race -------------------------------------------------------------------------------------------------

    def race(self, races: Sequence[tuple[Course, Race]]) -> None:
        """All at once, in both replicas; then each case is compared with what it must be."""
        self.replicas.answers()
        for _, race in races:
            self.replicas.hand(race.hands)
        self.replicas.settled()
        said = self.replicas.answers()
        events = self.replicas.events(course.case_id for course, _ in races)
        for course, race in races:
            self.run[race.name] += 1
            _judge(race, course, events[course.case_id], said)


FILED: Mapping[str, Any] = {
    "nature": "complaint", "source": "customer", "code_a": "a_counter", "code_b": "b_wealth", "code_c": "c_service",
    "about_rm": False, "group": False, "theft": False, "summary": "说理财到期没有人提醒",
}  # fmt: skip


def _doing(course: Course, action: str, answers: Mapping[str, Any], reason: str) -> Callable[[Context], Moved]:
    def do(context: Context) -> Moved:
        case = load(context, course.case_id)
        return _moved(move(context, case, Act(action, UserId(course.cell.rm), case.revision, answers, reason)))

    return do


def _done(house: House, person: str, key: str, do: Callable[[Context], Moved], unit: Unit) -> CaseId:
    unit.actor = person
    actor = directory.member(unit, UserId(person))
    assert actor is not None
    update = Update(UpdateKind.SAID, UserId(person), key, unit.now)
    context = Context(unit, house, update, actor, InForce(house.pack))
    moved = do(context)
    speak(unit, house, update, moved_on(context, moved, "已办"))
    return moved.case.case_id


def _moved(result: object) -> Moved:
    assert isinstance(result, Moved), result
    return result


def _judge(
    race: Race, course: Course, events: Sequence[tuple[int, str, str]], said: Mapping[str, Mapping[str, str]]
) -> None:
    """One effect; the winner knows that it worked, every other one that it did not."""
    assert [revision for revision, _, _ in events] == list(range(1, len(events) + 1)), (race.name, events)
    fresh = events[course.revision :]
    course.revision = len(events)
    decisions = [(kind, actor) for _, kind, actor in fresh if kind != "fired"]
    fired = len(fresh) - len(decisions)
    heard = [said.get(click.dedup_key) for click in race.clicks]
    assert len(decisions) == bool(race.one_of), (race.name, fresh, heard)
    assert (0 if decisions else 1) <= fired <= race.timers, (race.name, fresh)
    assert {kind for kind, _ in decisions} <= race.one_of, (race.name, fresh)
    winners = [click.person for click in race.clicks if _won(race, course, click, said)]
    assert winners == [actor for _, actor in decisions], (race.name, fresh, heard)


def _won(race: Race, course: Course, click: Received, said: Mapping[str, Mapping[str, str]]) -> bool:
    heard = said[click.dedup_key][click.person]
    lost = any(word in heard for word in LOST)
    assert lost or any(word in heard for word in race.won), (race.name, heard)
    assert course.case_id in heard, (race.name, heard)
    return not lost
