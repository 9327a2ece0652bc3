"""What an outcome is in JSON: counts, and of the rejected rows line, field and reason, never what stood in them."""

import re
from collections.abc import Iterable

import orjson

from bot.api.problem import Problem
from storage.api_answers import Answer
from storage.imports.delivery import Delivery
from storage.imports.rejection import Rejection
from storage.imports.report import FileReport

TOLD = 100
"""Rejections that are told one by one."""
COUNTS = ("rows", "inserted", "updated", "closed", "unchanged", "rejected")
_QUOTED, _WIDELY_QUOTED = re.compile("“[^”]*”"), re.compile("“.*”", re.DOTALL)
_HIDDEN = "所给的值"


def import_told(delivery: Delivery, report: FileReport) -> Answer:
    """Many rows."""
    told = {
        "kind": delivery.name,
        "mode": "snapshot" if delivery.whole else "append",
        "as_of": delivery.as_of.isoformat(),
        "dry_run": delivery.dry_run,
        **{name: getattr(report, name) for name in COUNTS},
        "rejections": rejections_told(report.rejections),
        **_warnings(report),
    }
    if not report.refused:
        return Answer(200, orjson.dumps(told))
    return Problem("rejected", f"{report.rejected} 处不合格，整批未作改动：改好后再发", **told).answer()


def row_told(delivery: Delivery, report: FileReport) -> Answer:
    """One row: what became of it."""
    if report.refused:
        reasons = rejections_told(report.rejections)
        return Problem("rejected", "这一行不合格，未作改动", kind=delivery.name, rejections=reasons).answer()
    became = next(name for name in ("inserted", "updated", "closed", "unchanged") if getattr(report, name))
    told: dict[str, object] = {"kind": delivery.name, "as_of": delivery.as_of.isoformat(), "result": became}
    told |= _warnings(report)
    return Answer(201 if became == "inserted" else 200, orjson.dumps(told))


def _warnings(report: FileReport) -> dict[str, object]:
    return {"warnings": rejections_told(report.warnings)} if report.warnings else {}


def rejections_told(rejections: Iterable[Rejection]) -> list[dict[str, object]]:
    shown = list(rejections)[:TOLD]
    return [{"line": each.line, "field": each.field, "reason": discreet(each)} for each in shown]


def discreet(rejection: Rejection) -> str:
    """The reason without what it quotes; a value that has a quotation mark of its own takes all between along."""
    marked = any("”" in cell or "“" in cell for cell in rejection.cells)
    return (_WIDELY_QUOTED if marked else _QUOTED).sub(_HIDDEN, rejection.reason)
