"""Until when what is kept of a customer, in words of 隐私."""

from domain.daytext import day_text
from domain.ids import CustomerId
from domain.policy import Permission
from domain.retention.deciding import Facts, Standing, due
from domain.retention.kinds import START_WORDS, Kind
from domain.retention.table import Rule
from handlers.case.seeing import sight_of
from handlers.context import Context
from storage.retention import kept

INSTEAD = "客户要求删除：法定保留期内不删除，由{posts}冻结（除保存外停止一切处理）。"


def kept_lines(context: Context, customer_id: CustomerId, *, held: bool) -> list[str]:
    """`held` as this reader may know it."""
    if context.house.retention is None:
        return []
    table, posts = context.house.retention.table, context.house.policy.posts_with(Permission.PERSON_FREEZE)
    whole = Permission.PERSON_FREEZE in context.house.policy.permissions(context.actor)
    lines = [
        f"· {rule.label}：{_until(context, rule, each, held=held)}"
        for each in kept.about(context.unit, table, customer_id, sight_of(context), whole=whole)
        for rule in (table.rule(each.kind),)
    ]
    return ["保留：", *lines, INSTEAD.format(posts="、".join(posts))]


def _until(context: Context, rule: Rule, each: kept.Kept, *, held: bool) -> str:
    today = context.now.date()
    verdict = due(rule, Facts(each.begun, held), today)
    count = "" if each.kind in (Kind.IDENTITY, Kind.LEADS) else f"{each.rows} 条，"
    if verdict.standing is Standing.HELD:
        return f"{count}保全中，到期也不删除"
    if verdict.until is None:
        return f"{count}{START_WORDS[rule.starts]}后 {rule.period}"
    last = "最后一条" if count else ""
    over = "，已到期等删除" if verdict.standing is Standing.DUE else ""
    return f"{count}{last}到 {day_text(verdict.until, today)}{over}"
