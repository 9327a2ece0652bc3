"""A change of a command as an approval: how it is told, and that it is in force from the commit that agreed to it."""

from dataclasses import replace

from cards.admin import difference, what_text
from domain.approval import Approval
from domain.command import ANYONE, Command
from domain.command_change import FAMILY, OVERTAKEN, CommandChange, forbidden, present, words_of
from domain.refusal import Refused
from domain.staff import Staff
from handlers.approval.family import Family
from handlers.context import Context
from handlers.reply import Reply
from handlers.rights import NEEDS, administrators
from storage import command_changes

NO_SUCH_COMMAND = "现在的包里没有这个命令了，这件申请已经不能生效。"


def command_of(context: Context, key: str) -> Command:
    """The command as it is now; refused where a newer pack no longer has it."""
    found = _command(context, key)
    if found is None:
        raise Refused(NO_SUCH_COMMAND, reason="unknown command")
    return found


def _command(context: Context, key: str) -> Command | None:
    return next((command for command in context.pack.commands if command.key == key), None)


def _change(asked: Approval) -> CommandChange:
    return CommandChange.model_validate_json(asked.wish.body)


def _title(context: Context, asked: Approval, _reader: Staff) -> str:
    change = _change(asked)
    command = _command(context, change.command)
    return what_text(command.word if command else change.command, change.after)


def _lines(_context: Context, asked: Approval) -> list[tuple[str, str]]:
    change = _change(asked)
    return difference(change.before, change.after)


def _warning(context: Context, asked: Approval) -> str:
    """A post does not get by a command what the policy keeps from it."""
    change = _change(asked)
    command = _command(context, change.command)
    if command is None or change.after.posts is None:
        return ""
    added, _ = words_of(change.before, change.after)
    granted, needed = context.house.policy.grants, NEEDS[command.verb]
    without = [post for post in added if post != ANYONE and not granted(post, needed)]
    return f"{'、'.join(without)}没有办这件事的权限，加上也用不了；权限不在这里改。" if without else ""


def _agreed(context: Context, asked: Approval) -> Reply:
    """In force from this commit on, if nothing moved since it was asked for."""
    change = _change(asked)
    fresh = replace(context, in_force=command_changes.lock(context.unit, context.house.pack))
    command = command_of(fresh, change.command)
    if present(command, change.after) != change.before:
        raise Refused(OVERTAKEN, reason="overtaken")
    if refusal := forbidden(fresh.pack, command, change.after, administrators(context)):
        raise refusal
    command_changes.put_in_force(context.unit, context.house.pack, change)
    return ()


COMMAND = Family(
    name=FAMILY,
    title=_title,
    lines=_lines,
    agreed=_agreed,
    effect=lambda _context, _asked: "现在起生效",
    unchanged="没有改动",
    prompt="请确认，一人决定即算数",
    warning=_warning,
)
