"""Customers who come for a campaign and are gone a month later: some purchases around its day, each matured since."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from simulator.bank.cells import Bools, Ints, days, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import PARTITION, Frame, pick
from simulator.bank.ledger import BUY, INVESTMENTS, MATURED, WINDOW, Entries, joined
from simulator.bank.people import GROWING, MATURE, People
from simulator.bank.products import Shelf
from simulator.bank.wealth import Wealth

CAMPAIGNS = ("01-01", "03-31", "06-30", "09-30", "12-31")
"""The days of the year on which this bank has one."""
TERM = 30
_SHARE = 0.01
_LEAST_LIQUID = 10_000_00
_PARTS = 25  # a purchase takes one of so many parts of the money at hand


@dataclass(frozen=True)
class Seizing:
    """Purchases as columns: customer row, day offset, fen."""

    owner: Ints
    day: Ints
    amount: Ints

    def entries(self) -> Entries:
        """Money that went and came back."""
        morning = np.full(len(self.owner), 36_000, dtype=np.int64)
        bought = Entries.of(self.owner, self.day, morning, -self.amount, BUY)
        return joined([bought, Entries.of(self.owner, self.day + TERM, morning, self.amount, MATURED)])


def draw_seizing(frame: Frame, people: People, wealth: Wealth, entries: Entries, rng: np.random.Generator) -> Seizing:
    """Who else invests nothing in the window, so that nearly all they order is near a campaign."""
    rows = pick(rng, _free(people, wealth, entries), round(_SHARE * people.count))
    around = np.array([day + beside for day in _campaigns(frame) for beside in (-1, 0, 1)], dtype=np.int64)
    owner = np.repeat(rows, len(around))
    return Seizing(owner, np.tile(around, len(rows)), wealth.liquid[owner] // _PARTS)


def _free(people: People, wealth: Wealth, entries: Entries) -> Bools:
    invested = np.bincount(entries.owner, np.isin(entries.kind, INVESTMENTS), minlength=people.count) > 0
    steady = np.isin(people.stage, (GROWING, MATURE)) & (people.opened >= 500) & (people.level >= 0)
    free = steady & ~people.cast & ~invested & (wealth.liquid >= _LEAST_LIQUID)
    for kind in ("silent", "outflow", "slow_churn", "maturing", "unsuitable"):
        free &= ~people.has(kind)
    return free


def _campaigns(frame: Frame) -> list[int]:
    """Days within the window after which a month has passed."""
    offsets = range(2 - WINDOW, -TERM - 1)
    return [at for at in offsets if f"{frame.as_of + timedelta(days=at):%m-%d}" in CAMPAIGNS]


def write_seizing(files: Files, frame: Frame, people: People, shelf: Shelf, held: int, seizing: Seizing) -> None:
    """What has matured stands in the file with nothing left; numbers follow those of the `held` that are there."""
    start, count = people.partition * PARTITION * 20 + held, len(seizing.owner)
    files.add(
        "holdings",
        [f"H{start + number:09d}" for number in range(1, count + 1)],
        words(people.ids, seizing.owner),
        [shelf.ids[shelf.campaign]] * count,
        ["0.00"] * count,
        yuan(seizing.amount),
        days(frame.as_of, seizing.day),
        days(frame.as_of, seizing.day + TERM),
    )
    for row in np.unique(seizing.owner).tolist():
        files.truth("seizer", people.ids[row], purchases=int((seizing.owner == row).sum()))
