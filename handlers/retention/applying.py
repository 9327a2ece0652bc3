"""Acts on a report: only on the last one, while it is fresh, and once people have agreed to it."""

from datetime import date, timedelta
from functools import partial

from domain.refusal import Refused
from domain.retention.kinds import Kind
from domain.retention.report import Report
from domain.retention.table import Edition
from storage.database import Database
from storage.retention import reports
from storage.retention.counting import count
from storage.retention.erasing import Eraser, Order, Tell
from storage.retention.reports import Kept
from storage.unit import Unit

UNASKED, IN_HAND, OVER = "unasked", "in hand", "carried out"
NONE = "还没有报告：先用 rmbot retention report 看看有哪些到期。"
OTHER = "最近的报告是 {digest}，不是 {given}：请重新看过报告，再用它的摘要确认。"
OLD = "报告已过了 {hours} 小时：请重新出一份，看过再确认。"
CHANGED = "保留规则改过了（报告按 {was}，现在是 {now}）：请重新出一份报告。"
UNSAID = "还没有人确认这份报告：在企业微信里由两个人确认，或看过后写 --confirm {digest}。"
GONE = "报告 {digest} 里到期的数据已经删除（{rows:,} 行）：再有到期的，请重新出一份报告。"
TAKEN = "另一个进程正在按报告删除，请等它做完。"


def make(database: Database, edition: Edition, day: date, actor: str) -> Report:
    """Count what there is, and keep the report; one of a day to come is looked at and never acted upon."""
    report = count(database, edition, day)
    if day > database.clocks.business().date():
        return report

    def keep(unit: Unit) -> None:
        unit.actor = actor
        reports.keep(unit, report)

    database.run(keep, "retention.report")
    return report


def apply(database: Database, edition: Edition, actor: str, confirm: str | None, tell: Tell) -> tuple[Report, int]:
    """Erase what is due by the last report; how many rows are gone. Raises Refused."""
    report = database.read_now(lambda unit: _agreed(unit, edition, confirm)).report
    with database.claim("retention.apply") as ours:
        if not ours:
            raise Refused(TAKEN, reason=IN_HAND)
        gone = Eraser(database, Order(actor, report.digest, report.day, edition), tell).run()
        database.run(partial(reports.carried_out, digest=report.digest, rows=gone), "retention.apply")
        return report, gone


def erase_unasked(database: Database, edition: Edition, day: date, actor: str) -> int:
    """What no person needs to look at first, as of a day; how many rows are gone."""
    with database.claim("retention.apply") as ours:
        kinds = frozenset(Kind) - edition.table.asked()
        order = Order(actor, UNASKED, day, edition, kinds)
        return Eraser(database, order, lambda _kind, _gone: None).run() if ours else 0


def _agreed(unit: Unit, edition: Edition, confirm: str | None) -> Kept:
    kept = reports.latest(unit)
    if kept is None:
        raise Refused(NONE, reason="no report")
    report = kept.report
    if confirm and confirm != report.digest:
        raise Refused(OTHER.format(digest=report.digest, given=confirm), reason="another report")
    if kept.erased is not None:
        raise Refused(GONE.format(digest=report.digest, rows=kept.erased), reason=OVER)
    if not fresh(unit, kept, edition):
        raise Refused(OLD.format(hours=edition.table.report_hours), reason="old report")
    if report.version != edition.version:
        raise Refused(CHANGED.format(was=report.version, now=edition.version), reason="rules changed")
    if not confirm and kept.agreed_by is None:
        raise Refused(UNSAID.format(digest=report.digest), reason="not confirmed")
    return kept


def fresh(unit: Unit, kept: Kept, edition: Edition) -> bool:
    """Whether a report may still be acted upon."""
    return unit.now - kept.made_at <= timedelta(hours=edition.table.report_hours)
