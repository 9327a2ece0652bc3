"""Deciding a change of a command: the first decision counts, every copy shows it, and what is agreed is in force."""

from dataclasses import replace

from domain.command_change import OVERTAKEN, CommandChange, State, forbidden, present, settle
from domain.refusal import Refused
from handlers.admin import may_act
from handlers.change_face import card_of, change_id, command_of, outcome, subject_of, verdict, what
from handlers.context import Context
from handlers.reply import Reply, say
from handlers.retiring import retired, retired_everywhere
from handlers.rights import administrators
from handlers.speaking import final_face
from storage import command_changes
from storage.outbox import Lane

NOTHING_WAITING = "没有等您确认的申请，也没有您可以撤回的申请。"
SEE_BELOW = "请看下面"
_MOST_SHOWN = 5


def agree(context: Context) -> Reply:
    """同意: in force from this commit on, if nothing moved since it was asked for."""
    change = _clicked(context)
    decided = _settled(context, change, State.AGREED)
    if decided is None:
        return _came_late(context)
    fresh = replace(context, in_force=command_changes.lock(context.unit, context.house.pack))
    command = command_of(fresh, change.command)
    if present(command, change.after) != change.before:
        raise Refused(OVERTAKEN, reason="overtaken")
    if refusal := forbidden(fresh.pack, command, change.after, administrators(context)):
        raise refusal
    command_changes.put_in_force(context.unit, context.house.pack, decided)
    return _told(context, decided, "现在起生效")


def reject(context: Context) -> Reply:
    """退回: nothing changes."""
    return _close(context, State.REJECTED)


def withdraw(context: Context) -> Reply:
    """撤回: the requester takes it back."""
    return _close(context, State.WITHDRAWN)


def _close(context: Context, state: State) -> Reply:
    change = _clicked(context)
    decided = _settled(context, change, state)
    return _came_late(context) if decided is None else _told(context, decided, "没有改动")


def _clicked(context: Context) -> CommandChange:
    assert context.card is not None
    change = command_changes.load(context.unit, change_id(context.card.subject))
    if change is None:
        raise Refused(context.house.pack.texts.stale_card, reason="unknown change")
    return change


def _settled(context: Context, change: CommandChange, state: State) -> CommandChange | None:
    """The decision, written down; None when somebody else's came first."""
    if change.state is not State.WAITING:
        return None
    decided = settle(change, state, context.actor.userid, context.now)
    if isinstance(decided, Refused):
        raise decided
    return decided if command_changes.settle(context.unit, decided) else None


def _told(context: Context, decided: CommandChange, effect: str) -> Reply:
    """Every copy shows the decision, who clicked reads it, and so does who asked."""
    face = verdict(context, decided)
    others = retired_everywhere(context, subject_of(decided), face)
    text = f"{what(context, decided)}：{face}，{effect}。"
    own = decided.requester == context.actor.userid
    told = () if own else say(text, to=decided.requester, lane=Lane.DEADLINE)
    return (*_greyed(context, face), *say(text), *others, *told)


def _came_late(context: Context) -> Reply:
    """Somebody else decided first: the clicked card shows it too."""
    change = _clicked(context)
    return (*_greyed(context, verdict(context, change)), *say(outcome(context, change)))


def _greyed(context: Context, face: str) -> Reply:
    return (final_face(context.card, context.update, face),) if context.card is not None else ()


def show_waiting(context: Context) -> Reply:
    """The open requests that this person can decide or take back, the oldest first."""
    mine = [change for change in command_changes.waiting(context.unit) if may_act(context, change)][:_MOST_SHOWN]
    if not mine:
        return say(NOTHING_WAITING)
    return tuple(part for change in mine for part in _shown_again(context, change))


def present_change(context: Context, subject: str) -> Reply:
    """What became of a change whose old card was clicked; while it is open, its card again."""
    change = command_changes.load(context.unit, change_id(subject))
    if change is None:
        raise Refused(context.house.pack.texts.stale_card, reason="unknown change")
    if change.state is State.WAITING and may_act(context, change):
        return _shown_again(context, change)
    return say(outcome(context, change))


def _shown_again(context: Context, change: CommandChange) -> Reply:
    return (*retired(context, subject_of(change), SEE_BELOW), card_of(context, change, to=context.actor.userid))
