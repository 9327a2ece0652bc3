"""Who the customers are, before any account: stage, age, manager, level, and what is planted in whom."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from simulator.bank.cast import CUSTOMERS
from simulator.bank.cells import NEVER, Bools, Ints
from simulator.bank.frame import AFFLUENT, MASS, ULTRA, WEALTHY, Frame, draw_wealth, pick, tier_of
from simulator.bank.names import draw_names
from simulator.bank.org import Org

PROSPECT, NEW, GROWING, MATURE, DORMANT, LOST = range(6)
_STAGE_SHARES = {PROSPECT: 0.06, NEW: 0.06, LOST: 0.06, DORMANT: 0.16, MATURE: 0.42}
_AGE_IN_BANK = {NEW: (1, 90), GROWING: (200, 2_500), MATURE: (400, 7_300), DORMANT: (400, 5_000), LOST: (700, 5_000)}
_LEVEL_SHARES = (0.22, 0.30, 0.27, 0.15, 0.06)


@dataclass
class People:
    """One partition as columns; `opened` counts days before the business day, `level` is 0–4, −1 means none.

    `closed_age` and `handed_age` are days since the accounts closed or the manager changed; who shares a `home` shares
    an address.
    """

    partition: int
    index: Ints
    name: list[str]
    male: Bools
    born: Ints
    tier: Ints
    aum: Ints
    stage: Ints
    opened: Ints
    manager: Ints
    unit: list[str]
    level: Ints
    closed_age: Ints
    handed_age: Ints
    home: Ints
    planted: dict[str, Ints]

    @property
    def count(self) -> int:
        return len(self.index)

    @cached_property
    def ids(self) -> list[str]:
        return [f"C{number:08d}" for number in (self.index + 1).tolist()]

    @property
    def banked(self) -> Bools:
        banked: Bools = self.stage != PROSPECT
        return banked

    @property
    def cast(self) -> Bools:
        cast: Bools = self.index < len(CUSTOMERS)
        return cast

    @property
    def closed(self) -> Bools:
        """Half of the lost closed their accounts, the others left a few yuan."""
        closed: Bools = self.closed_age != NEVER
        return closed

    def has(self, kind: str) -> Bools:
        mark = np.zeros(self.count, dtype=np.bool_)
        mark[self.planted.get(kind, np.array([], dtype=np.int64))] = True
        return mark


def age_years(born: Ints, as_of: date) -> Ints:
    return ((np.datetime64(as_of, "D").astype(np.int64) - born) / 365.2425).astype(np.int64)


def draw_people(frame: Frame, org: Org, partition: int, index: Ints, rng: np.random.Generator) -> People:
    count = len(index)
    tier, aum = draw_wealth(frame.preset, count, rng)
    male = rng.random(count) < 0.52
    stage = _stages(rng, tier)
    people = People(
        partition=partition,
        index=index,
        name=draw_names(rng, male),
        male=male,
        born=_births(rng, tier, frame.as_of),
        tier=tier,
        aum=aum,
        stage=stage,
        opened=_opened(rng, stage),
        manager=_managers(rng, frame, org, tier),
        unit=[],
        level=np.zeros(count, dtype=np.int64),
        closed_age=np.full(count, NEVER, dtype=np.int64),
        handed_age=np.zeros(count, dtype=np.int64),
        home=index.copy(),
        planted={},
    )
    people.unit = _units(rng, org, people.manager)
    _shrink_lost(rng, people)
    age = age_years(people.born, frame.as_of)
    people.opened = np.minimum(people.opened, np.maximum((age - 16) * 365, 0))
    people.level = np.where(people.stage == PROSPECT, -1, _levels(rng, age))
    return people


def _stages(rng: np.random.Generator, tier: Ints) -> Ints:
    """The wealthy are only new, growing or mature; prospects and the lost own nothing and count as mass."""
    stage = np.full(len(tier), GROWING, dtype=np.int64)
    limits = {PROSPECT: MASS, LOST: MASS, DORMANT: AFFLUENT}
    for kind, share in _STAGE_SHARES.items():
        eligible = (stage == GROWING) & (tier <= limits.get(kind, ULTRA))
        stage[pick(rng, eligible, round(share * len(tier)))] = kind
    return stage


def _births(rng: np.random.Generator, tier: Ints, as_of: date) -> Ints:
    age = np.where(tier >= WEALTHY, 52, 46) + 14 * rng.standard_normal(len(tier))
    outside = (age < 18.1) | (age > 92)
    age = np.where(outside, rng.uniform(25, 65, len(tier)), age)
    return np.datetime64(as_of, "D").astype(np.int64) - (age * 365.2425).astype(np.int64)


def _opened(rng: np.random.Generator, stage: Ints) -> Ints:
    opened = np.full(len(stage), NEVER, dtype=np.int64)
    for kind, (low, high) in _AGE_IN_BANK.items():
        opened = np.where(stage == kind, rng.integers(low, high + 1, len(stage)), opened)
    return opened


def _managers(rng: np.random.Generator, frame: Frame, org: Org, tier: Ints) -> Ints:
    """The ultra wealthy belong to private bankers; in a whole bank the mass has no manager, in a book 1 % lacks one."""
    count = len(tier)
    chosen = rng.integers(0, len(org.managers), count)
    banker = len(org.managers) + rng.integers(0, len(org.bankers), count)
    chosen = np.where(tier == ULTRA, banker, chosen)
    alone = rng.random(count) < (0.01 if frame.preset == "rm_book" else 0.975)
    return np.where(alone & (tier == MASS), -1, chosen)


def _units(rng: np.random.Generator, org: Org, manager: Ints) -> list[str]:
    shelf = rng.integers(0, 3, len(manager)).tolist()
    anywhere = rng.integers(0, len(org.outlets), len(manager)).tolist()
    rows = zip(manager.tolist(), shelf, anywhere, strict=True)
    return [org.shelves[m][s] if m >= 0 else org.outlets[a] for m, s, a in rows]


def _shrink_lost(rng: np.random.Generator, people: People) -> None:
    lost = np.flatnonzero(people.stage == LOST)
    people.aum[lost] = rng.integers(100, 99_900, len(lost))
    people.closed_age[lost[::2]] = rng.integers(201, 380, len(lost[::2]))
    people.aum[lost[::2]] = 0
    people.aum[people.stage == PROSPECT] = 0
    people.tier[:] = tier_of(people.aum)


def _levels(rng: np.random.Generator, age: Ints) -> Ints:
    """Exact shares of C1–C5, the old more cautious; from 65 at most C3, from 80 at most C2."""
    score = rng.standard_normal(len(age)) - 0.04 * (age - 46)
    rank = np.argsort(np.argsort(score, kind="stable"), kind="stable")
    level = np.searchsorted(np.cumsum(_LEVEL_SHARES)[:-1] * len(age), rank, side="right").astype(np.int64)
    capped: Ints = np.minimum(level, np.select([age >= 80, age >= 65], [1, 2], 4))
    return capped


def seat_cast(people: People, org: Org) -> None:
    """Put the fixed cast on the first rows of the first partition."""
    for at, person in enumerate(CUSTOMERS):
        people.name[at] = person.name
        people.male[at] = person.gender == "男"
        people.born[at] = np.datetime64(person.born, "D").astype(np.int64)
        people.aum[at] = person.aum * 100
        people.stage[at] = PROSPECT if "prospect" in person.tags else MATURE
        people.opened[at] = NEVER if "prospect" in person.tags else 1_000 + 37 * at
        people.manager[at] = org.manager(person.rm)
        people.unit[at] = person.unit_id
        people.level[at] = person.level - 1
    people.tier[:] = tier_of(people.aum)
    people.closed_age[: len(CUSTOMERS)] = NEVER
