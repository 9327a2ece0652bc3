"""管理: what a person may administer, and the list of commands with their state."""

from cards.admin import COMMAND_QUESTION, command_card, commands_card, overview_card
from cards.key import Seal
from domain.approval import acts_on
from domain.command import Command
from domain.command_change import ABOUT, FAMILY
from domain.normalise import compact
from domain.policy import Permission
from domain.refusal import Refused
from handlers import freshness
from handlers.approval.deciding import shown
from handlers.context import Context
from handlers.reply import Reply, new_task_id, say, show
from handlers.retiring import retired
from storage import approvals

OVERVIEW, LIST = "admin:", "commands:"
TOPICS = frozenset({"命令", "全部命令"})
DATA = frozenset({"数据", "数据到位", "数据到位情况"})
NO_TOPIC = "没有这一项。现在可以管理的有：命令、数据。"
NOTHING_WAITING = "没有等您确认的申请，也没有您可以撤回的申请。"
PICK_ONE = "请先在下拉里选一个命令，再点按钮。"
CHANGED_MEANWHILE = "命令刚刚有变化，请发“管理 命令”看最新的列表。"
PRESENT_LIST = "这张卡片已经过时，现在的命令是这样："
NEWER_BELOW = "请看最新的列表"


def show_admin(context: Context) -> Reply:
    """管理, and 管理 命令 straight to the list."""
    topic = compact(context.argument)
    if topic in TOPICS:
        return show_commands(context)
    if topic in DATA:
        return _data(context)
    return (*(say(NO_TOPIC) if topic else ()), *_overview(context))


def _data(context: Context) -> Reply:
    """数据到位情况, feed by feed."""
    today = context.now.date()
    found = freshness.standings(context.unit, today)
    advice = (freshness.ADVICE,) if any(each.is_late for each in found) else ()
    return say("\n".join(["数据到位情况", *freshness.all_lines(found, today), *advice]))


def _overview(context: Context) -> Reply:
    commands = context.pack.commands
    stopped = sum(not command.enabled for command in commands)
    open_ = approvals.waiting_of(context.unit, FAMILY)
    lines = [("命令", f"共 {len(commands)} 个" + (f"，停用 {stopped} 个" if stopped else ""))]
    lines += [("待确认", f"{len(open_)} 件")] if open_ else []
    lines += [("数据", freshness.short(context.unit, context.now.date()))]
    allowed, me = context.house.policy.permissions(context.actor), context.actor.userid
    decides = any(acts_on(each, me, allowed) for each in open_)
    stops, grants = Permission.STAFF_STOP in allowed, Permission.GRANT_LIST in allowed
    card = overview_card(lines, Seal(new_task_id(), 0), waiting=decides, stops=stops, grants=grants)
    return (show(card, subject=OVERVIEW),)


def show_waiting(context: Context) -> Reply:
    """待确认的申请: the changes that this person can decide or take back, the oldest first."""
    me, held = context.actor.userid, context.house.policy.permissions(context.actor)
    mine = [each for each in approvals.waiting_of(context.unit, FAMILY) if acts_on(each, me, held)]
    return shown(context, mine) if mine else say(NOTHING_WAITING)


def show_commands(context: Context, page: int = 0) -> Reply:
    """All commands in the order of the pack; lists shown before go out of play."""
    older = retired(context, LIST, NEWER_BELOW)
    commands = context.pack.commands
    card = commands_card(
        commands,
        Seal(new_task_id(), 0),
        page=page,
        may_change=may_change(context),
        waiting={each.wish.about.removeprefix(ABOUT) for each in approvals.waiting_of(context.unit, FAMILY)},
        notes=context.in_force.ignored,
    )
    options = {str(number): command.key for number, command in enumerate(commands, 1)}
    remembered = {"options": options, "page": page, "version": context.in_force.version}
    return (show(card, subject=LIST, context=remembered), *older)


def next_page(context: Context) -> Reply:
    assert context.card is not None
    return show_commands(context, int(context.card.context["page"]) + 1)


def detail(context: Context) -> Reply:
    """Everything about the command that is picked."""
    command = picked(context)
    card = command_card(command, Seal(new_task_id(), 0), may_change=may_change(context))
    remembered = {"command": command.key, "version": context.in_force.version}
    return (show(card, subject=LIST, context=remembered),)


def picked(context: Context) -> Command:
    """The command that a card is about, or that was chosen on it; commands must still be as the card showed them."""
    remembered = context.card.context if context.card else {}
    number = context.update.answers.get(COMMAND_QUESTION, ())
    key = remembered.get("command") or (remembered.get("options", {}).get(number[0]) if len(number) == 1 else None)
    if key is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    if remembered["version"] != context.in_force.version:
        raise Refused(CHANGED_MEANWHILE, reason="stale list")
    return context.pack.command(key)


def may_change(context: Context) -> bool:
    return Permission.COMMAND_CHANGE in context.house.policy.permissions(context.actor)


def present(context: Context, subject: str) -> Reply:
    """An old list shows how things stand now."""
    return (*say(PRESENT_LIST), *show_commands(context))


def present_overview(context: Context, subject: str) -> Reply:
    return (*say(context.house.pack.texts.stale_card), *_overview(context))
