"""The database in the hands of a single command, while no service has it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from bot.clock import HouseClock
from bot.commands.errands import perform
from bot.control import Say
from bot.settings import Settings
from domain.refusal import Refused
from storage.checkup import SchemaState, schema_state
from storage.database import Database
from storage.engine import is_sqlite, lock_sqlite, sqlite_path
from storage.group import Clocks
from storage.migrate import FOREIGN, upgrade
from storage.opening import open_database

UNREACHABLE = "连不上数据库：请检查 RMBOT_DATABASE__URL，以及数据库是否在运行、账号能否登录"


def perform_alone(settings: Settings, command: str, arguments: Mapping[str, Any], say: Say, passing: Say) -> None:
    """Carry out one command on the database opened for it. Raises Refused."""
    clock = _house_clock(settings)
    with opened(settings, clock, may_make=command == "import") as database:
        perform(database, clock, command, arguments, say, passing, settings)


@contextmanager
def opened(settings: Settings, clock: Clocks, *, may_make: bool) -> Iterator[Database]:
    """The database, opened for this command alone; the inbox is left to the service."""
    prepare(settings.database_url, may_make=may_make)
    database = open_database(settings.database_url, settings.key_file, clock, settings.suite)
    database.start(None)
    try:
        yield database
    finally:
        database.stop()


def prepare(url: str, *, may_make: bool) -> None:
    """Refuse a database that is not there or not of this version; make the schema of an empty one if allowed."""
    if is_sqlite(url) and not may_make and not sqlite_path(url).exists():
        raise Refused(f"这里还没有数据库（{sqlite_path(url)}）：请检查 --state，或先用 rmbot import 导入数据")
    with lock_sqlite(url) if is_sqlite(url) else nullcontext():
        state = schema_state(url)
    if state is SchemaState.EMPTY and may_make:
        upgrade(url)
    elif state is not SchemaState.CURRENT:
        raise Refused(_REFUSALS[state])


_REFUSALS = {
    SchemaState.UNREACHABLE: UNREACHABLE,
    SchemaState.EMPTY: "数据库是空的：请先执行 rmbot migrate，再导入数据",
    SchemaState.BEHIND: "数据库的结构比本程序旧：请先执行 rmbot migrate",
    SchemaState.FOREIGN: FOREIGN,
}


def migrate(settings: Settings) -> None:
    """Bring the schema to this program's version; raises DatabaseBusy while a service has the embedded database."""
    upgrade(settings.database_url)


def _house_clock(settings: Settings) -> HouseClock:
    """The business clock, set once: a command is short."""
    clock = HouseClock(settings.clock.url or None)

    async def read_once() -> None:
        await clock.start()
        await clock.stop()

    if settings.clock.url:
        asyncio.run(read_once())
    return clock
