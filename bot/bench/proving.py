"""Row 12: the whole audit chain followed by as many processes as there are processors; and by one alone, with the
memory it needs at a tenth of the length and at all of it.
"""

from functools import partial

from bot.bench.result import Result, Target
from bot.bench.stage import POSTGRES, SQLITE, CannotMeasure, Stage
from bot.clock import HouseClock
from storage.opening import open_database
from storage.unit import Unit

RECORDS, TENTH, PER_UNIT = 1_000_000, 100_000, 5_000
SECONDS, FLAT_MEGABYTES = 3.0, 16.0
DETAIL = {"purpose": "服务", "relation": "own_book", "surface": "wecom.summary"}


def measure(stage: Stage, seconds: float) -> list[Result]:
    return [result for kind in (SQLITE, POSTGRES) for result in _measure(stage, kind)]


def _measure(stage: Stage, kind: str) -> list[Result]:
    url = stage.empty(kind)
    _lengthen(stage, url, 0, TENTH)
    short = _followed(stage, url, "alone")
    _lengthen(stage, url, TENTH, RECORDS)
    runs = [_followed(stage, url) for _ in range(3)]
    best, alone = min(runs, key=lambda run: run["seconds"]), _followed(stage, url, "alone")
    growth = alone["megabytes"] - short["megabytes"]
    detail = {"records": RECORDS, "cold_seconds": runs[0]["seconds"], "processor": best["processor"]}
    detail |= {f"alone_{name}": alone[name] for name in ("seconds", "processor", "megabytes")}
    detail |= {name: alone[name] for name in ("bare_fetch", "bare_hash")}
    time = Target(f"< {SECONDS:g} 秒", at_most=SECONDS)
    flat = Target(f"< {FLAT_MEGABYTES:g} MB", at_most=FLAT_MEGABYTES)
    return [
        Result(12, f"{kind}：检查 {RECORDS:,} 条审计", "秒", best["seconds"], None, time, detail),
        Result(12, f"{kind}：比检查 {TENTH:,} 条多用的内存", "MB", growth, None, flat, detail),
    ]


def _lengthen(stage: Stage, url: str, begin: int, end: int) -> None:
    database = open_database(url, stage.key_file, HouseClock())
    database.start(None)
    for first in range(begin, end, PER_UNIT):
        database.run(partial(_read_customers, first=first), "bench")
    database.stop()


def _read_customers(unit: Unit, first: int) -> None:
    for number in range(first, first + PER_UNIT):
        unit.actor, customer = f"bench{number % 600:03}", f"B{number % 24_000:06}"
        unit.audit("customer.read", f"customer:{customer}", DETAIL, [customer])


def _followed(stage: Stage, url: str, *alone: str) -> dict[str, float]:
    with stage.child("bot.bench.prover", url, str(stage.key_file), *alone) as child:
        said = child.hear()
    if not said["whole"]:
        raise CannotMeasure("审计链不完整，测的不是它")
    return said
