"""A colleague somebody names in a form: by userid or by the whole name; who is not one and clear is asked again."""

from domain.ids import UserId
from domain.refusal import Unfit
from domain.staff import Staff
from handlers.context import Context
from storage import directory

NOBODY = "本行没有叫“{words}”的在职员工。请写全名或账号。"
SEVERAL = "叫“{words}”的有 {count} 位，请写账号：{who}。"
_LISTED = 5


def one_called(context: Context, field: str, words: str, nobody: str = NOBODY, *, gone: bool = False) -> UserId:
    """Who is meant; raises Unfit, which asks `field` again (`nobody`: in which words when no one is called so; `gone`:
    it may be somebody who has left).
    """
    found = directory.called(context.unit, words, gone=gone)
    if not found:
        raise Unfit(nobody.format(words=words), field=field, reason="nobody of that name")
    if len(found) > 1:
        who = "、".join(_told_apart(context, each) for each in found[:_LISTED])
        raise Unfit(SEVERAL.format(words=words, count=len(found), who=who), field=field, reason="several of that name")
    return found[0]


def introduced(context: Context, person: UserId) -> str:
    """刘芳（rm02，北京城东支行）: on the card that is confirmed one sees who was found."""
    member = directory.member(context.unit, person)
    return f"{member.name if member else ''}（{person}，{_unit_of(context, member)}）"


def _told_apart(context: Context, person: UserId) -> str:
    return f"{person}（{_unit_of(context, directory.member(context.unit, person))}）"


def _unit_of(context: Context, member: Staff | None) -> str:
    unit = context.units.units.get(member.unit_id) if member else None
    return unit.name if unit else "未知机构"
