"""到期数据: the last report to who decides about it; what it names goes after a second person agreed."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from cards.key import Seal
from cards.message import CardMessage
from cards.retention import report_card, report_texts
from domain.approval import Approval, Seat, Wish
from domain.daytext import day_text
from domain.ids import UserId
from domain.policy import Permission
from domain.refusal import Refused
from domain.retention.report import Line, Report
from domain.retention.table import Edition
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.context import Context, House
from handlers.reply import Reply, Say, new_task_id, say
from handlers.retention.applying import fresh
from handlers.speaking import tell
from storage import approvals, cron, directory
from storage.outbox import Lane
from storage.retention import reports
from storage.unit import Unit

SUBJECT = "retention:"
NIGHT, TOLD, DONE = "retention.night", "retention.told", "retention.done"
NO_REPORT = "还没有到期报告：每夜出一份，也可以由运维执行 rmbot retention report。"
NOTHING = "{day}没有要删除的到期数据，保全中 {held} 行。"
GONE = "{day}报告里到期的数据已经删除：{rows:,} 行。再有到期的，下一份报告会写。"
OLD = "这份报告已过期，请发“到期数据”看最新的一份。"
ASKED = "这份报告已有人申请删除，在等另一个人同意。"
EFFECT = "到期的数据现在开始删除，做完告诉您"
ERASED = "到期数据已删除：{gone:,} 行。以前的备份里还有它们，照备份的保留期过期。"
LEFT = (
    "同意删除的到期数据没有删完：那份报告已经过期，或保留规则改过了。请发“到期数据”看最新的一份，需要时重新申请删除。"
)
_AT_MOST, _NAMED = 10, 6


def show(context: Context) -> Reply:
    """到期数据: as the last report has it."""
    edition, kept = _edition(context), reports.latest(context.unit)
    if kept is None:
        raise Refused(NO_REPORT, reason="no report")
    _check_open(context, kept)
    return _shown(context.unit, edition, kept.report, context.actor.userid, asks=_open(context, edition, kept))


def _check_open(context: Context, kept: reports.Kept) -> None:
    """What was carried out, also by hand, is neither asked for nor agreed to any more."""
    if kept.erased is not None:
        day = day_text(kept.report.day, context.now.date())
        raise Refused(GONE.format(day=day, rows=kept.erased), reason="carried out")


def present(context: Context, _subject: str) -> Reply:
    return show(context)


def _open(context: Context, edition: Edition, kept: reports.Kept) -> bool:
    """Whether this report still waits for somebody to ask for the erasing."""
    about = f"{SUBJECT}{kept.report.digest}"
    waits = approvals.waits_about(context.unit, about, (FAMILY.name,))
    return kept.agreed_by is None and fresh(context.unit, kept, edition) and not waits


def _shown(unit: Unit, edition: Edition, report: Report, to: UserId, *, asks: bool) -> Reply:
    due = report.due_among(edition.table.asked())
    today = unit.now.date()
    if not due:
        return say(NOTHING.format(day=day_text(report.day, today), held=report.held), to=to)
    count = sum(line.due for line in due)
    lines = _told(edition, due)
    desc = f"截至{day_text(report.day, today)}，保全中 {report.held:,} 行" + ("；另一个人同意后才删除" if asks else "")
    seal = Seal(new_task_id(), 1)
    title = f"{count:,} 行数据到期"
    card = report_card(title, desc, lines, seal, asks=asks)
    whole = (Say(text, to=to, lane=Lane.DEADLINE) for text in report_texts(title, lines))
    subject = f"{SUBJECT}{report.digest}"
    return (*whole, Say(CardMessage(card=card), to=to, lane=Lane.DEADLINE, subject=subject, revision=1))


def ask(context: Context) -> Reply:
    """申请删除, on the card of a report."""
    assert context.card is not None
    edition, digest = _edition(context), context.card.subject.removeprefix(SUBJECT)
    kept = reports.latest(context.unit)
    if kept is None or kept.report.digest != digest or not fresh(context.unit, kept, edition):
        raise Refused(OLD, reason="old report")
    _check_open(context, kept)
    if not _open(context, edition, kept):
        raise Refused(ASKED, reason="already asked")
    seats, until = (Seat(Permission.RETENTION_CONFIRM),), kept.made_at + timedelta(hours=edition.table.report_hours)
    return submit(context, FAMILY, Wish(f"{SUBJECT}{digest}", f"报告 {digest}", seats, kept.report.body(), until=until))


def _agreed(context: Context, asked: Approval) -> Reply:
    """The clock carries it out; a report that is no longer the last one is not acted upon."""
    kept, digest = reports.latest(context.unit), asked.wish.about.removeprefix(SUBJECT)
    if kept is None or kept.report.digest != digest or not fresh(context.unit, kept, _edition(context)):
        raise Refused(OLD, reason="old report")
    _check_open(context, kept)
    reports.agree(context.unit, digest, context.actor.userid)
    return ()


def _lines(context: Context, asked: Approval) -> list[tuple[str, str]]:
    edition, report = _edition(context), Report.of(asked.wish.body)
    due = report.due_among(edition.table.asked())
    told = _told(edition, due)
    more = f"等 {len(told)} 种，全部请发“到期数据”看" if len(told) > _NAMED else ""
    return [
        ("到期", f"{sum(line.due for line in due):,} 行"),
        ("其中", "、".join(told[:_NAMED]) + more),
        ("同意后", "删除，不能恢复；保全中的不删"),
    ]


def _told(edition: Edition, due: Sequence[Line]) -> list[str]:
    """联系记录 1,234 行; what is remarked about a kind is for the table, not for a phone."""
    label_of = {line.kind: edition.table.rule(line.kind).label.partition("（")[0] for line in due}
    return [f"{label_of[line.kind]} {line.due:,} 行" for line in due]


def _edition(context: Context) -> Edition:
    if context.house.retention is None:
        raise Refused(NO_REPORT, reason="no rules")
    return context.house.retention


FAMILY = Family(
    name="retention",
    title=lambda _context, _asked, _reader: "删除到期数据",
    lines=_lines,
    agreed=_agreed,
    effect=lambda _context, _asked: EFFECT,
    unchanged="没有删除；需要时请重新申请",
)


def note(unit: Unit, house: House, report: Report, slot: str) -> None:
    """The night's report; who decides hears of it once a week while something is due."""
    if not cron.mark(unit, NIGHT, slot):
        return
    unit.actor = "clock"
    reports.keep(unit, report)
    assert house.retention is not None
    monday = report.day - timedelta(days=report.day.weekday())
    if report.due_among(house.retention.table.asked()) and cron.mark(unit, TOLD, monday.isoformat()):
        for person in _deciders(unit, house):
            told = _shown(unit, house.retention, report, person, asks=True)
            tell(unit, house, f"{NIGHT}:{slot}:{person}", _says(told))


def done(unit: Unit, house: House, report: Report, gone: int) -> None:
    """All of it is erased; said once."""
    if cron.mark(unit, DONE, done_slot(report)):
        _tell_deciders(unit, house, report, ERASED.format(gone=gone))


def not_done(unit: Unit, house: House, report: Report) -> None:
    """What was agreed to could not be carried out, or not to its end; said once."""
    if cron.mark(unit, DONE, done_slot(report)):
        _tell_deciders(unit, house, report, LEFT)


def _tell_deciders(unit: Unit, house: House, report: Report, text: str) -> None:
    unit.actor = "clock"
    for person in _deciders(unit, house):
        tell(unit, house, f"{DONE}:{report.digest}:{person}", _says(say(text, to=person, lane=Lane.DEADLINE)))


def done_slot(report: Report) -> str:
    return f"{report.day.isoformat()} {report.digest}"


def _says(reply: Reply) -> Iterable[Say]:
    return (part for part in reply if isinstance(part, Say))


def _deciders(unit: Unit, house: House) -> list[UserId]:
    posts = house.policy.posts_with(Permission.RETENTION_CONFIRM)
    return list(dict.fromkeys(each for post in posts for each in directory.holders(unit, post, limit=_AT_MOST)))
