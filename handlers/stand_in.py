"""委托: somebody else acts for me for a while; who it is hears of it, and it can be ended at any time."""

from hashlib import sha256

from cards.key import Seal
from cards.stand_in import stand_in_card
from domain.conversation import Conversation
from domain.daytext import moment_text
from domain.ids import UserId
from domain.line import read_line
from domain.moment_value import due_at, starts_at
from domain.refusal import Unfit
from domain.staff import Staff
from domain.stand_in import home_of, may_stand_in
from handlers.colleague import one_called
from handlers.context import Context
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.retiring import retired
from storage import directory, stand_ins
from storage.outbox import Lane
from storage.stand_ins import StandIn

FORM, DEPUTY = "stand_in", "deputy"
SUBJECT = "standin:"
YOURSELF = "不能委托给自己，请换一位。"
BACKWARDS = "结束时间要晚于开始时间，请重新写。"
UNFIT = "{name}不能替您办。请写{place}的{posts}同事{above}。"
ABOVE = "，或您的上级（{names}）"
SET = (
    "已委托：{name} {start} 起替您办，到 {end} 为止。这段时间新派给您的案件归他，到期后也由他办完；"
    "您手上的案件和审批，您和他都可以办。要提前结束，发“委托”再点“结束委托”。"
)
TOLD = "{name} 委托您代办：{start} 起，到 {end} 为止。等您代办的案件发“案件”就能看到。"
ENDED = "委托已结束。"
ENDED_TOLD = "{name} 已结束对您的委托。"
NONE = "现在没有进行中的委托。"


def show_stand_in(context: Context) -> Reply:
    """委托 [谁] [到几时]: how it stands, or the form for a new one."""
    mine = stand_ins.of(context.unit, context.actor.userid)
    if mine and not context.argument.strip():
        return _card(context, mine)
    line = read_line(context.house.pack.form(FORM), context.argument, context.now)
    if DEPUTY in line.known:
        _deputy(context, str(line.known[DEPUTY].value))
    return (*(say(line.problem) if line.problem else ()), Begin(FORM, line.known))


def new(context: Context) -> Reply:
    """换人: a new one in place of the old."""
    return (Begin(FORM),)


def _card(context: Context, mine: list[StandIn]) -> Reply:
    names = directory.names(context.unit, [each.deputy for each in mine])
    rows = [(names[each.deputy], _window(context, each)) for each in mine]
    older = retired(context, SUBJECT, "请看最新的")
    return (show(stand_in_card(rows, Seal(new_task_id(), 0)), subject=SUBJECT), *older)


def _window(context: Context, each: StandIn) -> str:
    return f"{moment_text(each.from_at, context.now)} 至 {moment_text(each.until_at, context.now)}"


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a window."""
    answers = conversation.answers
    deputy = _deputy(context, str(answers[DEPUTY].value))
    start = answers.get("from_at")
    from_at = starts_at(start.value) if start is not None and start.value is not None else context.now
    until_at = due_at(answers["until_at"].value)
    if until_at <= max(from_at, context.now):
        raise Unfit(BACKWARDS, field="until_at", reason="window backwards")
    key = sha256(f"standin:{conversation.id}".encode()).hexdigest()[:16]
    made = StandIn(key, context.actor.userid, deputy, max(from_at, context.now), until_at)
    stand_ins.add(context.unit, made)
    name = directory.names(context.unit, [deputy])[deputy]
    said = {"start": moment_text(made.from_at, context.now), "end": moment_text(until_at, context.now)}
    told = say(TOLD.format(name=context.actor.name, **said), to=deputy, lane=Lane.DEADLINE)
    return (*say(SET.format(name=name, **said)), *told)


def _deputy(context: Context, words: str) -> UserId:
    deputy = one_called(context, DEPUTY, words)
    if deputy == context.actor.userid:
        raise Unfit(YOURSELF, field=DEPUTY, reason="own stand-in")
    _check(context, deputy)
    return deputy


def _check(context: Context, deputy: UserId) -> None:
    """Nobody gets a say by 委托 that the bank would not give them: neither another post's nor another branch's."""
    member, superiors = directory.member(context.unit, deputy), directory.superiors(context.unit, context.actor)
    above = [each for each in superiors if each.active]
    if member is None or not may_stand_in(member, context.actor, {each.userid for each in above}, context.units):
        name = directory.names(context.unit, [deputy])[deputy]
        raise Unfit(_who_may(context, name, above), field=DEPUTY, reason="no fit stand-in")


def _who_may(context: Context, name: str, above: list[Staff]) -> str:
    home = home_of(context.units, context.actor)
    names = "、".join(each.name for each in above)
    return UNFIT.format(
        name=name,
        place=home.name if home else "总行",
        posts="、".join(context.actor.posts),
        above=ABOVE.format(names=names) if names else "",
    )


def end(context: Context) -> Reply:
    """结束委托: all of them."""
    mine = stand_ins.of(context.unit, context.actor.userid)
    if not mine:
        return say(NONE)
    for each in mine:
        stand_ins.end(context.unit, each)
    told = ENDED_TOLD.format(name=context.actor.name)
    others = tuple(part for each in mine for part in say(told, to=each.deputy, lane=Lane.DEADLINE))
    return (*say(ENDED), *others)


def present(context: Context, _subject: str) -> Reply:
    mine = stand_ins.of(context.unit, context.actor.userid)
    return _card(context, mine) if mine else say(NONE)
