"""A timer came due: the pause is over, or a ladder is climbed, each person hearing only the highest level."""

from datetime import timedelta

from domain.ids import UserId
from domain.process import clocks, ledger, outcome, people
from domain.process.case import Running
from domain.process.deadline import Level
from domain.process.draft import Draft
from domain.process.event import Fired

_LATE = timedelta(hours=1)


def escalate(draft: Draft, event: Fired) -> None:
    """Work in a timer; one that was cancelled, replaced or is early changes nothing."""
    armed = draft.armed.get(event.timer)
    if armed is None or armed.generation != event.generation:
        return draft.refuse("timer", "这个计时已经作废")
    if draft.now < armed.due:
        return draft.refuse("early", "还没有到时间")
    draft.settles, draft.spent, draft.touched = False, event.timer, {event.timer: None}
    if draft.clocks[event.timer].state is Running.RUNNING:
        return _climb(draft)
    clock = clocks.resumed(draft, event.timer, armed.due)  # as of when it was due: a late timer gives no time away
    if clock is not None:
        draft.clocks[event.timer] = clock
        draft.say("clock_resumed", None, deadline=event.timer)
    return None


def _climb(draft: Draft) -> None:
    """All levels due by now, in one go: after an outage nobody is told of the lower ones too."""
    told: set[UserId] = set()
    due = [(key, level) for key in draft.clocks for level in clocks.climbed(draft, key)]
    for deadline, level in sorted(due, key=lambda each: -each[1].rank):
        found = people.recipients(draft, level.to, vacancy=True, instead=level.instead)
        to = found if level.always else tuple(person for person in found if person not in told)
        told |= set(found)
        key = f"{deadline}.{level.key}"
        draft.fired |= {key}
        draft.touched[deadline] = None
        text = _words(draft, deadline, level)
        outcome.tell(draft, f"{key}.{draft.clocks[deadline].episode}", level.channels, to, text, level.label)
        draft.say("escalated", None, deadline=deadline, level=level.key, rank=level.rank, to=to)


def _words(draft: Draft, key: str, level: Level) -> str:
    """The level's own words at their time; once that is over, after an outage or a jump, how the clock stands: 还有 3 天
    would not be true any more. What is told of a time that is up stays true.
    """
    deadline, clock = draft.definition.deadlines[key], draft.clocks[key]
    at = clocks.due(draft, deadline, clock, level)
    if draft.now - at < _LATE or at >= clocks.end_of(draft, deadline, clock):
        return level.text
    return deadline.label + ledger.line_of(draft, deadline, clock).left(draft.now)
