"""Deadlines of a case: how long, how much is used up, and when each level is due."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.ids import UserId
from domain.process.case import Clock, Running, calendar_due
from domain.process.deadline import ClockKind, Clocks, Deadline, Level
from domain.process.draft import Draft
from domain.process.process import Action

_MICROSECOND = timedelta(microseconds=1)


def move(draft: Draft, moves: Clocks, actor: UserId | None) -> None:
    """Do to the clocks what an outcome says; a pause beyond its limits is refused."""
    if moves.pause and not any(_runs(draft, key) for key in moves.pause):
        draft.refuse("clock", "现在没有在走的时限，不能暂停")
    stop(draft, moves.stop, actor)
    for key in moves.pause:
        _change(draft, key, "paused", _paused(draft, key), actor)
    for key in moves.resume:
        _change(draft, key, "resumed", resumed(draft, key, draft.now), actor)
    for extension in moves.extend:
        _change(draft, extension.deadline, "extended", _extended(draft, extension.deadline, extension.figure), actor)
    for key in moves.start:
        _start(draft, key, actor)


def stop(draft: Draft, keys: Iterable[str], actor: UserId | None) -> None:
    """What has been used up stays used up."""
    for key in keys:
        _change(draft, key, "stopped", _stopped(draft, key), actor)


def has_sense(draft: Draft, action: Action) -> bool:
    """Whether there is anything to pause or to let go on, for an action that does nothing else."""
    moves = action.clocks
    if action.to is not None or not (moves.pause or moves.resume):
        return True
    wanted = Running.RUNNING if moves.pause else Running.PAUSED
    known = (draft.clocks.get(key) for key in (*moves.pause, *moves.resume))
    return any(clock is not None and clock.state is wanted for clock in known)


def used_up(draft: Draft, moves: Clocks) -> str | None:
    """Which running clock has been paused as long as it may be; None where a pause is still possible."""
    running = (key for key in moves.pause if _runs(draft, key))
    return next((text for key in running if (text := _no_days_left(draft, key))), None)


def _no_days_left(draft: Draft, key: str) -> str | None:
    deadline = draft.definition.deadlines[key]
    left = days_left(draft, deadline, draft.clocks[key])
    return None if left > 0 else f"“{deadline.label}”累计暂停已满，不能再暂停"


def resumed(draft: Draft, key: str, at: datetime) -> Clock | None:
    """The clock going on from `at`. What never pauses goes on as if it had never stopped."""
    clock = draft.clocks.get(key)
    if clock is None or clock.state is Running.RUNNING:
        return None
    if draft.definition.deadlines[key].clock is not ClockKind.BUSINESS:
        return replace(clock, state=Running.RUNNING)
    return clock.resumed(at, _days(draft, clock, at))


def due(draft: Draft, deadline: Deadline, clock: Clock, level: Level) -> datetime:
    """When a level of a running clock is due: a warning of the night is told in the morning."""
    at = _due(draft, deadline, clock, level)
    if level.hour is None or at.hour >= level.hour:
        return at
    return at.replace(hour=level.hour, minute=0, second=0, microsecond=0)


def _due(draft: Draft, deadline: Deadline, clock: Clock, level: Level) -> datetime:
    figures = draft.definition.figures
    if level.after is not None:
        return clock.begun + timedelta(seconds=figures[level.after].seconds)
    if level.before is not None:
        return end_of(draft, deadline, clock) - timedelta(seconds=figures[level.before].seconds)
    share = figures[level.share or ""].share
    if deadline.clock is ClockKind.CALENDAR:
        span = (calendar_due(clock.begun, clock.length) - clock.begun) // _MICROSECOND
        return clock.begun + int(span * share) * _MICROSECOND
    return _reached(draft, deadline, clock, int(clock.length * share))


def climbed(draft: Draft, key: str) -> list[Level]:
    """The levels of a running clock that are due by now and were not told before; a ladder is written in order."""
    clock, deadline = draft.clocks[key], draft.definition.deadlines[key]
    found: list[Level] = []
    for level in deadline.ladder if clock.state is Running.RUNNING else ():
        if f"{key}.{level.key}" not in draft.fired:
            if due(draft, deadline, clock, level) > draft.now:
                break
            found.append(level)
    return found


def end_of(draft: Draft, deadline: Deadline, clock: Clock) -> datetime:
    """When a running clock is up."""
    if deadline.clock is ClockKind.CALENDAR:
        return calendar_due(clock.begun, clock.length)
    return _reached(draft, deadline, clock, clock.length)


def _reached(draft: Draft, deadline: Deadline, clock: Clock, amount: int) -> datetime:
    left = amount - clock.used
    if left <= 0:
        return clock.begun
    if deadline.clock is ClockKind.WALL:
        return clock.begun + timedelta(seconds=left)
    return draft.sight.after("hours", clock.begun, left)


def _change(draft: Draft, key: str, what: str, clock: Clock | None, actor: UserId | None) -> None:
    if clock is not None:
        draft.clocks[key] = clock
        draft.touched[key] = None
        draft.say(f"clock_{what}", actor, deadline=key)


def _start(draft: Draft, key: str, actor: UserId | None) -> None:
    deadline = draft.definition.deadlines[key]
    draft.touched[key] = None
    before = draft.clocks.pop(key, None)
    length = _length(draft, deadline)
    draft.fired = frozenset(timer for timer in draft.fired if not timer.startswith(f"{key}."))
    if length is None:
        return
    episode = before.episode + 1 if before else 1
    clock = Clock(Running.RUNNING, _since(draft, deadline), length, episode=episode)
    _change(draft, key, "started", clock, actor)


def _length(draft: Draft, deadline: Deadline) -> int | None:
    """Seconds, or days of a calendar clock; None where no length applies."""
    figures = draft.definition.figures
    chosen = draft.first(deadline.length)
    if chosen is None:
        return None
    if deadline.clock is ClockKind.CALENDAR:
        told = _days_told(draft, deadline)
        return int(figures[chosen.figure].value) if told is None else told
    factor = draft.first(deadline.factors)
    seconds = figures[chosen.figure].seconds
    scaled = int(seconds * figures[factor.figure].share) if factor else seconds
    return max(scaled, figures[deadline.least].seconds) if deadline.least else scaled


def _days_told(draft: Draft, deadline: Deadline) -> int | None:
    """The days up to a last one that was told; one that is over already leaves today."""
    last = _told(draft, deadline.until)
    return None if last is None else max((last.date() - _since(draft, deadline).date()).days, 0)


def _since(draft: Draft, deadline: Deadline) -> datetime:
    """What came in earlier counts from then; never from the future."""
    moment = _told(draft, deadline.since)
    return moment if moment is not None and moment <= draft.now else draft.now


def _told(draft: Draft, key: str | None) -> datetime | None:
    """A moment among the answers; None for none, or one without a zone."""
    told = draft.data.get(key) if key else None
    try:
        moment = datetime.fromisoformat(str(told)) if told else None
    except ValueError:
        return None
    return moment.astimezone(draft.now.tzinfo) if moment is not None and moment.tzinfo else None


def _runs(draft: Draft, key: str) -> bool:
    clock = draft.clocks.get(key)
    return clock is not None and clock.state is Running.RUNNING


def _paused(draft: Draft, key: str) -> Clock | None:
    if not _runs(draft, key):
        return None
    clock = draft.clocks[key]
    if full := _no_days_left(draft, key):
        draft.refuse("clock", full)
    return clock.paused(draft.now, _used(draft, clock))


def _stopped(draft: Draft, key: str) -> Clock | None:
    clock = draft.clocks.get(key)
    if clock is None or clock.state is Running.STOPPED:
        return None
    business = draft.definition.deadlines[key].clock is ClockKind.BUSINESS
    if clock.state is Running.PAUSED:
        return clock.stopped(clock.used, _days(draft, clock, draft.now))
    return clock.stopped(_used(draft, clock) if business else clock.used, 0)


def _extended(draft: Draft, key: str, figure: str) -> Clock | None:
    clock = draft.clocks.get(key)
    if clock is None:
        return None
    told = draft.definition.figures[figure]
    calendar = draft.definition.deadlines[key].clock is ClockKind.CALENDAR
    return replace(clock, length=max(clock.length, int(told.value) if calendar else told.seconds))


def _used(draft: Draft, clock: Clock) -> int:
    return clock.used + draft.sight.between("hours", clock.begun, draft.now)


def _days(draft: Draft, clock: Clock, until: datetime) -> int:
    return draft.sight.between("workdays", clock.paused_at, until) if clock.paused_at else 0


def days_left(draft: Draft, deadline: Deadline, clock: Clock) -> int:
    """How many working days this pause may last."""
    figures = draft.definition.figures
    most = int(figures[deadline.pause_most].value) if deadline.pause_most else 0
    total = int(figures[deadline.pause_total].value) if deadline.pause_total else most
    return min(most, total - clock.paused_days)
