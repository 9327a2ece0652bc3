"""A bank of timers under way: replicas that tick over each other, an operator who meddles, and what was heard."""

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from bot.packs import default_pack
from domain.ids import UserId
from domain.process.facts import Topic
from handlers.context import Context, House
from handlers.reply import Reply, say
from scheduler.timers import fire_due
from storage import schema, timers
from storage.audit_check import verify_chain
from storage.calendars import calendar_of
from storage.database import Closed, Database
from storage.opening import open_database
from storage.unit import Unit
from tests.policies import POLICY
from tests.scheduler.business_days import A_DAY, START, WorkingTime
from tests.storage.deeds import Clocks

KIND = "test.ring"
DAY = A_DAY // timedelta(seconds=1)
PEOPLE = ("rm01", "rm02", "zhangwei", "sunguo")
AGAIN, ALOUD = 8, 10  # one in so many rings sets itself again, one in so many subjects is told to its person
Moments = tuple[datetime, int]


def ring(context: Context) -> Reply:
    """The verb of these timers: leaves a record, which no unique key would keep from being there twice."""
    unit, subject = context.unit, context.update.subject
    number = number_of(subject)
    timer = unit.rows(schema.timer.select().where(schema.timer.c.id == int(context.update.key.split(":")[1])))[0]
    detail: dict[str, Any] = {"timer": timer.id, "now": context.now.isoformat()}
    if (number * 31 + timer.generation) % AGAIN == 0:
        seconds = 1 + number * 613 % (5 * DAY)
        arm(unit, subject, seconds, context.now)
        detail["again"] = seconds
    unit.audit("test.rang", subject, detail)
    return say(f"到点了：{subject}") if number % ALOUD == 0 else ()


def number_of(subject: str) -> int:
    return int(subject.split(":")[1])


def arm(unit: Unit, subject: str, seconds: int, start: datetime) -> None:
    """Due when so many seconds of working time have passed, as a process would ask for it."""
    due = calendar_of(unit, None).answer((Topic.AFTER, f"hours|{start.isoformat()}|{seconds}"))
    assert isinstance(due, datetime)
    person = PEOPLE[number_of(subject) % len(PEOPLE)]
    timers.arm(unit, subject=subject, kind=KIND, person=person, due_at=due)


@dataclass(frozen=True)
class Rang:
    """A record that a timer rang, and for how long it then set itself again."""

    subject: str
    timer: int
    now: datetime
    again: int


@dataclass
class Stage:
    """Replicas of one database on one business clock; `armed` is what was asked for and `cancelled` when it was taken
    back, by subject. `marks` are the moments at which the rounds began.
    """

    url: str
    folder: Path
    replicas: int
    chance: random.Random
    clocks: Clocks = field(default_factory=Clocks)
    armed: dict[str, list[Moments]] = field(default_factory=lambda: defaultdict(list))
    cancelled: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    marks: list[datetime] = field(default_factory=lambda: [START])
    rounds: int = 0
    restarts: int = 0

    def __post_init__(self) -> None:
        self.clocks.now = START
        self.house = House(default_pack(), POLICY, agent_id=1)
        self.databases: list[Database] = []
        self._pool = ThreadPoolExecutor(8)

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        self.databases = [self._opened() for _ in range(self.replicas)]
        try:
            yield self
        finally:
            self._pool.shutdown()
            for database in self.databases:
                database.stop()

    def _opened(self) -> Database:
        made = open_database(self.url, self.folder / "key", self.clocks)
        made.start(None)
        return made

    # --- what happens -------------------------------------------------------------------------------------------------

    def begin(self, count: int, seconds: int) -> None:
        """Arm all timers; every tenth is due with others at one moment: a full hour of a day."""
        waits = {
            f"deadline:{number}": self.chance.randrange(1, seconds // 3600) * 3600
            if number % 10 == 3
            else self.chance.randrange(1, seconds)
            for number in range(count)
        }

        def arm_some(unit: Unit, some: list[str]) -> None:
            for subject in some:
                arm(unit, subject, waits[subject], START)

        subjects = list(waits)
        for first in range(0, count, 200):
            self.databases[0].run(lambda unit, f=first: arm_some(unit, subjects[f : f + 200]))
        for subject, wait in waits.items():
            self.armed[subject].append((START, wait))

    def round(self, jump: timedelta) -> None:
        """Time goes on; everybody ticks at once, somebody meddles, a replica may go away with work in hand."""
        self.rounds += 1
        self._turn_clock(self.clocks.now + jump)
        meddling = [self._meddle(subject) for subject in self.chance.sample(sorted(self.armed), 10)]
        ticks = [self._pool.submit(fire_due, self.chance.choice(self.databases), self.house) for _ in range(3)]
        self.clocks.now += timedelta(seconds=self.chance.randrange(30))
        fires = [future for tick in ticks for future in tick.result()]
        if self.rounds % 6 == 0:
            self._restart()
        for future in fires:
            kept(future)
        for subject, seconds, started in meddling:
            when = kept(started)
            if when is not None and seconds is None:
                self.cancelled[subject].append(when)
            elif when is not None:
                self.armed[subject].append((when, seconds))
        self.settle()

    def brink(self) -> None:
        """To the last moment before the next timer is due, when nothing may ring, and to that moment itself."""
        due = self.next_due()
        for moment in (due - timedelta(microseconds=1), due) if due else ():
            self.go_to(moment)

    def next_due(self) -> datetime | None:
        """When the next armed timer is due, whatever the clock says."""
        armed = sa.select(sa.func.min(schema.timer.c.due_at)).where(schema.timer.c.state == timers.ARMED)
        return self.databases[0].read_now(lambda unit: unit.execute(armed).scalar())

    def round_of(self, moment: datetime) -> int:
        """The number of the last round that began by then."""
        return bisect_right(self.marks, moment) - 1

    def go_to(self, moment: datetime) -> None:
        """Everybody ticks at that moment; nobody meddles."""
        self._turn_clock(moment)
        self.settle()

    def _turn_clock(self, moment: datetime) -> None:
        self.clocks.now = moment
        self.marks.append(moment)

    def settle(self) -> None:
        """Tick until nothing is due; what is left then is not yet due, or was forgotten."""
        while self.databases[0].read_now(timers.due):
            ticks = [self._pool.submit(fire_due, database, self.house) for database in self.databases]
            for future in [future for tick in ticks for future in tick.result()]:
                future.result()

    def _meddle(self, subject: str) -> tuple[str, int | None, "Future[datetime]"]:
        """Somebody else's unit arms or cancels the timer, at the time of that unit."""
        seconds = self.chance.randrange(1, 10 * DAY) if self.chance.random() < 0.7 else None

        def work(unit: Unit) -> datetime:
            if seconds is None:
                timers.cancel(unit, subject=subject, kind=KIND)
            else:
                arm(unit, subject, seconds, unit.now)
            return unit.now

        return subject, seconds, self.chance.choice(self.databases).job(work)

    def _restart(self) -> None:
        place = self.chance.randrange(len(self.databases))
        self.databases[place].stop()
        self.databases[place] = self._opened()
        self.restarts += 1

    # --- what is there at the end -------------------------------------------------------------------------------------

    def rows(self) -> list[sa.Row[Any]]:
        return list(
            self.databases[0].read_now(lambda unit: unit.rows(sa.select(schema.timer).order_by(schema.timer.c.id)))
        )

    def rang(self) -> list[Rang]:
        """Every record of a ring, in the order of the audit chain; the chain itself must hold."""
        assert verify_chain(self.databases[0]).broken is None
        column = schema.audit.c
        bodies = self.databases[0].read_now(lambda unit: unit.rows(sa.select(column.body).order_by(column.seq)))
        records = [orjson.loads(row.body) for row in bodies]
        assert [record for record in records if record["action"] == "update.dead"] == []
        return [
            Rang(record["resource"], told["timer"], datetime.fromisoformat(told["now"]), told.get("again", 0))
            for record in records
            if record["action"] == "test.rang" and (told := record["detail"])
        ]

    def heard(self) -> Counter[tuple[UserId, str]]:
        """Who is told what, and how often."""
        found = self.databases[0].read_now(lambda unit: (unit.vault, unit.rows(sa.select(schema.outbox))))
        vault, rows = found
        bodies = [orjson.loads(vault.open_bytes("outbox", "payload", row.msg_key, row.payload)) for row in rows]
        told = [(row.recipient, body["text"]["content"]) for row, body in zip(rows, bodies, strict=True)]
        return Counter((UserId(who), text.partition("到点了：")[2].split()[0]) for who, text in told)


def kept(future: "Future[Any]") -> Any:
    """Its value; None for what a replica that went away never began."""
    try:
        return future.result()
    except Closed:
        return None


def dues(asked: list[Moments], time: WorkingTime) -> list[datetime]:
    return [time.after(start, seconds) for start, seconds in asked]
