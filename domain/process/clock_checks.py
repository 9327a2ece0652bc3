"""Deadlines that cannot work: unknown figures, wrong units, nobody to hear, pauses without limit or end."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from domain.pack_checks import Fault, Path
from domain.process.deadline import ClockKind, Clocks, Deadline, Level
from domain.process.definition import parts_of
from domain.process.figure import Figure, Measure
from domain.process.process import Outcome, Process

_HOURS = frozenset({Measure.MINUTES, Measure.HOURS})
_SPANS = _HOURS | {Measure.DAYS}
_LENGTHS = {
    ClockKind.BUSINESS: _HOURS,
    ClockKind.WALL: _SPANS,
    ClockKind.CALENDAR: frozenset({Measure.DAYS}),
}


def clock_faults(process: Process) -> Iterator[Fault]:
    """Everything wrong with figures, deadlines and what actions do to them."""
    figures = {figure.key: figure for figure in process.figures}
    for index, deadline in enumerate(process.deadlines):
        yield from _figure_faults(deadline, ("deadlines", index), figures)
        yield from _ladder_faults(deadline, ("deadlines", index), figures)
        yield from _day_faults(deadline, ("deadlines", index))
    yield from _move_faults(process, figures)
    yield from _life_faults(process)


def _figure_faults(deadline: Deadline, path: Path, figures: Mapping[str, Figure]) -> Iterator[Fault]:
    units = _LENGTHS[deadline.clock]
    for index, length in enumerate(deadline.length):
        yield from _measured(length.figure, units, (*path, "length", index, "figure"), figures)
    for index, factor in enumerate(deadline.factors):
        yield from _measured(factor.figure, {Measure.PERCENT}, (*path, "factors", index, "figure"), figures)
    yield from _measured(deadline.least, units, (*path, "least"), figures)
    for name in ("pause_most", "pause_total"):
        yield from _measured(getattr(deadline, name), {Measure.WORKDAYS}, (*path, name), figures)
    for index, level in enumerate(deadline.ladder):
        here = (*path, "ladder", index)
        yield from _measured(level.share, {Measure.PERCENT}, (*here, "share"), figures)
        yield from _measured(level.before, _SPANS, (*here, "before"), figures)
        yield from _measured(level.after, _SPANS, (*here, "after"), figures)


def _measured(key: str | None, units: Iterable[Measure], path: Path, figures: Mapping[str, Figure]) -> Iterator[Fault]:
    if key is not None and key not in figures:
        yield path, f"没有叫“{key}”的数字（figures）"
    elif key is not None and figures[key].unit not in units:
        yield path, f"“{key}”的单位是 {figures[key].unit}，这里只能用 {'、'.join(sorted(units))}"


def _ladder_faults(deadline: Deadline, path: Path, figures: Mapping[str, Figure]) -> Iterator[Fault]:
    if not deadline.ladder:
        yield path, f"时限“{deadline.label}”没有一级提醒（ladder），超时也没有人知道"
    for index, level in enumerate(deadline.ladder):
        if deadline.clock is ClockKind.BUSINESS and level.share is None:
            yield (*path, "ladder", index), "工作时间的时限只能用 share 分级"
    if [level.rank for level in deadline.ladder] != sorted(level.rank for level in deadline.ladder):
        yield (*path, "ladder"), "级别要从低到高写（rank）"
    times = [_time(level, figures) for level in deadline.ladder]
    if times != sorted(times):
        yield (*path, "ladder"), "级别要从早到晚写"


def _day_faults(deadline: Deadline, path: Path) -> Iterator[Fault]:
    """What is said of days makes sense for whole days alone; working hours begin in the morning by themselves."""
    by_days = deadline.clock is ClockKind.CALENDAR
    if deadline.until is not None and not by_days:
        yield (*path, "until"), "until 是最后一天，只能用于自然日（calendar）的时限"
    for index, level in enumerate(deadline.ladder):
        here = (*path, "ladder", index)
        if level.hour is not None and not by_days:
            yield (*here, "hour"), "hour 只能用于自然日（calendar）的时限，别的到点就提醒"
        if level.instead and set(level.instead) <= set(level.to):
            yield (*here, "instead"), "instead 和 to 是同一批人，等于没有写"


def _time(level: Level, figures: Mapping[str, Figure]) -> tuple[int, Decimal]:
    """Good enough to order a ladder: what comes after the start, before the end, at the end and beyond."""
    figure = figures.get(level.share or level.before or level.after or "")
    value = figure.value if figure else Decimal(0)
    if level.after is not None:
        return 0, value
    return (0, -value) if level.before is not None else (0 if value < 100 else 1, value)


def _move_faults(process: Process, figures: Mapping[str, Figure]) -> Iterator[Fault]:
    deadlines = {deadline.key: deadline for deadline in process.deadlines}
    for path, clocks in _all_clocks(process):
        for name in ("start", "pause", "resume", "stop"):
            for index, key in enumerate(getattr(clocks, name)):
                yield from _one_move(name, deadlines.get(key), key, (*path, name, index))
        for index, extension in enumerate(clocks.extend):
            here = (*path, "extend", index)
            deadline = deadlines.get(extension.deadline)
            yield from _one_move("extend", deadline, extension.deadline, (*here, "deadline"))
            units = _LENGTHS[deadline.clock] if deadline else frozenset(Measure)
            yield from _measured(extension.figure, units, (*here, "figure"), figures)
    for path, part in parts_of(process):
        if isinstance(part, Outcome):
            yield from _measured(part.undo, _SPANS, (*path, "undo"), figures)


def _one_move(name: str, deadline: Deadline | None, key: str, path: Path) -> Iterator[Fault]:
    if deadline is None:
        yield path, f"没有叫“{key}”的时限"
    elif name == "pause" and deadline.clock is not ClockKind.BUSINESS:
        yield path, f"“{deadline.label}”不是工作时间的时限，永远不能暂停"
    elif name == "pause" and deadline.pause_most is None:
        yield path, f"“{deadline.label}”要写 pause_most，暂停总要有个限度"


def _life_faults(process: Process) -> Iterator[Fault]:
    moves = [clocks for _, clocks in _all_clocks(process)]
    started, paused, resumed, stopped = (
        {key for clocks in moves for key in getattr(clocks, name)} for name in ("start", "pause", "resume", "stop")
    )
    for index, deadline in enumerate(process.deadlines):
        if deadline.key not in started:
            yield ("deadlines", index, "key"), f"没有哪个操作开始“{deadline.label}”（clocks.start）"
        if deadline.key in paused - resumed - stopped:
            yield ("deadlines", index, "key"), f"“{deadline.label}”会暂停，却没有哪个操作恢复它（clocks.resume）"


def _all_clocks(process: Process) -> Iterator[tuple[Path, Clocks]]:
    return ((path, part) for path, part in parts_of(process) if isinstance(part, Clocks))
