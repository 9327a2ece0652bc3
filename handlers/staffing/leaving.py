"""What follows when somebody leaves or changes their post, whichever way it was learnt; all of it in one unit."""

from dataclasses import replace

from domain.approval import State
from domain.conversation import Conversation
from domain.form import Kind
from domain.ids import UserId
from domain.pause import cancel, park
from domain.staff import Staff
from domain.standing import Standing, Turn, turn
from handlers.approval.asking import PASS_ON
from handlers.approval.faces import subject_of as subject_of_wish
from handlers.context import HOUSE_ITSELF, Context
from handlers.handover.planning import subject_of as subject_of_handover
from handlers.operators import to_operators, to_post
from handlers.pausing import keep
from handlers.reply import Reply, Retire, say
from storage import (
    approvals,
    card_rows,
    conversations,
    directory,
    estate,
    grants,
    handovers,
    made_files,
    outbox,
    overrides,
    sessions,
    stand_ins,
    standings,
    timers,
)
from storage.outbox import Lane

SECURITY = "安全管理员"
FOLLOW = "staff.follow"
GREYED = 30  # cards redrawn at most, the newest first: the others answer when they are clicked
FACES = {Turn.LEFT: "您已离职或停用", Turn.REDUCED: "您的岗位已变"}
NEWS = {Turn.LEFT: "{name}（{userid}）已离职或停用", Turn.REDUCED: "{name}（{userid}）的岗位或机构已变"}
SECURED = "{news}：已退出登录，发出的卡片已作废；未发的消息停发 {held} 条，个人授权结束 {grants} 项。"
STAND_IN_OVER = "与{name}有关的委托已结束：{name}已离职、停用或换岗。"
LEFT_BEHIND = (
    "{news}。名下客户 {customers} 位，服务团队 {seats} 席，待办 {todos} 件，参与的未关闭案件 {cases} 件，没填完的表单 {talks} 份。"
    "请安排移交，发：交接 {name}"
)
_SUBJECT = "staff:"


def subject_of(person: UserId) -> str:
    return f"{_SUBJECT}{person}"


def person_of(subject: str) -> UserId:
    return UserId(subject.removeprefix(_SUBJECT))


def follow(context: Context) -> Reply:
    """The watch saw that somebody stands otherwise than before."""
    return after_change(context, person_of(context.update.subject))


def unsubscribed(context: Context) -> Reply:
    """WeCom says that this member is out: of the corporation, disabled, or of the visible range."""
    return stop(context, context.actor.userid, overrides.WECOM)


def gone_from_wecom(context: Context) -> Reply:
    """The nightly look found no such member, a disabled one, or one outside the visible range."""
    person = person_of(context.update.subject)
    member = directory.member(context.unit, person)
    return stop(context, person, overrides.WECOM) if member is not None and member.active else ()


def stop(context: Context, person: UserId, why: str) -> Reply:
    """Nobody's consent is needed to stop somebody: at once, and until two people or the feed say otherwise. `why`: the
    number of a reason, or WeCom.
    """
    overrides.put(context.unit, overrides.STATUS, [person], "left", why)
    context.unit.audit("staff.stopped", subject_of(person), {"why": why})
    return after_change(context, person)


def after_change(context: Context, person: UserId) -> Reply:
    """What a change of somebody's standing brings, once; nothing when there is none."""
    unit, member = context.unit, directory.member(context.unit, person)
    before = standings.last(unit, person)
    if member is None or before is None:
        return ()
    after = Standing.of(member)
    became = turn(before, after)
    if became is Turn.NONE or not standings.keep(unit, person, before, after):
        return ()
    unit.audit(f"staff.{became.value}", subject_of(person), {"posts": list(after.posts), "unit": after.unit_id})
    return _taken_away(context, member, became) if became in FACES else ()


def _taken_away(context: Context, member: Staff, became: Turn) -> Reply:
    """Signed out, nothing more to read or to press; who must know is told."""
    unit, person = context.unit, member.userid
    sessions.end_all(unit, person)
    made_files.drop(unit, person)
    held = outbox.withdraw(unit, person) if became is Turn.LEFT else 0
    ended = _grants(context, person)
    _pass_on(context, person)
    cards = card_rows.withdraw(unit, person, GREYED, context.card.task_id if context.card else None)
    greyed = tuple(Retire(card, code, FACES[became]) for card, code in cards)
    news = NEWS[became].format(name=member.name, userid=person)
    gone = _left(context, member, news) if became is Turn.LEFT else ()
    secured = SECURED.format(news=news, held=held, grants=ended)
    return (*greyed, *_stand_ins(context, member), *gone, *to_post(unit, SECURITY, secured))


def _pass_on(context: Context, person: UserId) -> None:
    """What waited for this one's word is looked at anew, each wish in a unit of its own."""
    wishes = [subject_of_wish(asked) for asked in approvals.named_for(context.unit, person)]
    moves = [subject_of_handover(each) for each in handovers.waiting_on(context.unit, person)]
    for subject in (*wishes, *moves):
        timers.arm(context.unit, subject=subject, kind=PASS_ON, person=HOUSE_ITSELF, due_at=context.now)


def _grants(context: Context, person: UserId) -> int:
    """What was given to somebody in that post, at that place, is theirs nowhere else, nor when they come back; what
    they were denied they stay denied. How many ended.
    """
    ended = 0
    for each in grants.held_by(context.unit, person):
        over = replace(each, state=State.WITHDRAWN, decided_at=context.now)
        ended += grants.settle(context.unit, each, over, "access.revoked")
    return ended


def _left(context: Context, member: Staff, news: str) -> Reply:
    """Half-filled forms wait for who takes over, and the manager reads what is left behind."""
    open_talk = conversations.live(context.unit, member.userid)
    if open_talk is not None:
        keep(context, _put_away(context, open_talk))
    left = estate.in_hand(context.unit, member.userid)
    text = LEFT_BEHIND.format(
        news=news, name=member.name, customers=len(left.customers), seats=len(left.seats),
        todos=len(left.todos), cases=len(left.cases), talks=len(left.talks),
    )  # fmt: skip
    above = next((each for each in directory.superiors(context.unit, member) if each.active), None)
    if above is None:
        return to_operators(context.unit, text)
    return say(text, to=above.userid, lane=Lane.DEADLINE)


def _put_away(context: Context, conversation: Conversation) -> Conversation:
    """What is about a customer goes on with the customer; what is about the leaver's own part in something ends."""
    form = context.house.form_of(conversation) if context.house.goes_on(conversation) else None
    asked = {field.key for field in form.fields if field.type is Kind.CUSTOMER} if form is not None else set()
    about_customer = bool(asked & set(conversation.answers)) and conversation.subject is None
    return (park if about_customer else cancel)(conversation, context.now).conversation


def _stand_ins(context: Context, member: Staff) -> Reply:
    """Nobody acts for somebody who is gone, nor on the word of the post they had."""
    unit, person = context.unit, member.userid
    given, taken = stand_ins.of(unit, person), stand_ins.principals(unit, person)
    for each in (*given, *taken):
        stand_ins.end(unit, each)
    others = dict.fromkeys([each.deputy for each in given] + [each.principal for each in taken])
    told = STAND_IN_OVER.format(name=member.name)
    return tuple(part for other in others for part in say(told, to=other, lane=Lane.DEADLINE))
