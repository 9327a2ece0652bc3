"""The timers that the clocks of a case mean: one for each that moves, for the next thing it brings."""

from datetime import datetime

from domain.process.case import Armed, Running
from domain.process.clocks import days_left, due
from domain.process.draft import Draft
from domain.process.event import ArmTimer, CancelTimer


def arm(draft: Draft) -> None:
    """Set what is to come and cancel what no longer fits. Of a clock that was not touched the calendar need not be
    asked again.
    """
    for key in draft.touched:
        wanted, armed = _next(draft, key), draft.armed.get(key)
        if armed is not None and armed.due == wanted and key != draft.spent:
            continue
        if armed is not None:
            del draft.armed[key]
            if key != draft.spent:
                draft.effects.append(CancelTimer(key, armed.generation))
        if wanted is not None:
            draft.armed[key] = Armed(draft.next_serial(), wanted)
            draft.effects.append(ArmTimer(key, draft.serial, wanted))


def reckon(draft: Draft) -> None:
    """The calendar is another one; where nothing is due at another time, nothing has happened."""
    draft.settles = False
    draft.touched = dict.fromkeys({**draft.armed, **draft.clocks})
    arm(draft)
    if not draft.effects:
        return draft.refuse("nothing", "这个案件的时限没有变化")
    return draft.say("reckoned", None)


def _next(draft: Draft, key: str) -> datetime | None:
    """When a paused clock goes on by itself, or a running one reaches its next level."""
    clock, deadline = draft.clocks.get(key), draft.definition.deadlines[key]
    if clock is None or clock.state is Running.STOPPED:
        return None
    if clock.paused_at is not None:
        return draft.sight.after("workdays", clock.paused_at, days_left(draft, deadline, clock))
    waiting = (level for level in deadline.ladder if f"{key}.{level.key}" not in draft.fired)
    level = next(waiting, None)
    return None if level is None else due(draft, deadline, clock, level)
