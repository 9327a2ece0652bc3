"""What one run is about: its size, seed, business day and the population its preset stands for."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from simulator.bank.cells import Bools, Floats, Ints

PresetName = Literal["rm_book", "bank_base"]
PARTITION = 10_000
LEAST, MOST = 50, 1_000_000

MASS, AFFLUENT, WEALTHY, ULTRA = range(4)
FLOOR_YUAN = (0, 500_000, 6_000_000, 50_000_000)
CAP_YUAN = 2_000_000_000
TIER_FLOOR = np.array(FLOOR_YUAN, dtype=np.int64) * 100
TIER_CEILING = np.array((*FLOOR_YUAN[1:], CAP_YUAN), dtype=np.int64) * 100

_BOOK_SHARES = (0.45, 0.43, 0.105, 0.015)
_PARETO = 1.6
_BANK_MEDIAN_YUAN, _BANK_SIGMA = 3_688, 2.505
_BOOK_MEDIAN_YUAN, _BOOK_SIGMA = 60_000, 1.3


@dataclass(frozen=True)
class Frame:
    customers: int
    seed: int
    as_of: date
    preset: PresetName

    @property
    def managers(self) -> int:
        """About one manager for 167 managed customers; the long tail of a whole bank is not managed."""
        managed = self.customers * (1.0 if self.preset == "rm_book" else 0.05)
        return max(6, round(managed / 167) + 2)

    def rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream])


def draw_wealth(preset: PresetName, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Tier and assets (fen) of each customer."""
    if preset == "bank_base":
        yuan = np.minimum(_BANK_MEDIAN_YUAN * np.exp(_BANK_SIGMA * rng.standard_normal(count)), CAP_YUAN)
        aum = (yuan * 100).astype(np.int64)
        return tier_of(aum), aum
    tier = rng.permutation(_exact_shares(count))
    aum = np.where(tier == MASS, _truncated_lognormal(rng, count), _truncated_pareto(rng, tier))
    return tier, aum


def tier_of(aum: Ints) -> Ints:
    return np.searchsorted(TIER_FLOOR, aum, side="right") - 1


def _exact_shares(count: int) -> Ints:
    edges = np.round(np.cumsum(_BOOK_SHARES) * count)
    return np.searchsorted(edges, np.arange(count), side="right").astype(np.int64)


def _truncated_lognormal(rng: np.random.Generator, count: int) -> Ints:
    yuan = _BOOK_MEDIAN_YUAN * np.exp(_BOOK_SIGMA * rng.standard_normal(count))
    beyond = yuan >= FLOOR_YUAN[AFFLUENT]
    yuan[beyond] = rng.uniform(0.2, 0.9, int(beyond.sum())) * FLOOR_YUAN[AFFLUENT]
    return (yuan * 100).astype(np.int64)


def _truncated_pareto(rng: np.random.Generator, tier: Ints) -> Ints:
    low = np.maximum(TIER_FLOOR[tier], 1).astype(np.float64)
    kept = 1 - (low / TIER_CEILING[tier]) ** _PARETO
    draw: Floats = low * (1 - rng.random(len(tier)) * kept) ** (-1 / _PARETO)
    return draw.astype(np.int64)


def pick(rng: np.random.Generator, eligible: Bools, count: int) -> Ints:
    """Positions of at most `count` of the eligible, at random, in order."""
    found = np.flatnonzero(eligible)
    return np.sort(rng.permutation(found)[:count])
