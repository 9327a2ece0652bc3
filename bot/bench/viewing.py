"""Rows 8 and 9: a whole customer among a million beside the same among ten thousand, and finding one's own by whatever
one remembers of them.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from statistics import median
from typing import TypeAlias

from bot.bench.million import AS_OF, BOOK, customer_id, manager
from bot.bench.result import Result, at_most, percentile
from bot.bench.stage import POSTGRES, SQLITE, Stage
from bot.clock import SHANGHAI, HouseClock
from domain.ids import CustomerId, UserId
from domain.policy import Purpose, Scope, ScopeKind
from storage import customer_search, customers, search_keys
from storage.database import Database
from storage.opening import open_database
from storage.unit import Unit

SMALL = 10_000
MOST, ROUNDS, BATCH, WARM = 2_000, 20, 50, 200
_NOW = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 23, 30, tzinfo=SHANGHAI)
_NAMES = {SQLITE: "SQLite", POSTGRES: "PostgreSQL"}
Look: TypeAlias = Callable[[int], float]


def measure_looks(stage: Stage, seconds: float) -> list[Result]:
    return [_looks(stage, kind) for kind in (SQLITE, POSTGRES)]


def measure_searches(stage: Stage, seconds: float) -> list[Result]:
    return [_searches(stage, kind, min(MOST, int(seconds * 200))) for kind in (SQLITE, POSTGRES)]


def _looks(stage: Stage, kind: str) -> Result:
    """Anybody's own customers, at random; both banks in turns, so that a slower moment meets both."""
    chance, small = random.Random(8), min(SMALL, stage.customers // 2)
    with ExitStack() as ends:
        looks = [(ends.enter_context(_looking(stage, kind, size)), size) for size in (stage.customers, small)]
        for look, size in looks:
            for _ in range(WARM):
                look(chance.randrange(size))
        took: dict[int, list[float]] = {at: [] for at in range(len(looks))}
        for _ in range(ROUNDS):
            for at, (look, size) in enumerate(looks):
                took[at] += [look(chance.randrange(size)) for _ in range(BATCH)]
    title = f"{_NAMES[kind]}：一位客户的全部资料，一条语句，p50：{stage.customers:,} 位 ÷ {small:,} 位客户"
    detail = {"p99": percentile(took[0], 0.99), "looks": ROUNDS * BATCH}
    return Result(8, title, "µs", median(took[0]), median(took[1]), at_most(1.5), detail)


def look_at_some(stage: Stage, kind: str, amount: int) -> float:
    """Microseconds for one customer, the median of so many."""
    chance = random.Random(6)
    with _looking(stage, kind, stage.customers) as look:
        return median(look(chance.randrange(stage.customers)) for _ in range(amount))


@contextmanager
def _looking(stage: Stage, kind: str, size: int) -> Iterator[Look]:
    with _opened(stage, kind, size) as database:
        yield partial(_look, database)


def _look(database: Database, number: int) -> float:
    """Microseconds until everything is there, as values, in a unit of work as when somebody asks."""

    def look(unit: Unit) -> float:
        unit.now = _NOW
        began = time.perf_counter()
        customers.open_customer(unit, _own(number), CustomerId(customer_id(number)), Purpose.SERVICE, "bench")
        took = time.perf_counter() - began
        unit.records.clear()  # the bank stays as it was
        return took * 1e6

    return database.run(look)


def _own(number: int) -> Scope:
    return Scope(ScopeKind.OWN_BOOK, UserId(manager(number // BOOK)))


def _searches(stage: Stage, kind: str, amount: int) -> Result:
    chance = random.Random(9)
    with _opened(stage, kind, stage.customers) as database:
        numbers = [chance.randrange(stage.customers) for _ in range(WARM + amount)]
        asked = [(number, words) for number in numbers for words in _words(database, number)]
        chance.shuffle(asked)
        took = [_find(database, *each) for each in asked[: WARM + amount]][WARM:]
    title = f"{_NAMES[kind]}：{stage.customers:,} 位客户里按各种写法找名下的一位，p99"
    return Result(9, title, "ms", percentile(took, 0.99), None, at_most(20, " ms"), {"p50": median(took)})


def _words(database: Database, number: int) -> list[str]:
    """The whole name, a part of it, its letters, how they begin, the last four digits, the mobile and the number."""
    key = CustomerId(customer_id(number))

    def named(unit: Unit) -> str:
        unit.now = _NOW
        return customers.name_for(unit, _own(number), key)[0]

    name, mobile = database.run(named), f"1990{number:07}"
    syllables = search_keys.read_pinyin(search_keys.pinyin(name)).spellings[0]
    return [name, name[1:], "".join(syllables), "".join(each[0] for each in syllables), mobile[-4:], mobile, key]


def _find(database: Database, number: int, words: str) -> float:
    """Milliseconds until the hits are there."""

    def find(unit: Unit) -> float:
        unit.now = _NOW
        began = time.perf_counter()
        found = customer_search.search(unit, _own(number), words, Purpose.SERVICE)
        took = time.perf_counter() - began
        assert customer_id(number) in {hit.customer_id for hit in found}
        unit.records.clear()
        return took * 1e3

    return database.run(find)


@contextmanager
def _opened(stage: Stage, kind: str, size: int) -> Iterator[Database]:
    database = open_database(stage.million(kind, size), stage.key_file, HouseClock())
    database.start(None)
    try:
        yield database
    finally:
        database.stop()
