"""恢复: who was stopped comes back when a second administrator agrees; who WeCom stopped, when WeCom says so."""

from domain.approval import Approval, Seat, Wish
from domain.conversation import Conversation
from domain.form import Answer
from domain.ids import UserId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.staff import Staff
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.colleague import introduced
from handlers.context import Context
from handlers.reply import Begin, Reply
from handlers.staffing.leaving import after_change, person_of, subject_of
from storage import directory, overrides

FORM, WHO, WHY = "staff_return", "who", "why"
NOBODY_STOPPED = "“{words}”没有被停用；现在没有停用中的同事，不用恢复。"
NOT_STOPPED = "“{words}”没有被停用。停用中的有：{who}。"


def ask(context: Context) -> Reply:
    """恢复 [某人]: whom, and why; one who was not stopped is said at once."""
    words = context.argument.strip()
    if not words:
        return (Begin(FORM),)
    person = _stopped(context, words).userid
    return (Begin(FORM, {WHO: Answer(value=person, shown=introduced(context, person))}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a wish, for everybody else who may agree but the one who is to come back."""
    person = _stopped(context, str(conversation.answers[WHO].value)).userid
    why = str(conversation.answers[WHY].value)
    return submit(context, FAMILY, Wish(subject_of(person), why, (Seat(Permission.STAFF_STOP),), barred=(person,)))


def _stopped(context: Context, words: str) -> Staff:
    """The one of those whom the house stopped, or took a post from, that is called so."""
    own = {each.key for cell in (overrides.STATUS, overrides.POSTS) for each in overrides.every(context.unit, cell)}
    members = [member for key in sorted(own) if (member := directory.member(context.unit, UserId(key)))]
    found = [each for each in members if words.strip().lower() in (each.userid, each.name.lower())]
    if len(found) == 1:
        return found[0]
    if not members:
        raise Refused(NOBODY_STOPPED.format(words=words), reason="nobody stopped")
    who = "、".join(f"{each.name}（{each.userid}）" for each in members)
    raise Unfit(NOT_STOPPED.format(words=words, who=who), field=WHO, reason="nobody stopped of that name")


def _title(context: Context, asked: Approval, _reader: Staff) -> str:
    person = person_of(asked.wish.about)
    return f"恢复 {directory.names(context.unit, [person])[person]}"


def _lines(context: Context, asked: Approval) -> list[tuple[str, str]]:
    member = directory.member(context.unit, person_of(asked.wish.about))
    assert member is not None
    unit = context.units.units.get(member.unit_id)
    return [("恢复", f"{member.name}（{member.userid}）"), ("机构", unit.name if unit else "未知机构")]


def _agreed(context: Context, asked: Approval) -> Reply:
    """Back at once, as the feed has them."""
    person = person_of(asked.wish.about)
    for cell in (overrides.STATUS, overrides.POSTS):
        overrides.lift(context.unit, cell, person)
    context.unit.audit("staff.brought_back", asked.wish.about, {"approval": asked.approval_id})
    return after_change(context, person)


FAMILY = Family(
    name="staff_return",
    title=_title,
    lines=_lines,
    agreed=_agreed,
    effect=lambda _context, _asked: "现在起可以使用",
    unchanged="没有恢复；需要时请重新申请",
    prompt="请确认，一人决定即算数",
)


def back_in_wecom(context: Context) -> Reply:
    """The nightly look found somebody in service whom WeCom had stopped."""
    member = directory.member(context.unit, person_of(context.update.subject))
    if member is not None:
        rejoined(context, member)
    return ()


def rejoined(context: Context, member: Staff) -> Staff:
    """WeCom has the member again: what WeCom alone had stopped is over, as it now stands."""
    unit, person = context.unit, member.userid
    own = overrides.find(unit, overrides.STATUS, person)
    if own is None or own.why != overrides.WECOM:
        return member
    overrides.lift(unit, overrides.STATUS, person)
    unit.audit("staff.brought_back", subject_of(person), {"why": overrides.WECOM})
    after_change(context, person)
    return directory.member(unit, person) or member
