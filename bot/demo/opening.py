"""How a demo begins and goes on: a bank made and loaded once, and a business clock that never runs back."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson

from bot.clock import SHANGHAI
from bot.commands.alone import opened
from bot.commands.errands import perform
from bot.settings import Settings
from simulator.clock import BusinessClock
from storage.imports.progress import nobody

BANK = "bank"
CUSTOMERS, SEED = 2_000, 20_260
OPENING = 9  # o'clock
KEEP_SECONDS = 1.0
_FILE = "demo.json"


@dataclass(frozen=True)
class Diary:
    """What a demo remembers: its business time, the day of the bank's data, and whether they are all loaded."""

    now: datetime
    as_of: date
    loaded: bool

    def write(self, state: Path) -> None:
        fresh = state / f"{_FILE}.new"
        fresh.write_bytes(orjson.dumps(asdict(self)))
        fresh.replace(state / _FILE)


def read_diary(state: Path) -> Diary | None:
    """The diary of an earlier start, if there was one."""
    try:
        kept = orjson.loads((state / _FILE).read_bytes())
    except FileNotFoundError:
        return None
    return Diary(datetime.fromisoformat(kept["now"]), date.fromisoformat(kept["as_of"]), kept["loaded"])


@dataclass(frozen=True)
class MorningClock:
    """Business time while the bank is loaded: before its first day opens."""

    now: datetime

    def business(self) -> datetime:
        return self.now

    def machine(self) -> float:
        return time.time()


def open_bank(settings: Settings, say: Callable[[str], None]) -> Diary:
    """The diary of a loaded bank; what was interrupted is done again with the same data."""
    diary = read_diary(settings.state) or _new_diary()
    if diary.loaded:
        return diary
    say(f"第一次启动：正在合成一家有 {CUSTOMERS} 位客户的银行并导入，约半分钟…")
    diary.write(settings.state)
    _load(settings, diary)
    diary = replace(diary, loaded=True)
    diary.write(settings.state)
    return diary


def _new_diary() -> Diary:
    opening = opening_of(datetime.now(SHANGHAI).date())
    return Diary(opening, opening.date() - timedelta(days=1), loaded=False)


def _load(settings: Settings, diary: Diary) -> None:
    """Make the bank and load it through the import that everybody uses; its labels are there when it opens."""
    from simulator.bank import write_sample

    bank = settings.state / BANK
    write_sample(bank, customers=CUSTOMERS, seed=SEED, as_of=diary.as_of, preset="rm_book")
    clock = MorningClock(diary.now - timedelta(hours=1))
    given = {"folder": str(bank), "as_of": diary.as_of.isoformat(), "max_bad": "0", "dry_run": False}
    with opened(settings, clock, may_make=True) as database:
        perform(database, clock, "import", given, nobody, nobody)
        perform(database, clock, "labels.recompute", {"as_of": None}, nobody, nobody)


def opening_of(today: date) -> datetime:
    """Nine o'clock of today, or of the next working day."""
    day = today
    while not _is_working(day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, OPENING, tzinfo=SHANGHAI)


def _is_working(day: date) -> bool:
    """By the State Council's calendar where it is published, else by the week."""
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except RuntimeError:
        return day.weekday() < 5


async def keep(state: Path, clock: BusinessClock, diary: Diary) -> None:
    """Note the time every second, so that it survives whatever ends the process."""
    while True:
        await asyncio.sleep(KEEP_SECONDS)
        note(state, clock, diary)


def note(state: Path, clock: BusinessClock, diary: Diary) -> None:
    """Remember what time it is."""
    replace(diary, now=clock.now()).write(state)
