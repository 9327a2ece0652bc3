"""Row 10: a first import of a bank of a million customers and ten million transactions, beside the plainest copy of the
same rows, while callbacks are acknowledged.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import Any

from bot.bench.child import Child, ChildFailed
from bot.bench.result import Result, Target, at_most, percentile
from bot.bench.stage import POSTGRES, SQLITE, Stage
from storage.plain_copy import copy_plainly

PAUSE = 0.05
"""Seconds between two callbacks: some twenty a second."""
CONTROL = 400
"""Callbacks after the import, as many as make a 99th percentile."""
TABLES = ("org_unit_row", "staff_row", "customer_row", "txn_row")
TITLES = {SQLITE: "SQLite，synchronous=FULL", POSTGRES: "PostgreSQL，fsync 开"}


def measure(stage: Stage, _seconds: float) -> Iterator[Result]:
    """Both databases, each told when it is done; the size is the stage's, and the time what it takes."""
    for kind in (SQLITE, POSTGRES):
        yield from _measure(stage, kind)


def _measure(stage: Stage, kind: str) -> list[Result]:
    folder, url = stage.feed, stage.empty(kind)
    with ExitStack() as ends:
        load = ends.enter_context(stage.child("simulator.load", str(stage.bank)))
        load.hear()
        server = ends.enter_context(stage.child("bot.bench.import_server", url, str(stage.key_file), str(folder)))
        load.ask(do="aim", url=f"http://127.0.0.1:{server.hear()['port']}/wecom/callback")
        took, acks = _answer(server, load)
        alone = [_ack(load) for _ in range(CONTROL)] if took["ok"] else []
    if not took["ok"]:
        raise ChildFailed("\n".join(took["told"]))
    floor = _plainly(stage, kind, url)
    rows = sum(count for count, _ in took["files"].values())
    size = sum(path.stat().st_size for path in folder.glob("*.csv")) / 2**20
    detail = {"rows": rows, "csv_mb": size, "rows_a_second": rows / took["seconds"]}
    spread = {"acks": len(acks), "p50": percentile(acks, 0.5) * 1000, "most": max(acks) * 1000}
    p99, control = (percentile(each, 0.99) * 1000 for each in (acks, alone))
    return [
        Result(10, f"首次导入 ÷ 同样的行直接写入（{TITLES[kind]}）", "秒", took["seconds"], floor, at_most(4), detail),
        Result(10, f"导入进程的最大内存（{TITLES[kind]}）", "MB", took["megabytes"], None, at_most(500, " MB")),
        Result(
            10, f"导入期间回调确认 p99（{TITLES[kind]}）", "毫秒", p99, None, Target("< 100 毫秒", at_most=100), spread
        ),
        Result(10, f"同一进程导入完之后的（{TITLES[kind]}）", "毫秒", control, None, Target("只报告", gated=False)),
    ]


def _answer(server: Child, load: Child) -> tuple[dict[str, Any], list[float]]:
    """What the import came to, and how long each callback meanwhile took to be acknowledged."""
    heard: list[dict[str, Any]] = []
    listening = Thread(target=lambda: heard.append(server.hear()), daemon=True)
    listening.start()
    acks: list[float] = []
    while listening.is_alive():
        acks.append(_ack(load))
    if not heard:
        raise ChildFailed("导入的进程中途退出")
    return heard[0], acks


def _ack(load: Child) -> float:
    """Seconds until one message is acknowledged."""
    time.sleep(PAUSE)
    answer = load.ask(do="rush", amount=1, in_flight=1)
    if answer["statuses"] != {"200": 1}:
        raise ChildFailed(f"不是每条消息都得到确认：{answer['statuses']}")
    return float(answer["seconds"])


def _plainly(stage: Stage, kind: str, source: str) -> float:
    target = stage.empty(kind)
    begun = time.monotonic()
    copy_plainly(source, target, TABLES)
    return time.monotonic() - begun
