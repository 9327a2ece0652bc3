"""The timers that the clocks of a case mean: one for each that moves, for the next thing it brings."""

from datetime import datetime

from domain.process.case import Armed, Running
from domain.process.clocks import days_left, due
from domain.process.draft import Draft
from domain.process.event import ArmTimer, CancelTimer


def arm(draft: Draft, *, anew: bool = False) -> None:
    """Set what is to come and cancel what no longer fits. `anew` asks the calendar about every clock, moved or not."""
    for key in {**draft.armed, **draft.clocks}:
        if _as_before(draft, key) and not anew:
            continue
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
    arm(draft, anew=True)
    if not draft.effects:
        return draft.refuse("nothing", "这个案件的时限没有变化")
    return draft.say("reckoned", None)


def _as_before(draft: Draft, key: str) -> bool:
    """Nothing of this clock has changed; the calendar need not be asked again."""
    case = draft.case
    same = draft.clocks.get(key) is case.clocks.get(key) and draft.armed.get(key) is case.armed.get(key)
    return same and draft.fired is case.fired and key != draft.spent


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
