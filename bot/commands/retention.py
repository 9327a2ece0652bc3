"""Retention on the command line: what is due, and the erasing of it."""

from datetime import date

from bot.commands.desk import Desk
from bot.packs import shipped_policy, shipped_retention
from domain.basis import Basis
from domain.limit import KEPT_SHORTLY
from domain.retention.kinds import Kind
from domain.retention.report import Line, Report
from domain.retention.table import Rule
from handlers.retention import applying


def report(desk: Desk, as_of: str | None) -> None:
    """Each kind on a line, and how to go on."""
    edition, today = shipped_retention(), desk.clock.business().date()
    day = date.fromisoformat(as_of) if as_of else today
    made = applying.make(desk.database, edition, day, desk.actor)
    for line in made.lines:
        desk.say(_said(edition.table.rule(line.kind), line))
    desk.say("不等到期、用完就删的，期限在权限包的 limits：")
    for limit in map(shipped_policy().limits.__getitem__, KEPT_SHORTLY):
        desk.say(f"{limit.label}  {limit.value}  {_basis(limit.basis)}")
    desk.say(_next(made, today))


def _basis(basis: Basis) -> str:
    return f"{basis.source}{'' if basis.verified else '（待合规确认）'}"


def _said(rule: Rule, line: Line) -> str:
    if rule.stays:
        return f"{rule.label}  {line.rows:,} 行  一直保留"
    parts = [f"{rule.label}  {line.rows:,} 行", f"保留 {rule.period}", f"到期 {line.due:,}"]
    parts += [f"保全中 {line.held:,}"] if line.held else []
    parts += [f"最早从 {line.oldest} 起算"] if line.oldest else []
    parts += [f"下一批 {line.next_due} 之后到期"] if line.next_due else []
    return "  ".join(parts)


def _next(made: Report, today: date) -> str:
    head = f"截至 {made.day}，按 {made.version}：到期 {made.due:,} 行，保全中 {made.held:,} 行。"
    if made.day > today:
        return f"{head}这是预览，到那天再出报告才能删除。"
    return f"{head}看过后：rmbot retention apply --confirm {made.digest}" if made.due else f"{head}没有要删除的。"


def apply(desk: Desk, confirm: str | None) -> None:
    """Erase what the last report names; Refused while nobody has agreed to it."""
    labels = {rule.kind: rule.label for rule in shipped_retention().table.kinds}

    def tell(kind: Kind, gone: int) -> None:
        desk.passing(f"{labels[kind]}：已删除 {gone:,} 行")

    made, gone = applying.apply(desk.database, shipped_retention(), desk.actor, confirm, tell)
    desk.say(f"报告 {made.digest} 里到期的 {made.due:,} 行，本次删除 {gone:,} 行；每一批都记在审计链上。")
    desk.say("以前的备份里还有它们：照保留期让备份过期；从备份恢复之后，请再出报告、再删除一次。")
