"""`rmbot bench`: measured figures beside their floors, on this machine, each in one run with what it is compared to."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bot.bench import (
    acknowledging,
    advancing,
    dispatching,
    importing,
    labelling,
    living,
    machine,
    proving,
    rendering,
    sealing,
    starting,
    talking,
    viewing,
)
from bot.bench.child import ChildFailed
from bot.bench.million import MILLION
from bot.bench.result import FAIL, HEADINGS, Result
from bot.bench.stage import CannotMeasure, Stage

ROWS: Mapping[int, Callable[[Stage, float], Iterable[Result]]] = {
    1: acknowledging.on_sqlite,
    2: acknowledging.on_postgres,
    3: dispatching.measure,
    4: living.steady,
    5: talking.burst,
    6: labelling.care,
    7: labelling.labels,
    8: viewing.measure_looks,
    9: viewing.measure_searches,
    10: importing.measure,
    11: sealing.measure,
    12: proving.measure,
    13: rendering.measure,
    14: advancing.measure,
    15: starting.measure,
}
LONG = frozenset({6, 7, 8, 9, 10})
"""Rows that need the large bank, take up to half an hour and are measured only when they are named."""
SEPARATOR = " │ "


def measure(rows: list[int], seconds: float, target: Path | None, folder: Path, customers: int | None = None) -> int:
    """Measure the rows asked for (all but the long ones when none is named); 1 when a target is missed or a row could
    not be measured. With fewer `customers` than the targets speak of, that is told wherever the figures are.
    """
    console = Console(soft_wrap=True, highlight=False)
    with Stage(folder, million=customers or MILLION) as stage:
        facts = machine.facts(stage.folder, stage.postgres_version)
        if stage.smaller:
            facts["规模"] = f"第 6 到 10 行{stage.smaller}"
        for name, value in facts.items():
            console.print(f"{name}：{value}")
        console.print(SEPARATOR.join(HEADINGS))
        results, missing = _measure(stage, rows or [row for row in ROWS if row not in LONG], seconds, console)
    if target:
        lines = [json.dumps({"machine": facts}, ensure_ascii=False), *(result.line() for result in results)]
        target.write_text("\n".join(lines) + "\n", "utf-8")
    return int(missing or any(result.verdict == FAIL for result in results))


def _measure(stage: Stage, rows: list[int], seconds: float, console: Console) -> tuple[list[Result], bool]:
    results: list[Result] = []
    missing = False
    for row in rows:
        try:
            for result in ROWS[row](stage, seconds):
                results.append(_sized(result, stage))
                console.print(SEPARATOR.join(results[-1].cells()))
        except (CannotMeasure, ChildFailed) as error:
            missing = True
            console.print(f"第 {row} 行没有测成：{error}")
    return results, missing


def _sized(result: Result, stage: Stage) -> Result:
    """A figure of a smaller bank says so itself: tables are copied without what stood above them."""
    if result.row in LONG and stage.smaller:
        return replace(result, title=f"{result.title}〔{stage.smaller}〕")
    return result
