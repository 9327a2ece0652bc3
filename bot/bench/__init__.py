"""`rmbot bench`: measured figures beside their floors, on this machine, each in one run with what it is compared to."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from bot.bench import acknowledging, dispatching, machine, rendering, starting, talking
from bot.bench.child import ChildFailed
from bot.bench.result import FAIL, HEADINGS, Result
from bot.bench.stage import CannotMeasure, Stage

ROWS: Mapping[int, Callable[[Stage, float], list[Result]]] = {
    1: acknowledging.on_sqlite,
    2: acknowledging.on_postgres,
    3: dispatching.measure,
    4: talking.steady,
    5: talking.burst,
    13: rendering.measure,
    15: starting.measure,
}
SEPARATOR = " │ "


def main(arguments: list[str]) -> int:
    """Measure the rows asked for (all when none is named); 1 when a target is missed or a row could not be measured."""
    asked = _parser().parse_args(arguments)
    console = Console(soft_wrap=True, highlight=False)
    with Stage(asked.state) as stage:
        facts = machine.facts(stage.folder, stage.postgres_version)
        for name, value in facts.items():
            console.print(f"{name}：{value}")
        console.print(SEPARATOR.join(HEADINGS))
        results, missing = _measure(stage, asked.rows or list(ROWS), asked.seconds, console)
    if asked.json:
        lines = [json.dumps({"machine": facts}, ensure_ascii=False), *(result.line() for result in results)]
        asked.json.write_text("\n".join(lines) + "\n", "utf-8")
    return int(missing or any(result.verdict == FAIL for result in results))


def _measure(stage: Stage, rows: list[int], seconds: float, console: Console) -> tuple[list[Result], bool]:
    results: list[Result] = []
    missing = False
    for row in rows:
        try:
            measured = ROWS[row](stage, seconds)
        except (CannotMeasure, ChildFailed) as error:
            missing = True
            console.print(f"第 {row} 行没有测成：{error}")
            continue
        for result in measured:
            console.print(SEPARATOR.join(result.cells()))
        results += measured
    return results, missing


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rmbot bench", description="性能测量：每一行都与它的对照在同一次运行里测得")
    parser.add_argument("rows", nargs="*", type=_row, metavar="ROW", help="要测的行；不写则全测")
    parser.add_argument(
        "--seconds", type=_seconds, default=10.0, metavar="N", help="每一行大约测多久，1 到 60，默认 10"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="把机器情况和每个结果写成一行一个的 JSON")
    parser.add_argument(
        "--state", type=Path, default=Path("var/bench"), metavar="DIR", help="放临时数据库的目录（在要测的磁盘上）"
    )
    return parser


def _row(text: str) -> int:
    if not text.isdecimal() or int(text) not in ROWS:
        raise argparse.ArgumentTypeError(f"没有这一行，有 {'、'.join(map(str, ROWS))}")
    return int(text)


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 60:
        raise argparse.ArgumentTypeError("要在 1 到 60 之间")
    return value
