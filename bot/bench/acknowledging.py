"""Rows 1 and 2: how much of the callback's speed is left once it waits for the disk."""

from contextlib import ExitStack
from statistics import median

from bot.bench.ack_server import NOTHING
from bot.bench.child import Child, ChildFailed
from bot.bench.result import Result, at_least
from bot.bench.stage import POSTGRES, SQLITE, Stage

ROUNDS, IN_FLIGHT, WARM_UP, MOST = 6, 64, 1_000, 12_000


def on_sqlite(stage: Stage, seconds: float) -> list[Result]:
    return [_measure(stage, seconds, 1, SQLITE, "SQLite，synchronous=FULL", 0.8)]


def on_postgres(stage: Stage, seconds: float) -> list[Result]:
    return [_measure(stage, seconds, 2, POSTGRES, "PostgreSQL，fsync 开", 0.5)]


def _measure(stage: Stage, seconds: float, row: int, kind: str, title: str, target: float) -> Result:
    with ExitStack() as ends:
        load = ends.enter_context(stage.child("simulator.load", str(stage.bank)))
        load.hear()
        urls = {"subject": stage.empty(kind), "floor": NOTHING}
        ports = {name: _started(ends, stage, url) for name, url in urls.items()}
        speed = min(_rate(load, ports[name], WARM_UP) for name in ports)
        amount = int(min(MOST, max(WARM_UP, speed * seconds / (2 * ROUNDS))))
        rounds = [{name: _rate(load, port, amount) for name, port in ports.items()} for _ in range(ROUNDS)]
    subject, floor = (median(each[name] for each in rounds) for name in ("subject", "floor"))
    detail = {"messages_each": amount * ROUNDS, "in_flight": IN_FLIGHT}
    return Result(
        row, f"回调确认，落盘后才应答（{title}）÷ 同一进程不碰数据库", "次/秒", subject, floor, at_least(target), detail
    )


def _started(ends: ExitStack, stage: Stage, url: str) -> int:
    server = ends.enter_context(stage.child("bot.bench.ack_server", url, str(stage.key_file)))
    return int(server.hear()["port"])


def _rate(load: Child, port: int, amount: int) -> float:
    """Acknowledged messages a second; one that is not acknowledged ends the measurement."""
    load.ask(do="aim", url=f"http://127.0.0.1:{port}/wecom/callback")
    answer = load.ask(do="rush", amount=amount, in_flight=IN_FLIGHT)
    if answer["statuses"] != {"200": amount}:
        raise ChildFailed(f"不是每条消息都得到确认：{answer['statuses']}")
    return amount / float(answer["seconds"])
