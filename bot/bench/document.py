"""Writes measured figures into their page: `python -m bot.bench.document RESULTS.jsonl docs/benchmarks.md`."""

import json
import sys
from pathlib import Path

from bot.bench.result import HEADINGS

BEGIN, END = "<!-- 实测开始：由命令写入 -->", "<!-- 实测结束 -->"


def tables(results: str) -> str:
    """The lines of `rmbot bench --json` as two tables: the machine, and what was measured on it."""
    first, *rows = (json.loads(line) for line in results.splitlines())
    machine = [f"| {name} | {value} |" for name, value in first["machine"].items()]
    measured = [f"| {' | '.join(row['cells'])} |" for row in rows]
    head = [f"| {' | '.join(HEADINGS)} |", "|" + "---|" * len(HEADINGS)]
    return "\n".join(["| 机器 | |", "|---|---|", *machine, "", *head, *measured])


def filled(page: str, results: str) -> str:
    """The page with what stands between its two marks replaced."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(results)}\n\n{END}{after}"


if __name__ == "__main__":
    source, target = (Path(argument) for argument in sys.argv[1:3])
    target.write_text(filled(target.read_text("utf-8"), source.read_text("utf-8")), "utf-8")
