"""Rows 6 and 7: all care rules, and all labels, over a million customers beside a full scan of what they read."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from bot.bench.million import AS_OF
from bot.bench.result import Result, Target, at_most
from bot.bench.stage import POSTGRES, SQLITE, Stage
from bot.bench.viewing import look_at_some
from bot.clock import HouseClock
from bot.packs import default_pack
from handlers import care_round, label_round
from handlers.label_round import Made, Ready
from storage.database import Database
from storage.opening import open_database
from storage.scanning import next_versions, scan

MONTH = date(2026, 11, 1)
_CARE_READS = ("customer", "interaction", "holding", "aum_daily")
_DAY = timedelta(days=1)
ONE_BY_ONE = 500
"""Customers that are looked at one by one, for comparison."""


def care(stage: Stage, seconds: float) -> list[Result]:
    """Row 6: what the rules look for, set-based; nothing is written."""
    return [each for kind in (SQLITE, POSTGRES) for each in _care(stage, kind)]


def labels(stage: Stage, seconds: float) -> list[Result]:
    """Row 7: on the first of a month, when every tier is decided anew; the labels of the day before stand, and every
    feed has come once more, with the day's bookings, calls and levels among a million customers' rows.
    """
    return [each for kind in (SQLITE, POSTGRES) for each in _labels(stage, kind)]


def _care(stage: Stage, kind: str) -> Iterator[Result]:
    section = default_pack().care
    assert section is not None
    with _opened(stage, kind) as database:
        floor = min(_took(lambda: database.read_now(lambda unit: scan(unit, _CARE_READS))) for _ in range(2))
        found = 0

        def find() -> None:
            nonlocal found
            searches = database.read_now(partial(care_round.searches, rules=section.rules, today=AS_OF + _DAY))
            found = sum(len(database.read_now(search)) for search in searches)

        took = _took(find)
    detail = {"found": found, "rules": len(section.rules)}
    yield Result(6, f"{kind}：全部关怀规则 ÷ 全表扫描", "秒", took, floor, at_most(3), detail)
    each, alone = took / stage.customers * 1e6, look_at_some(stage, kind, ONE_BY_ONE)
    title = f"{kind}：全部关怀规则，平均每位客户 ÷ 逐位取出一位客户的资料（还没评定）"
    yield Result(6, title, "µs", each, alone, Target("≤ 1/50", at_most=0.02))


def _labels(stage: Stage, kind: str) -> Iterator[Result]:
    versions = default_pack().labels
    with _opened(stage, kind) as database:

        def make(day: date, *, everybody: bool = False) -> Made:
            return label_round.make(database, Ready(day, day - _DAY), versions, _nobody, everybody=everybody)

        first, _ = _made(lambda: make(MONTH - _DAY))
        floor = min(_took(lambda: database.read_now(scan)) for _ in range(2))
        database.run(next_versions)
        took, made = _made(lambda: make(MONTH))
        whole, again = _made(lambda: make(MONTH, everybody=True))
    detail = {"changed": made.run.changed, "judged": made.judged, "customers": made.customers}
    yield Result(
        7, f"{kind}：月初重算全部标签（重评 {made.judged:,} 位）÷ 全表扫描", "秒", took, floor, at_most(5), detail
    )
    title = f"{kind}：紧接着每一位都重评一遍，结果不同的客户"
    yield Result(7, title, "位", again.run.changed, None, Target("0", at_most=0))
    yield Result(7, f"{kind}：每一位都重评一遍 ÷ 全表扫描", "秒", whole, floor, at_most(5, gated=False))
    title = f"{kind}：第一次给所有客户打标签"
    yield Result(7, title, "秒", first, None, Target("只报告", gated=False))
    yield Result(7, f"{kind}：内存峰值", "MB", _peak(), None, Target("< 500 MB", at_most=500))


@contextmanager
def _opened(stage: Stage, kind: str) -> Iterator[Database]:
    database = open_database(stage.million(kind), stage.key_file, HouseClock())
    database.start(None)
    try:
        yield database
    finally:
        database.stop()


def _made(act: Callable[[], Made]) -> tuple[float, Made]:
    made: list[Made] = []
    return _took(lambda: made.append(act())), made[0]


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _peak() -> float:
    """Of this process, which also made the bank; macOS counts bytes, others kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _nobody(_text: str) -> None:
    """Nobody watches."""
