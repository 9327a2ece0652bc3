"""The port every entry point works through: hand in a callback, run a unit, read; two adapters behind it."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa

from storage.group import Clocks, Group, Work, Worker, job_work
from storage.inbox import Received
from storage.unit import Unit
from storage.vault import Vault

T = TypeVar("T")
QUEUE_LIMIT = 1_000
"""Callbacks in memory, waiting for their commit."""


class Overloaded(Exception):
    """More is waiting than may be promised; WeCom is told to try again (503)."""


class Closed(Exception):
    """The database is closed; nothing was done."""


class Readings:
    """Reads on their way: a database closes after the last of them, for nobody can call a thread back."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open, self._closed = 0, False

    @contextmanager
    def one(self) -> Iterator[None]:
        """Raises Closed for one that comes too late: what it opened nobody would close."""
        with self._changed:
            if self._closed:
                raise Closed
            self._open += 1
        try:
            yield
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._open == 0)


class Database(ABC):
    """One database in use by one process. Methods may be called from any thread; futures end after the commit."""

    vault: Vault

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.on_outgoing: Callable[[], None] = lambda: None
        self._readings = Readings()
        self._claimed: set[str] = set()
        self._gate_of_claims = threading.Lock()

    @abstractmethod
    def start(self, worker: Worker | None) -> None:
        """Begin to work; without a worker the inbox is left alone (command line)."""

    @abstractmethod
    def stop(self) -> None:
        """Finish what was begun and close; nothing acknowledged is lost either way."""

    @abstractmethod
    def receive(self, received: Received) -> "Future[None]":
        """Keep a callback; the future ends when the row is durable. Raises Overloaded."""

    @abstractmethod
    def submit(self, work: Work) -> None:
        """Queue a unit that this process asks for; after `stop` its future ends with Closed."""

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Whether nobody else holds that name; it is ours until the block ends or the process dies."""
        with self._gate_of_claims:
            is_ours = name not in self._claimed
            self._claimed.add(name)
        try:
            yield is_ours
        finally:
            if is_ours:
                self._claimed.discard(name)

    @abstractmethod
    def reader(self) -> sa.Connection:
        """A connection that cannot write, for a `with` block."""

    def job(self, run: Callable[[Unit], T], name: str = "job", *, bulk: bool = False) -> "Future[T]":
        """Run `run` as one unit of work; its value or error after the commit. One of a great many (`bulk`) lets
        everybody else go first.
        """
        work = job_work(name, run, bulk=bulk)
        assert work.future is not None
        self.submit(work)
        return work.future

    def run(self, run: Callable[[Unit], T], name: str = "job", *, bulk: bool = False) -> T:
        """`job`, waited for (command line, worker threads; never on the event loop)."""
        return self.job(run, name, bulk=bulk).result()

    async def do(self, run: Callable[[Unit], T], name: str = "job") -> T:
        """`job` from the event loop; a cancelled caller leaves the unit whole."""
        return await asyncio.shield(asyncio.wrap_future(self.job(run, name)))

    async def read(self, read: Callable[[Unit], T]) -> T:
        """Read outside any unit of work, on a reader thread."""
        return await asyncio.to_thread(self.read_now, read)

    def read_now(self, read: Callable[[Unit], T]) -> T:
        with self._readings.one(), self.reader() as connection:
            return read(Unit(connection, self.vault, self.clocks.business(), self.clocks.machine()))

    def told(self, group: Group) -> None:
        """After the commit: end the futures, and wake the sender if there is something to send."""
        group.announce()
        if group.outgoing:
            self.on_outgoing()
