"""Word to security about yesterday's reading of customers, where it was out of the ordinary."""

from collections.abc import Sequence
from datetime import date

from domain.reading import Finding, Oddity
from handlers.context import House
from handlers.operators import to_post
from handlers.speaking import tell
from storage import cron, directory
from storage.unit import Unit

JOB, GUARD, TOLD = "reading.watch", "安全管理员", 10


def note(unit: Unit, house: House, day: date, findings: Sequence[Finding]) -> None:
    """Once a day, whichever replica comes first; a quiet day is marked and not spoken of."""
    if not cron.mark(unit, JOB, day.isoformat()) or not findings:
        return
    unit.actor = "clock"
    unit.audit("reading.abnormal", f"day:{day.isoformat()}", {"found": [_record(each) for each in findings]})
    tell(unit, house, f"{JOB}:{day.isoformat()}", to_post(unit, GUARD, _text(unit, day, findings)))


def _record(finding: Finding) -> dict[str, str | int]:
    return {"actor": finding.actor, "what": finding.oddity.name.lower(), "customers": finding.customers}


def _text(unit: Unit, day: date, findings: Sequence[Finding]) -> str:
    names = directory.names(unit, {each.actor for each in findings})
    lines = [
        f"{number}. {names.get(each.actor, each.actor)}（{each.actor}）{each.oddity}：{each.customers} 位，{_limit(each)}"
        for number, each in enumerate(findings[:TOLD], 1)
    ]
    more = [f"另有 {len(findings) - TOLD} 处，见审计 reading.abnormal。"] if len(findings) > TOLD else []
    head = f"{day.month}月{day.day}日查看客户有异常，请核实；审计员可发“审计 账号 {day.isoformat()}”看明细："
    return "\n".join([head, *lines, *more])


def _limit(finding: Finding) -> str:
    return f"{'每小时' if finding.oddity is Oddity.HOUR else '每天'}限 {finding.limit} 位"
