"""A colleague somebody names in a form: by userid or by the whole name; who is not one and clear is asked again."""

from domain.ids import UserId
from domain.refusal import Unfit
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


def _told_apart(context: Context, person: UserId) -> str:
    member = directory.member(context.unit, person)
    unit = context.units.units.get(member.unit_id) if member else None
    return f"{person}（{unit.name if unit else '未知机构'}）"
