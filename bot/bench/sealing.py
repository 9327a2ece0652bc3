"""Row 11: what encryption adds to the commit that stores it, in both suites; and a change of keys over a hundred
thousand customers, with how long others waited for their commit meanwhile.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from bot.bench.result import Result, Target, at_most, percentile
from bot.bench.stage import POSTGRES, SQLITE, Stage
from bot.clock import HouseClock
from storage import schema
from storage.ciphers import SUITES, Suite
from storage.database import Database
from storage.key_change import rotate
from storage.opening import open_database
from storage.unit import Unit

CUSTOMERS, PER_UNIT, COMMITS = 100_000, 1_000, 300
SHARE = 0.02
TURN = (
    ("inbox", "body", 300),
    ("conversation", "draft", 900),
    ("outbox", "payload", 1_500),
    ("card", "content", 1_000),
)
"""The cells that one turn of a chat stores, and about how long they are."""


def measure(stage: Stage, seconds: float) -> list[Result]:
    shares = [_share(stage, kind, suite) for kind in (SQLITE, POSTGRES) for suite in SUITES.values()]
    return shares + [result for kind in (SQLITE, POSTGRES) for result in _rotation(stage, kind)]


def _share(stage: Stage, kind: str, suite: Suite) -> Result:
    database = open_database(stage.empty(kind), stage.folder / f"key-{kind}-{suite.name}", HouseClock(), suite)
    database.start(None)
    commits = [_seconds(partial(database.run, partial(_store, number=number))) for number in range(COMMITS)]
    seals = [_seconds(partial(_sealed, database, number)) for number in range(COMMITS)]
    database.stop()
    target = at_most(SHARE, gated=suite.name == "intl")
    title = f"{kind}，{suite.name}：一轮对话的密文加密 ÷ 存下它的提交"
    return Result(11, title, "毫秒", median(seals) * 1_000, median(commits) * 1_000, target, {"cells": len(TURN)})


def _sealed(database: Database, number: int) -> list[bytes]:
    return [database.vault.seal(table, column, str(number), "例" * (size // 3)) for table, column, size in TURN]


def _store(unit: Unit, number: int) -> None:
    """As many bytes as the turn has, in one row."""
    cell = b"".join(unit.vault.seal(table, column, str(number), "例" * (size // 3)) for table, column, size in TURN)
    row = {"id": str(number), "owner": "b", "title": cell, "due_at": unit.now, "source": "b", "created_at": unit.now}
    unit.execute(schema.todo.insert().values(row))
    unit.audit("bench", f"todo:{number}")


def _rotation(stage: Stage, kind: str) -> list[Result]:
    database = open_database(stage.empty(kind), stage.key_file, HouseClock())
    database.start(None)
    for first in range(0, CUSTOMERS, PER_UNIT):
        database.run(partial(_customers, first=first))
    alone = [_seconds(partial(database.run, _touch)) for _ in range(50)]
    with _Beside(database) as beside:
        seconds = _seconds(lambda: rotate(database, "bench", lambda table, seen, total: None))
    database.stop()
    reported = Target("只报告", gated=False)
    rate, waits = CUSTOMERS / seconds, beside.waits
    detail = {"seconds": seconds, "commits_beside": len(waits), "longest_ms": max(waits) * 1_000}
    late = f"{kind}：换密钥期间别人的提交，p99（对照为平时的中位数）"
    return [
        Result(11, f"{kind}：换密钥，{CUSTOMERS:,} 位客户各五个密文", "行/秒", rate, None, reported, detail),
        Result(11, late, "毫秒", percentile(waits, 0.99) * 1_000, median(alone) * 1_000, reported, {}),
    ]


def _customers(unit: Unit, first: int) -> None:
    rows = []
    for number in range(first, first + PER_UNIT):
        key = f"B{number:07}"
        cells = {name: unit.vault.seal("customer", name, key, f"样例{number}") for name in _SEALED}
        rows.append({"customer_id": key, "unit_id": "U", "gender": "未知", "marketing_consent": True} | cells | {
            "name_index": b"i" * 16, "as_of": unit.now.date(), "arrived_at": unit.now,
        })  # fmt: skip
    unit.execute(schema.rows_of(schema.customer).insert(), rows)


_SEALED = ("name", "pinyin", "id_number", "mobile", "address")


def _touch(unit: Unit) -> None:
    unit.audit("bench", "touch")


class _Beside:
    """Somebody who commits and reads all the while."""

    def __init__(self, database: Database) -> None:
        self.waits: list[float] = []
        self._database, self._over = database, threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "_Beside":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.is_set():
            self.waits.append(_seconds(partial(self._database.run, _touch)))
            time.sleep(0.005)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
