"""导出 <清单> [范围]: asked by form, shown with its rows and columns before anything is made, then confirmed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cards.export import Lines, confirm_card
from cards.key import Seal
from domain.conversation import Conversation
from domain.export.wish import Desk, Wish, refusal
from domain.limit import LimitKey
from domain.line import read_line
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.scope import RELATION_WORDS
from handlers.context import Context
from handlers.export import approving
from handlers.export.answers import PLAIN, RANGE, plain_fits, wish_of
from handlers.export.listing import Listing, listing
from handlers.export.telling import lines_of, title_of
from handlers.operators import to_post
from handlers.reply import Begin, Reply, Say, new_task_id, say, show
from handlers.speaking import final_face
from storage import exports, labels, quiet
from storage.export_question import Counts
from storage.exports import Export, ExportState

FORM, FORM_PLAIN = "export", "export_plain"
GUARD = "安全管理员"
TOO_OFTEN = "您今天已经申请导出 {count} 次，到了上限。请明天再试；确有需要，请联系数据安全岗。"
TOLD_GUARD = "{name}（{userid}）一天内申请导出已达 {count} 次，被拒绝了。请审计员发“审计 {userid}”查看。"
UNASKED = "没有手机号明文、24 小时内合计不超过 {most} 行的，不用审批。"
UNLABELLED = (
    "这里还没有做过第一次分层，客户这么多，现在不能按分层缩小，没有提交。请改写机构名，"
    "或等分层做好再导出：每天数据到齐后自动做，着急请系统管理员执行 rmbot labels recompute。"
)
STARTED = "好的，正在生成，做好就告诉您。"
CONFIRMED, DROPPED = "已确认", "已取消"
NOTHING_MADE = "已取消，没有导出。需要时请重新发“导出”。"
IS_NOW = {
    ExportState.ASKED: "还没有确认，没有生成文件。请重新发“导出”。",
    ExportState.WAITING: "已提交审批。",
    ExportState.AGREED: "正在生成，做好就告诉您。",
    ExportState.MADE: "文件已经做好，请到“文件做好了”的卡片里下载。",
    ExportState.OVER: f"{approving.UNCHANGED}。",
}


def ask(context: Context) -> Reply:
    """Only who may have numbers in full is asked whether they want them."""
    if refused := _too_often(context):
        return refused
    full = Permission.EXPORT_PLAIN in context.house.policy.permissions(context.actor)
    form = FORM_PLAIN if full else FORM
    line = read_line(context.house.pack.form(form), context.argument, context.now)
    return (*(say(line.problem) if line.problem else ()), Begin(form, line.known))


def save(context: Context, conversation: Conversation) -> Reply:
    """The answers become a request that waits for its confirmation; nothing is read but how much there would be."""
    wish = wish_of(context, conversation)
    found = listing(context.unit, context.house, context.actor, wish)
    plain_fits(context, wish)
    limits = context.house.policy.limits
    counts = found.counts(context.unit, limits[LimitKey.EXPORT_ROWS].value + 1)
    rows, found = counts.total(), found.of(counts)
    if refused := refusal(wish.list, rows, limits):
        raise Unfit(_said(context, wish, rows, refused), field=RANGE, reason=refused.reason)
    export = exports.add(context.unit, context.actor.userid, context.actor.post, wish, rows)
    context.unit.audit("export.asked", export.subject, _counted(wish, found, rows))
    needed = approving.desks_for(context.unit, export, rows, limits)
    _check_people(context, export, needed)
    return (_confirmation(context, export, needed, [*_content(found, counts)]),)


def _said(context: Context, wish: Wish, rows: int, refused: Refused) -> str:
    """Before the first labels were made a tier narrows nothing that is longer than the cap, whatever it holds."""
    by_tier = rows and wish.narrowing.tiers and labels.head(context.unit) is None
    return UNLABELLED if by_tier else refused.text


def confirm(context: Context) -> Reply:
    """确认: a short list is made at once, a longer one when others have agreed."""
    export = _clicked(context)
    if refused := _too_often(context):
        return refused
    needed = approving.desks_for(context.unit, export, export.rows, context.house.policy.limits)
    if needed:
        return (*_greyed(context, CONFIRMED), *approving.request(context, export, needed))
    approving.begin(context.unit, export)
    return (*_greyed(context, CONFIRMED), *say(STARTED))


def drop(context: Context) -> Reply:
    export = _clicked(context)
    if not exports.move(context.unit, export, ExportState.OVER):
        raise Refused(approving.GONE, reason="not to be dropped")
    return (*_greyed(context, DROPPED), *say(NOTHING_MADE))


def present(context: Context, subject: str) -> Reply:
    """How an export stands whose old card was clicked."""
    export = approving.load(context.unit, subject)
    if export.userid != context.actor.userid:
        raise Refused(approving.GONE, reason="not the actor's export")
    return say(f"{title_of(export)}：{IS_NOW[export.state]}")


def _counted(wish: Wish, found: Listing, rows: int) -> dict[str, object]:
    """What the trail keeps: how much of what, and of nobody."""
    columns = [column.title for column in found.columns]
    return {"list": wish.list, "rows": rows, "columns": columns, "purpose": wish.purpose, "plain": wish.plain}


def _check_people(context: Context, export: Export, needed: Sequence[Desk]) -> None:
    """Before anything is confirmed: a list that needs more people's word than there are is asked for otherwise."""
    try:
        approving.check(context, export, needed)
    except Refused as nobody:
        most = context.house.policy.limits[LimitKey.EXPORT_ALONE].value
        text, field = f"{nobody.text}{UNASKED.format(most=most)}", PLAIN if export.wish.plain else RANGE
        raise Unfit(text, field=field, reason=nobody.reason) from nobody


def _content(found: Listing, counts: Counts) -> Iterator[tuple[str, str]]:
    """The columns, and which of them are empty in some rows because of who the customer is to the reader."""
    titles = [column.title for column in found.columns]
    yield "内容", f"{len(titles)} 列：{'、'.join(titles)}"
    for bare, columns in found.empty(counts).items():
        whose = "、".join(f"{RELATION_WORDS[how]}客户" if how else "看不到客户" for how in bare)
        rows = sum(counts[how] for how in bare)
        yield "留空", f"{'、'.join(each.title for each in columns)}：{whose}的 {rows:,} 行没有"


def _confirmation(context: Context, export: Export, needed: Sequence[Desk], content: Lines) -> Say:
    lines = [
        *lines_of(context, export),
        ("审批", "、".join(needed) + " 先后同意" if needed else "不用"),
        *content,
        ("理由", export.wish.reason),
        *_together(context, export),
    ]
    seal = Seal(new_task_id(), 0)
    return show(confirm_card(title_of(export), lines, seal, approved=bool(needed)), subject=export.subject)


def _together(context: Context, export: Export) -> list[tuple[str, str]]:
    """Why a short list may need the word of others: what was taken along before counts too."""
    rows = approving.rows_judged(context.unit, export, export.rows)
    return [("合计", f"24 小时内连同这次 {rows:,} 行，按合计审批")] if rows > export.rows else []


def _clicked(context: Context) -> Export:
    """The request on the card, while it waits for its confirmation."""
    assert context.card is not None
    export = approving.load(context.unit, context.card.subject)
    if export.state is not ExportState.ASKED:
        raise Refused(f"{title_of(export)}：{IS_NOW[export.state]}", reason="confirmed already")
    return export


def _too_often(context: Context) -> Reply:
    """Word to the person beyond the policy's number, and once an hour to security; a refusal that is returned keeps
    both."""
    me, most = context.actor, context.house.policy.limits[LimitKey.EXPORT_DAY].value
    if exports.confirmed_since(context.unit, me.userid, context.now - timedelta(days=1)) < most:
        return ()
    context.unit.audit("export.too_many", f"staff:{me.userid}", {"of": most})
    told = TOLD_GUARD.format(name=me.name, userid=me.userid, count=most)
    first = quiet.may_speak(context.unit, me.userid, "export", timedelta(hours=1))
    return (*say(TOO_OFTEN.format(count=most)), *(to_post(context.unit, GUARD, told) if first else ()))


def _greyed(context: Context, said: str) -> Reply:
    return (final_face(context.card, context.update, said),) if context.card is not None else ()
