"""Row 3: an update through the whole dispatcher, in process, beside what other bots do in their own memory."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bot.bench.bank import MANAGERS, name_of, userid
from bot.bench.child import Child
from bot.bench.result import Result, at_least
from bot.bench.stage import SQLITE, CannotMeasure, Stage

ROUNDS = 5
PEERS = {"aiogram": ("aiogram feed_raw_update，状态在内存", 1.0), "slack_bolt": ("slack-bolt 验签加一个监听", 0.5)}
NO_PEERS = "没有对照的机器人：请用 ./run bench，它会另装 aiogram 和 slack-bolt，并以 BENCH_PEERS 指明它们的 Python"


def conversation_steps(people: int) -> Iterator[tuple[str, str]]:
    """Three steps of a talk for everybody: a form is begun, an answer taken, the form closed."""
    for step in ("拜访", name_of(0), "取消"):
        for manager in range(people):
            yield userid(manager), step


def measure(stage: Stage, seconds: float) -> list[Result]:
    python = os.environ.get("BENCH_PEERS")
    if not python:
        raise CannotMeasure(NO_PEERS)
    amount = max(1, min(MANAGERS // 3, int(seconds * 20)))
    with ExitStack() as ends:
        load = ends.enter_context(stage.child("simulator.load", str(stage.bank)))
        load.hear()
        database = stage.filled(SQLITE)
        subject = ends.enter_context(stage.child("bot.bench.dispatcher", database, str(stage.key_file)))
        peers = {name: ends.enter_context(_peer(stage, name, python)) for name in PEERS}
        rounds = [_round(load, subject, peers, amount) for _ in range(ROUNDS)]
    return [
        Result(
            3,
            f"整条处理流程（解密、去重、会话一步、落盘、回复入发件箱），SQLite FULL ÷ {title}",
            "次/秒",
            median(times["subject"] for times in rounds),
            median(times[name] for times in rounds),
            at_least(target),
        )
        for name, (title, target) in PEERS.items()
    ]


def _peer(stage: Stage, name: str, python: str) -> Child:
    return stage.child(str(Path(__file__).parent / "peers" / f"{name}_peer.py"), python=python)


def _round(load: Child, subject: Child, peers: dict[str, Child], amount: int) -> dict[str, float]:
    """Everybody once, one after another; updates a second of each."""
    steps = list(conversation_steps(amount))
    sealed = load.ask(do="seal", texts=steps)
    took = {"subject": subject.ask(**sealed)["seconds"]}
    took |= {name: peer.ask(amount=len(steps))["seconds"] for name, peer in peers.items()}
    return {name: len(steps) / seconds for name, seconds in took.items()}
