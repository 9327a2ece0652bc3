"""What every row stands on: a folder on disk, the measured bank in both databases, the settings of one service."""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.bench.bank import AS_OF, BOOK, MANAGERS, write_bank
from bot.bench.child import Child
from bot.bench.million import AS_OF as MILLION_DAY
from bot.bench.million import MILLION, Million
from bot.clock import SHANGHAI, HouseClock
from storage.engine import postgres
from storage.imports.load import run_import
from storage.migrate import upgrade
from storage.opening import open_database
from storage.pouring import pouring

SQLITE, POSTGRES = "sqlite", "postgresql"
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=SHANGHAI)
NO_POSTGRES = "没有可用的 PostgreSQL：请在源码目录里用 ./run bench，或把 BENCH_POSTGRES 设为一个可建库的地址"


class CannotMeasure(Exception):
    """A row needs something that is not here; the message is Chinese and says what to do."""


class Stage:
    """Databases are filled once and copied for each row; everything is removed at the end."""

    def __init__(self, root: Path, managers: int = MANAGERS, book: int = BOOK, million: int = MILLION) -> None:
        self._size, self._million = (managers, book), million
        root.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=root)).absolute()
        self.key_file, self.log = self.folder / "key", self.folder / "log"
        self._ends = ExitStack()
        self._copies = 0
        self._millions: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._ends.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def child(
        self, *arguments: str, python: str = sys.executable, environment: Mapping[str, str] | None = None
    ) -> Child:
        """A process whose words go to this stage's log."""
        return Child(*arguments, python=python, environment=environment, log=self.log)

    @property
    def compiled(self) -> Mapping[str, str]:
        """For a process to keep what Python made of its modules, as an installed program does, whatever is set here."""
        return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(self.folder / "compiled")}

    @cached_property
    def bank(self) -> Path:
        folder = self.folder / "bank"
        write_bank(folder, *self._size)
        return folder

    @cached_property
    def postgres_url(self) -> str:
        """The server's own database: as given, or of a server that is started here and waits for its disk."""
        if given := os.environ.get("BENCH_POSTGRES"):
            return given
        if find_spec("tools") is None:
            raise CannotMeasure(NO_POSTGRES)
        return str(self._ends.enter_context(self.child("tools.postgres", "--durable")).hear()["url"])

    @property
    def postgres_version(self) -> str:
        try:
            return _administer(self.postgres_url, "SHOW server_version")
        except CannotMeasure:
            return "没有"

    def empty(self, kind: str) -> str:
        """The URL of a database with the schema and no rows."""
        url = self._fresh(kind)
        upgrade(url)
        return url

    def filled(self, kind: str) -> str:
        """The URL of a fresh copy of the measured bank."""
        template = self._filled_sqlite if kind == SQLITE else self._filled_postgres
        return self._fresh(kind, template)

    @property
    def customers(self) -> int:
        """How many customers the large bank has."""
        return self._million

    @property
    def smaller(self) -> str:
        """What to tell where the large bank is not as large as the targets mean it; empty where it is."""
        return f"缩小为 {self._million:,} 位客户，不是目标的 {MILLION:,} 位" if self._million < MILLION else ""

    def million(self, kind: str, size: int | None = None) -> str:
        """The URL of the bank of a million customers, or of `size`. It is filled once and there is no other copy: who
        changes it puts it back.
        """
        size = size or self._million
        if (kind, size) not in self._millions:
            url = self.empty(kind)
            database = open_database(url, self.key_file, HouseClock())
            vault = database.vault
            database.stop()
            with pouring(url, MILLION_DAY) as pour:
                Million(vault, size).pour(pour)
            self._millions[kind, size] = url
        return self._millions[kind, size]

    @cached_property
    def feed(self) -> Path:
        """The same bank as files."""
        database = open_database(self.empty(SQLITE), self.key_file, HouseClock())
        vault = database.vault
        database.stop()
        folder = self.folder / "feed"
        Million(vault, self._million).write(folder)
        return folder

    def _fresh(self, kind: str, template: str = "") -> str:
        self._copies += 1
        if kind == SQLITE:
            copy = self.folder / f"{self._copies}.db"
            if template:
                shutil.copy(template, copy)
            return f"sqlite:///{copy}"
        name = f"bench_{os.getpid()}_{self._copies}"
        _administer(self.postgres_url, f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
        self._ends.callback(_administer, self.postgres_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return _named(self.postgres_url, name)

    @cached_property
    def _filled_sqlite(self) -> str:
        return self._fill(SQLITE).removeprefix("sqlite:///")

    @cached_property
    def _filled_postgres(self) -> str:
        return _name_in(self._fill(POSTGRES))

    def _fill(self, kind: str) -> str:
        url = self.empty(kind)
        database = open_database(url, self.key_file, HouseClock())
        database.start(None)
        report = run_import(database, self.bank, as_of=AS_OF, now=NIGHT, clock=time.monotonic)
        database.stop()
        if not report.ok:
            raise CannotMeasure("\n".join(report.lines()))
        return url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _administer(server: str, statement: str) -> str:
    """Run one statement outside any transaction; its one value, if it gives one."""
    engine = postgres(server, pool=1)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        done = connection.exec_driver_sql(statement)
        value = str(done.scalar()) if done.returns_rows else ""
    engine.dispose()
    return value


def _name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _named(url: str, name: str) -> str:
    head, mark, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{query}"
