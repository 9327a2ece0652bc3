"""Daily assets, sparse: thirteen months that end exactly at accounts plus holdings."""

from dataclasses import dataclass

import numpy as np

from simulator.bank.cells import Ints, days, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import Frame
from simulator.bank.ledger import TRANSFER, WINDOW, Entries, after_each
from simulator.bank.people import LOST, People
from simulator.bank.wealth import Wealth

HISTORY = 400


@dataclass(frozen=True)
class Levels:
    owner: Ints
    day: Ints
    value: Ints


def write_aum(
    files: Files, frame: Frame, people: People, wealth: Wealth, entries: Entries, rng: np.random.Generator
) -> None:
    gain = wealth.gains(people.count)
    recent, past = _recent(frame, people, gain, entries), _past(frame, people, gain, entries, rng)
    levels = Levels(*(np.concatenate(pair) for pair in zip(_columns(past), _columns(recent), strict=True)))
    rows = np.lexsort((levels.day, levels.owner))
    rows = rows[_changed(levels.owner[rows], levels.value[rows])]
    levels = Levels(levels.owner[rows], levels.day[rows], levels.value[rows])
    files.add("aum_daily", words(people.ids, levels.owner), days(frame.as_of, levels.day), yuan(levels.value))
    _tell_slow_churn(files, people, levels)
    _tell_outflow(files, people, entries)


def _columns(levels: Levels) -> tuple[Ints, Ints, Ints]:
    return levels.owner, levels.day, levels.value


def _changed(owner: Ints, value: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    same = (owner[1:] == owner[:-1]) & (value[1:] == value[:-1])
    return np.concatenate(([True], ~same))


def _month_ends(frame: Frame, first: int, last: int) -> Ints:
    offset = np.arange(first, last + 1)
    dates = np.datetime64(frame.as_of, "D") + offset
    ends = (dates + 1).astype("datetime64[M]") != dates.astype("datetime64[M]")
    found: Ints = offset[ends]
    return found


def _recent(frame: Frame, people: People, gain: Ints, entries: Entries) -> Levels:
    """One level a day on which something was booked, and at month ends, when holdings are valued."""
    ends = _month_ends(frame, 1 - WINDOW, 0)
    rows = np.flatnonzero(people.banked & ~people.closed)
    owner, day = np.repeat(rows, len(ends)), np.tile(ends, len(rows))
    lived = people.opened[owner] >= -day
    flow = np.where(entries.external, entries.amount, 0)
    owner = np.concatenate((entries.owner, owner[lived]))
    day = np.concatenate((entries.day, day[lived]))
    flow = np.concatenate((flow, np.zeros(int(lived.sum()), dtype=np.int64)))
    order = np.lexsort((day, owner))
    owner, day, flow = owner[order], day[order], flow[order]
    valued = np.searchsorted(ends, day, side="right")
    missing = gain[owner] - gain[owner] * valued // len(ends)
    value = people.aum[owner] - after_each(owner, flow, people.count) - missing
    key = owner * 1_000 + day
    last = np.concatenate((key[1:] != key[:-1], [True]))
    return Levels(owner[last], day[last], value[last])


def _past(frame: Frame, people: People, gain: Ints, entries: Entries, rng: np.random.Generator) -> Levels:
    """Month ends before the window, near the level it starts at; the lost were rich once."""
    ends = np.concatenate(([-HISTORY], _month_ends(frame, 1 - HISTORY, -WINDOW - 1), [-WINDOW]))
    rows = np.flatnonzero(people.banked & (people.opened >= WINDOW))
    owner, day = np.repeat(rows, len(ends)), np.tile(ends, len(rows))
    lived = people.opened[owner] >= -day
    owner, day = owner[lived], day[lived]
    flow = np.bincount(entries.owner, np.where(entries.external, entries.amount, 0), minlength=people.count)
    start = people.aum - flow.astype(np.int64) - gain
    start = np.where(people.closed, rng.integers(10_000_00, 200_000_00, people.count), start)
    wave = 1 + 0.03 * rng.standard_normal(len(owner)).clip(-2, 2)
    wave = np.where(day == -WINDOW, 1.0, wave * np.where((people.stage == LOST)[owner], 20, 1))
    value = (start[owner] * wave).astype(np.int64)
    return _emptied(people, Levels(owner, day, value))


def _emptied(people: People, levels: Levels) -> Levels:
    """Closed accounts: nothing from the closing day on."""
    before = levels.day < np.where(people.closed, -people.closed_age, WINDOW)[levels.owner]
    rows = np.flatnonzero(people.closed)
    return Levels(
        np.concatenate((levels.owner[before], rows)),
        np.concatenate((levels.day[before], -people.closed_age[rows])),
        np.concatenate((levels.value[before], np.zeros(len(rows), dtype=np.int64))),
    )


def _tell_slow_churn(files: Files, people: People, levels: Levels) -> None:
    for row in people.planted["slow_churn"].tolist():
        path = levels.value[levels.owner == row]
        files.truth("slow_churn", people.ids[row], of_peak=round(int(path[-1]) / int(path.max()), 4))


def _tell_outflow(files: Files, people: People, entries: Entries) -> None:
    planted = (entries.kind == TRANSFER) & (entries.day >= -3)
    for row in people.planted["outflow"].tolist():
        mine = entries.amount[planted & (entries.owner == row)]
        left = -int(np.sort(mine)[:2].sum())
        share = round(left / (int(people.aum[row]) + left), 4)
        files.truth("outflow", people.ids[row], amount=f"{left // 100}.{left % 100:02d}", share=share)
