"""Two replicas on one database, in one process, without HTTP: what is handed to both at once, and what came of it."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.packs import default_pack, keep_packs, shipped_processes
from bot.worker import InboxWorker
from domain.ids import CaseId, UserId
from handlers.context import House
from scheduler.timers import timer_work
from simulator.reading import button_with
from storage import card_rows, schema
from storage.card_rows import CardRow
from storage.database import Database
from storage.inbox import Received
from storage.opening import open_database
from storage.timers import DueTimer
from storage.unit import Unit
from tests.policies import POLICY
from tests.storage.deeds import Clocks

PATIENCE, LOOK_AGAIN = 120.0, 0.1
T = TypeVar("T")
Hand: TypeAlias = tuple[int, Received | DueTimer]
"""What is handed to which replica."""


@dataclass
class Replicas:
    """`eye` looks from outside, `jobs` is what was handed in and has not ended, `weather` what a replica had to do
    again and why, `clicks` what was said."""

    databases: tuple[Database, Database]
    houses: tuple[House, House]
    clocks: Clocks
    eye: sa.Connection
    weather: list[Any]
    clicks: int = 0
    jobs: list["Future[Any]"] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _read_up_to: int = 0
    _said: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Whoever handled a click has said something."""
        for database in self.databases:
            database.on_outgoing = self._said.set

    def look(self, read: Callable[[Unit], Any]) -> Any:
        """What is committed now."""
        return read(Unit(self.eye, self.databases[0].vault, self.clocks.now))

    def number(self) -> int:
        return next(self._numbers)

    # --- handing in -----------------------------------------------------------------------------------------------

    def hand(self, hands: Sequence[Hand]) -> None:
        for replica, what in hands:
            if isinstance(what, Received):
                self.jobs.append(self.databases[replica].receive(what))
            else:
                work = timer_work(self.houses[replica], what)
                assert work.future is not None
                self.jobs.append(work.future)
                self.databases[replica].submit(work)

    def by_hand(self, runs: Sequence[Callable[[Unit], T]]) -> list[T]:
        """Units side by side, at either of them in turn; what each returned."""
        jobs = [self.databases[number % 2].job(run, "by hand") for number, run in enumerate(runs)]
        return [job.result(PATIENCE) for job in jobs]

    def said(self, person: str, text: str) -> Received:
        return self._received(person, {"kind": "said", "text": text})

    def click(self, card: CardRow, label: str, **answers: list[str]) -> Received:
        """A press of that button; each press is a callback of its own, with a code of its own."""
        found = button_with(dict(card.content), label)
        assert found is not None, (label, card.content)
        verb, _, revision = found[1].rpartition(".")
        content = {"kind": "clicked", "verb": verb, "revision": int(revision), "task_id": card.task_id}
        return self._received(card.addressee, {**content, "response_code": f"code{self.number()}", "answers": answers})

    def _received(self, person: str, content: dict[str, Any]) -> Received:
        self.clicks += 1
        key = f"event:{self.number():06}"
        body = json.dumps(content)
        return Received(key, f"c{key}", person, content["kind"], body, self.clocks.now, content.get("task_id", ""))

    # --- looking --------------------------------------------------------------------------------------------------

    def card(self, person: str, subject: str) -> CardRow:
        found = self.look(lambda unit: card_rows.latest_live(unit, UserId(person), subject))
        assert found is not None, (person, subject)
        return found

    def talk_card(self, person: str) -> CardRow:
        """The open question of a form."""
        columns = schema.card.c
        mine = sa.select(columns.subject).where(columns.addressee == person, columns.subject.like("talk:%"))
        newest = mine.where(columns.state == "live").order_by(columns.created_at.desc(), columns.revision.desc())
        (found,) = self.look(lambda unit: unit.rows(newest.limit(1)))
        return self.card(person, found.subject)

    def asked(self, person: str, case_id: CaseId) -> CardRow:
        """The card of the approval that is open."""
        columns = schema.card.c
        mine = sa.select(columns.subject).where(columns.addressee == person, columns.subject.like(f"case:{case_id}/%"))
        (found,) = self.look(lambda unit: unit.rows(mine.where(columns.state == "live")))
        return self.card(person, found.subject)

    def events(self, wanted: Iterable[CaseId]) -> dict[CaseId, list[tuple[int, str, str]]]:
        """Revision, kind and actor of every event of these cases."""
        columns = schema.case_event.c
        theirs = sa.select(columns.case_id, columns.revision, columns.kind, columns.actor)
        theirs = theirs.where(columns.case_id.in_(set(wanted))).order_by(columns.case_id, columns.revision)
        found: dict[CaseId, list[tuple[int, str, str]]] = {}
        for row in self.look(lambda unit: unit.rows(theirs)):
            found.setdefault(row.case_id, []).append((row.revision, row.kind, row.actor or ""))
        return found

    def due(self, subject: str) -> list[DueTimer]:
        """As a tick finds them, of those that are about this (a pattern)."""
        columns = schema.timer.c
        waiting = sa.select(schema.timer).where(columns.state == "armed", columns.due_at <= self.clocks.now)
        found = waiting.where(columns.subject.like(subject)).order_by(columns.due_at)
        rows = self.look(lambda unit: unit.rows(found))
        return [DueTimer(row.id, row.subject, row.kind, row.generation, row.person, row.due_at) for row in rows]

    def next_due(self, wanted: Sequence[CaseId]) -> datetime:
        columns = schema.timer.c
        subjects = [f"case:{case_id}" for case_id in wanted]
        armed = sa.select(sa.func.min(columns.due_at)).where(columns.state == "armed", columns.subject.in_(subjects))
        found: datetime = self.look(lambda unit: unit.execute(armed).scalar_one())
        return found

    def answers(self) -> dict[str, dict[str, str]]:
        """What was said since the last look: by the update that caused it, to whom, in all words."""
        columns = schema.outbox.c
        fresh = sa.select(columns.id, columns.msg_key, columns.kind, columns.recipient, columns.payload)
        rows = self.look(lambda unit: unit.rows(fresh.where(columns.id > self._read_up_to).order_by(columns.id)))
        told: dict[str, dict[str, str]] = {}
        for row in rows:
            self._read_up_to = row.id
            if row.kind == "send":
                body = self.databases[0].vault.open_bytes("outbox", "payload", row.msg_key, row.payload)
                heard = told.setdefault(row.msg_key.rpartition(":")[0], {})
                words = json.dumps(json.loads(body), ensure_ascii=False)
                heard[row.recipient] = heard.get(row.recipient, "") + words
        return told

    # --- waiting --------------------------------------------------------------------------------------------------

    def settled(self) -> None:
        """Every click is kept and handled; every timer's unit has ended, and none with an error."""
        waiting = sa.select(sa.func.count()).select_from(schema.inbox).where(schema.inbox.c.state == "new")
        until = time.monotonic() + PATIENCE
        for job in self.jobs:
            job.result(PATIENCE)
        self.jobs.clear()
        while self.look(lambda unit: unit.execute(waiting).scalar_one()):
            assert time.monotonic() < until, "something is left undone"
            self._said.wait(LOOK_AGAIN)
            self._said.clear()

    def told_of_weather(self) -> Counter[str]:
        return Counter(f"{each['event']}: {each.get('error', '')}" for each in self.weather)

    def deadlocks(self) -> int:
        """As the server counted them."""
        query = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(self.look(lambda unit: unit.execute(query).scalar_one()))

    def passes(self, **amount: float) -> None:
        self.clocks.now += timedelta(**amount)


@contextmanager
def two_replicas(url: str, key_file: Path, start: datetime) -> Iterator[Replicas]:
    clocks = Clocks()
    clocks.now = start
    houses = (_house(), _house())
    with capture_logs() as weather:
        one, two = (open_database(url, key_file, clocks) for _ in houses)
        try:
            for database, house in zip((one, two), houses, strict=True):
                database.start(InboxWorker(house))
                database.run(partial(keep_packs, library=house.processes, rulebook=house.rulebook))
            with looking(url) as eye:
                yield Replicas((one, two), houses, clocks, eye, weather)
        finally:
            for each in (threading.Thread(target=database.stop) for database in (one, two)):
                each.start()
                each.join()


@contextmanager
def looking(url: str) -> Iterator[sa.Connection]:
    """One statement, one look; no transaction is begun for it."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as eye:
        yield eye


def _house() -> House:
    return House(default_pack(), POLICY, agent_id=1, processes=shipped_processes())
