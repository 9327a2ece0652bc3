"""Holds in words, for who may know of them: that something is held is nobody else's business."""

from domain.daytext import day_text
from domain.policy import Permission
from handlers.context import Context
from storage import directory
from storage.retention.holds import Hold


def may_know(context: Context) -> bool:
    """Who lays holds and who decides them."""
    held = context.house.policy.permissions(context.actor)
    return bool(held & {Permission.HOLD_ASK, Permission.HOLD_DECIDE})


def told(context: Context, laid: list[Hold]) -> list[str]:
    """Each on a line, for who may know."""
    names = directory.names(context.unit, {each.asked_by for each in laid})
    return [
        f"保全：{each.reference}（{f'案件 {each.case_id}，' if each.case_id else ''}{each.reason}），"
        f"{day_text(each.since.date(), context.now.date())}起，{names[each.asked_by]}申请"
        for each in laid
    ]
