"""The answers of the form as a wish, checked against what this person may: each that does not fit is asked again."""

from collections.abc import Mapping
from datetime import date, timedelta

from domain.conversation import Conversation
from domain.export.narrowing import Narrowing, read_narrowing
from domain.export.wish import Format, ListKind, Wish
from domain.form import YES, Answer
from domain.purpose import Purpose
from domain.refusal import Unfit
from domain.sharing import Field, Form, Surface, form_for
from handlers.context import Context
from handlers.export.listing import MAY
from handlers.rights import audience
from storage.circles import CIRCLES

LIST, RANGE, PURPOSE, REASON, FORMAT, PLAIN = "list", "range", "purpose", "reason", "format", "plain"
_LISTS = {
    "customers": ListKind.CUSTOMERS,
    "visits": ListKind.VISITS,
    "todos": ListKind.TODOS,
    "complaints": ListKind.COMPLAINTS,
}
_COMPLAINT_DAYS = 365
NOT_THE_LIST = "您当前的岗位「{post}」不能看{list}，也就不能导出。请选别的清单。"
NOT_YOURS = "岗位「{post}」不能以「{purpose}」为目的导出。可以选：{purposes}。"
UNKNOWN_RANGE = "没看懂“{word}”。范围可以写分层（如 高净值）、机构名、时间（如 上月），几个之间空一格；不缩小就跳过。"
NOT_NARROWED = "{list}清单只能按{by}缩小，请改写范围。"
NO_PLAIN = "这份清单里没有您可以导出的手机号明文，请选“否”。"
_BY = {
    ListKind.CUSTOMERS: "分层和机构",
    ListKind.VISITS: "时间",
    ListKind.TODOS: "整份",
    ListKind.COMPLAINTS: "时间",
}


def wish_of(context: Context, conversation: Conversation) -> Wish:
    """Raises Unfit for the answer that does not fit."""
    given = {key: each for key, each in conversation.answers.items() if each.value is not None}
    kind = _LISTS[str(given[LIST].value)]
    if context.house.policy.check(context.actor, MAY[kind]):
        raise Unfit(NOT_THE_LIST.format(post=context.actor.post, list=kind), field=LIST, reason="not the post's list")
    return Wish(
        list=kind,
        narrowing=_narrowing(context, kind, given.get(RANGE)),
        purpose=_purpose(context, Purpose(given[PURPOSE].shown)),
        reason=str(given[REASON].value),
        format=Format(str(given[FORMAT].value)),
        plain=_says_yes(given),
    )


def plain_fits(context: Context, wish: Wish) -> None:
    """Numbers in full must be there for this reader: the policy lets only some have them, of some customers."""
    if not wish.plain:
        return
    near = [circle.relation for circle in CIRCLES[context.scope.kind]]
    asked = (audience(context, how, surface=Surface.EXPORT_PLAIN, purpose=wish.purpose) for how in near)
    if wish.list is not ListKind.CUSTOMERS or not any(form_for(Field.MOBILE, each) is Form.PLAIN for each in asked):
        raise Unfit(NO_PLAIN, field=PLAIN, reason="nothing in full")


def _says_yes(given: Mapping[str, Answer]) -> bool:
    return PLAIN in given and YES in given[PLAIN].keys


def _purpose(context: Context, purpose: Purpose) -> Purpose:
    rule = context.house.policy.rules[context.actor.post] if context.actor.post else None
    if rule is not None and purpose not in rule.purposes:
        text = NOT_YOURS.format(post=context.actor.post, purpose=purpose, purposes="、".join(rule.purposes))
        raise Unfit(text, field=PURPOSE, reason="not the post's purpose")
    return purpose


def _narrowing(context: Context, kind: ListKind, said: Answer | None) -> Narrowing:
    """What was said; visits are those of the month and complaints those of a year where no time was."""
    units = {key: each.name for key, each in context.units.units.items()} if said else {}
    read = read_narrowing(str(said.value), units, context.now) if said else Narrowing()
    if isinstance(read, str):
        raise Unfit(UNKNOWN_RANGE.format(word=read), field=RANGE, reason="range not understood")
    placed, dated = bool(read.tiers or read.units), read.since is not None
    if (placed and kind is not ListKind.CUSTOMERS) or (dated and kind in (ListKind.CUSTOMERS, ListKind.TODOS)):
        raise Unfit(NOT_NARROWED.format(list=kind, by=_BY[kind]), field=RANGE, reason="range does not fit")
    if dated or kind in (ListKind.CUSTOMERS, ListKind.TODOS):
        return read
    today = context.now.date()
    return read.model_copy(update={"since": _usual_start(kind, today), "until": today})


def _usual_start(kind: ListKind, today: date) -> date:
    return today.replace(day=1) if kind is ListKind.VISITS else today - timedelta(days=_COMPLAINT_DAYS)
