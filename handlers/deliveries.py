"""What other systems of the bank deliver over the interface: carried out once, on record, answered the same twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.limit import LimitKey
from domain.policy import Policy
from handlers import freshness
from storage import api_answers, api_keys
from storage import feeds as ledger
from storage.api_answers import Answer, Asked
from storage.api_keys import Caller
from storage.imports import one_row
from storage.imports.delivery import Delivery
from storage.imports.format import CUSTOMERS
from storage.imports.report import FileReport
from storage.unit import Unit

Told = Callable[[FileReport], Answer]


@dataclass(frozen=True)
class Call:
    """Who calls, under which name of theirs (None where they gave none), and how an outcome is put into words."""

    caller: Caller
    asked: Asked | None
    told: Told


def kept(policy: Policy) -> timedelta:
    """How long answers are kept, to be given again."""
    return policy.limits[LimitKey.ANSWER_HOURS].hours


def admit(unit: Unit, caller: Caller, limit: int, policy: Policy) -> None:
    """One more call; old answers go before it is answered. Raises TooMany."""
    unit.actor = caller.actor
    api_keys.count(unit, caller, limit)
    api_answers.forget_old(unit, kept(policy))


def refused(unit: Unit, caller: Caller, operation: str, status: int) -> None:
    """What came to nothing is on record too."""
    unit.actor = caller.actor
    unit.audit("api.refused", operation, {"system": caller.system, "status": status})


def put(unit: Unit, call: Call, delivery: Delivery, cells: Mapping[str, str]) -> Answer:
    """One row, judged and written; a rejected one is an answer, not an error. Raises Refused."""
    if before := begin(unit, call):
        return before
    return end(unit, call, "api.put", delivery, one_row.put_row(unit, delivery, cells), _subjects(delivery, cells))


def close(unit: Unit, call: Call, delivery: Delivery, key: str) -> Answer:
    """One row, ended as of a day. Raises Refused."""
    if before := begin(unit, call):
        return before
    closed = one_row.close_row(unit, delivery, key)
    report = FileReport(delivery.name, delivery.name, 1, closed=int(closed), unchanged=int(not closed))
    return end(unit, call, "api.close", delivery, report, _subjects(delivery, {delivery.spec.key[0]: key}))


def begin(unit: Unit, call: Call) -> Answer | None:
    """The answer of before, if the same was asked before. Raises Refused."""
    unit.actor = call.caller.actor
    before = None if call.asked is None else api_answers.claim(unit, call.asked)
    if before is not None:
        unit.audit("api.repeated", "answer", {"system": call.caller.system, "status": before.status})
    return before


def end(
    unit: Unit, call: Call, action: str, delivery: Delivery, report: FileReport, subjects: tuple[str, ...] = ()
) -> Answer:
    """The record and the answer, in the commit of the effect. Raises InHand where the call was taken over."""
    unit.actor = call.caller.actor
    answer = call.told(report)
    if call.asked is not None:
        api_answers.keep(unit, call.asked, answer)
    counts = {name: getattr(report, name) for name in ("rows", "inserted", "updated", "closed", "unchanged")}
    how = {"system": call.caller.system, "as_of": delivery.as_of.isoformat(), "status": answer.status}
    more = {"rejected": report.rejected, "dry_run": delivery.dry_run, "whole": delivery.whole}
    unit.audit(action, delivery.name, {**how, **counts, **more}, () if report.refused else subjects)
    return answer


def feeds(unit: Unit, caller: Caller) -> list[dict[str, object]]:
    """How each feed stands, and whether it should be younger by now."""
    unit.actor = caller.actor
    unit.audit("api.feeds", "feeds", {"system": caller.system})
    late = {each.expected.feed for each in freshness.standings(unit, unit.now.date()) if each.is_late}
    return [
        {
            "kind": row.name,
            "as_of": row.as_of.isoformat(),
            "arrived_at": row.arrived_at.isoformat(),
            "source": row.source,
            "version": row.version,
            "rows": row.rows,
            "late": row.name in late,
        }
        for row in ledger.feeds(unit)
    ]


def _subjects(delivery: Delivery, cells: Mapping[str, str]) -> tuple[str, ...]:
    return (cells[CUSTOMERS.key[0]],) if delivery.spec is CUSTOMERS else ()
