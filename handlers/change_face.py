"""How a change of a command is shown: its card for whoever may act on it, and in words what became of it."""

from collections.abc import Sequence

from cards.admin import difference, request_card, submitted_card, what_text
from cards.key import Seal
from cards.message import CardMessage
from domain.command import ANYONE, Command
from domain.command_change import CommandChange, State, words_of
from domain.daytext import moment_text
from domain.ids import ChangeId, UserId
from domain.refusal import Refused
from domain.staff import Staff
from handlers.context import Context
from handlers.reply import Say, new_task_id
from handlers.rights import NEEDS
from storage import directory
from storage.outbox import Lane

NO_SUCH_COMMAND = "现在的包里没有这个命令了，这件申请已经不能生效。"
DONE = {State.AGREED: "已同意", State.REJECTED: "已退回", State.WITHDRAWN: "已撤回"}


def command_of(context: Context, key: str) -> Command:
    """The command as it is now; refused where a newer pack no longer has it."""
    found = _command(context, key)
    if found is None:
        raise Refused(NO_SUCH_COMMAND, reason="unknown command")
    return found


def _command(context: Context, key: str) -> Command | None:
    return next((command for command in context.pack.commands if command.key == key), None)


def card_of(context: Context, change: CommandChange, to: UserId | None = None, others: Sequence[Staff] = ()) -> Say:
    """The change as its receiver may act on it; who asked also reads whom it went to."""
    to = to or change.requester
    lines = [("申请人", _name(context, change.requester)), *difference(change.before, change.after)]
    named, seal, warning = what(context, change), Seal(new_task_id(), 1), _warning(context, change)
    if to == change.requester:
        card = submitted_card(named, lines, seal, warning=warning, others="、".join(each.name for each in others))
    else:
        card = request_card(named, lines, seal, warning=warning)
    lane = Lane.INTERACTIVE if to == context.actor.userid else Lane.DEADLINE
    return Say(CardMessage(card=card), to=to, lane=lane, subject=subject_of(change), revision=1)


def _warning(context: Context, change: CommandChange) -> str:
    """A post does not get by a command what the policy keeps from it."""
    command = _command(context, change.command)
    if command is None or change.after.posts is None:
        return ""
    added, _ = words_of(change.before, change.after)
    granted, needed = context.house.policy.grants, NEEDS[command.verb]
    without = [post for post in added if post != ANYONE and not granted(post, needed)]
    return f"{'、'.join(without)}没有办这件事的权限，加上也用不了；权限不在这里改。" if without else ""


def what(context: Context, change: CommandChange) -> str:
    command = _command(context, change.command)
    return what_text(command.word if command else change.command, change.after)


def outcome(context: Context, change: CommandChange) -> str:
    if change.decided_at is None:
        return f"{what(context, change)}：还在等人确认。"
    return f"{what(context, change)}：{moment_text(change.decided_at, context.now)} {verdict(context, change)}。"


def verdict(context: Context, change: CommandChange) -> str:
    return f"{DONE[change.state]}（{_name(context, change.decided_by)}）"


def _name(context: Context, userid: UserId | None) -> str:
    member = directory.member(context.unit, userid) if userid else None
    return member.name if member else str(userid)


def subject_of(change: CommandChange) -> str:
    return f"change:{change.change_id}"


def change_id(subject: str) -> ChangeId:
    return ChangeId(subject.removeprefix("change:"))
