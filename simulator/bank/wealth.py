"""What each customer owns on the business day: accounts, holdings and loans."""

from dataclasses import dataclass

import numpy as np

from simulator.bank.cells import NEVER, Bools, Floats, Ints, days, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import AFFLUENT, PARTITION, Frame
from simulator.bank.identifiers import cards
from simulator.bank.people import LOST, PROSPECT, People
from simulator.bank.products import FUND, METAL, Shelf

_MEAN_HOLDINGS = (0.4, 3.2, 6.5, 11.0)
_HELD_SHARE = ((0.2, 0.6), (0.45, 0.7), (0.55, 0.8), (0.6, 0.85))
_LIQUID_SHARE = ((0.3, 0.9), (0.10, 0.25), (0.05, 0.12), (0.03, 0.08))
_MATURING_SHARE = 0.75
_SMALL_YUAN = 100_000


@dataclass(frozen=True)
class Wealth:
    """`liquid + fixed + holdings = aum`, all fen; holdings are columns sorted by customer row `owner`."""

    liquid: Ints
    fixed: Ints
    fixed_age: Ints
    owner: Ints
    product: Ints
    amount: Ints
    cost: Ints
    age: Ints
    matures: Ints

    def gains(self, count: int) -> Ints:
        return np.bincount(self.owner, self.amount - self.cost, minlength=count).astype(np.int64)


def draw_holdings(people: People, shelf: Shelf, rng: np.random.Generator) -> Wealth:
    counts = _counts(people, rng)
    held = np.where(counts > 0, people.aum * _within(rng, _HELD_SHARE, people.tier), 0)
    owner = np.repeat(np.arange(people.count), counts)
    first = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, dtype=np.bool_)
    amount = (held[owner] * _weights(people, owner, first, rng)).astype(np.int64)
    kept = amount > 0
    owner, first, amount = owner[kept], first[kept], amount[kept]
    product = _products(people, shelf, owner, first, amount, rng)
    age, matures = _terms(people, shelf, owner, first, product, amount, rng)
    rest = people.aum - np.bincount(owner, amount, minlength=people.count).astype(np.int64)
    fixed = _fixed(people, rest, rng)
    return Wealth(
        liquid=rest - fixed,
        fixed=fixed,
        fixed_age=rng.integers(0, np.clip(people.opened, 1, 1_000)),
        owner=owner,
        product=product,
        amount=amount,
        cost=_costs(shelf, product, amount, age, rng),
        age=age,
        matures=matures,
    )


def _within(rng: np.random.Generator, ranges: tuple[tuple[float, float], ...], tier: Ints) -> Floats:
    low, high = np.array(ranges).T
    share: Floats = low[tier] + (high - low)[tier] * rng.random(len(tier))
    return share


def _counts(people: People, rng: np.random.Generator) -> Ints:
    counts = rng.poisson(np.array(_MEAN_HOLDINGS)[people.tier])
    counts[np.isin(people.stage, (PROSPECT, LOST)) | people.has("minor")] = 0
    must = people.has("maturing") | people.has("unsuitable")
    return np.where(must, np.maximum(counts, 2), counts)


def _weights(people: People, owner: Ints, first: Bools, rng: np.random.Generator) -> Floats:
    """Random shares of what is held; the first holding of a maturing customer is large enough to matter."""
    raw = rng.exponential(1.0, len(owner)) + 0.05
    sums = np.bincount(owner, raw, minlength=people.count)[owner]
    others = np.bincount(owner, raw * ~first, minlength=people.count)[owner]
    planted = np.where(first, _MATURING_SHARE, (1 - _MATURING_SHARE) * raw / np.maximum(others, 1e-9))
    weights: Floats = np.where(people.has("maturing")[owner], planted, raw / sums)
    return weights


def _products(people: People, shelf: Shelf, owner: Ints, first: Bools, amount: Ints, rng: np.random.Generator) -> Ints:
    """Only what suits the customer's level and purse, except where an unsuitable holding is planted."""
    product = np.zeros(len(owner), dtype=np.int64)
    purse = np.searchsorted([10_000_00, 1_000_000_00], amount, side="right")
    for level in range(5):
        for size, minimum in enumerate((100, 10_000, 1_000_000)):
            rows = np.flatnonzero((people.level[owner] == level) & (purse == size))
            product[rows] = rng.choice(shelf.on_offer(level, minimum), len(rows))
    product[first & people.has("maturing")[owner]] = shelf.renewable
    product[first & people.has("unsuitable")[owner]] = shelf.regraded
    return product


def _terms(
    people: People, shelf: Shelf, owner: Ints, first: Bools, product: Ints, amount: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Age and maturity in days; nothing matures within fifteen days but what is planted, and small change."""
    term = shelf.term[product]
    longest = np.minimum(np.where(term == NEVER, 1_000, np.minimum(term - 16, 1_000)), people.opened[owner] - 1)
    age = rng.integers(np.minimum(1, longest), np.maximum(longest, 1) + 1)
    soon = term - rng.integers(1, 16, len(owner))
    small = (amount < _SMALL_YUAN * 100) & (rng.random(len(owner)) < 0.05) & ~first
    due = (first & people.has("maturing")[owner]) | small
    age = np.where(due & (term != NEVER) & (soon < people.opened[owner]), soon, age)
    return age, np.where(term == NEVER, NEVER, term - age)


def _costs(shelf: Shelf, product: Ints, amount: Ints, age: Ints, rng: np.random.Generator) -> Ints:
    yearly = np.array((0.02, 0.028, 0.05, 0.03, 0.045, 0.08, 0.025))[shelf.kind[product]]
    market = np.isin(shelf.kind[product], (FUND, METAL)) & (shelf.risk[product] > 0)
    gain = np.where(market, rng.normal(0.02, 0.07, len(product)).clip(-0.15, 0.2), yearly * age / 365)
    cost: Ints = np.maximum((amount / (1 + gain)).astype(np.int64), 1)
    return cost


def _fixed(people: People, rest: Ints, rng: np.random.Generator) -> Ints:
    """Time deposits: some of the mass have one; above, all but a small liquid part lies there."""
    share = _within(rng, _LIQUID_SHARE, people.tier)
    saves = (rng.random(people.count) < 0.4) & (rest > 10_000_00) & (people.stage != LOST)
    mass = np.where(saves, rest * (1 - share), 0)
    above = rest - np.minimum(rest, people.aum * share)
    return np.where(people.tier >= AFFLUENT, above, mass).astype(np.int64)


def write_wealth(files: Files, frame: Frame, people: People, shelf: Shelf, wealth: Wealth) -> None:
    ids = people.ids
    _write_accounts(files, frame, people, wealth)
    start = people.partition * PARTITION * 20
    files.add(
        "holdings",
        [f"H{start + number:09d}" for number in range(1, len(wealth.owner) + 1)],
        words(ids, wealth.owner),
        words(shelf.ids, wealth.product),
        yuan(wealth.amount),
        yuan(wealth.cost),
        days(frame.as_of, -wealth.age),
        days(frame.as_of, wealth.matures),
    )
    for at in np.flatnonzero(_planted_holding(people, shelf, wealth)).tolist():
        _tell_holding(files, people, shelf, wealth, at, start)


def _planted_holding(people: People, shelf: Shelf, wealth: Wealth) -> Bools:
    maturing = (wealth.product == shelf.renewable) & people.has("maturing")[wealth.owner]
    planted: Bools = maturing | (wealth.product == shelf.regraded)
    return planted


def _tell_holding(files: Files, people: People, shelf: Shelf, wealth: Wealth, at: int, start: int) -> None:
    owner, product = int(wealth.owner[at]), int(wealth.product[at])
    common = {"holding_id": f"H{start + at + 1:09d}", "product_id": shelf.ids[product]}
    if product == shelf.renewable:
        numbers = {"days_left": int(wealth.matures[at]), "amount": yuan(wealth.amount[at : at + 1])[0]}
        files.truth("maturing", people.ids[owner], **common, **numbers)
    else:
        levels = {"level": f"C{int(people.level[owner]) + 1}", "risk": f"R{int(shelf.risk[product]) + 1}"}
        files.truth("unsuitable", people.ids[owner], **common, **levels)


def _write_accounts(files: Files, frame: Frame, people: People, wealth: Wealth) -> None:
    """Everyone with an account has a current one; a wealth account shows 0, its value being the holdings."""
    holds = np.bincount(wealth.owner, minlength=people.count) > 0
    credit = people.banked & ~people.closed & (people.index % 5 < 2) & ~people.has("minor")
    zero = np.zeros(people.count, dtype=np.int64)
    owed = -(people.index * 7_919 % 2_000_000)
    kinds = (
        ("活期", 999100, people.banked, wealth.liquid, people.opened),
        ("定期", 999200, wealth.fixed > 0, wealth.fixed, wealth.fixed_age),
        ("理财户", 999300, holds, zero, people.opened),
        ("信用卡", 999400, credit, owed, people.opened // 2),
    )
    for kind, prefix, exists, balance, age in kinds:
        rows = np.flatnonzero(exists)
        ended = np.where(people.closed[rows], -people.closed_age[rows], NEVER)
        files.add(
            "accounts",
            cards(prefix, people.index[rows] + 1),
            words(people.ids, rows),
            [kind] * len(rows),
            days(frame.as_of, -age[rows]),
            days(frame.as_of, ended),
            yuan(balance[rows]),
            ["CNY"] * len(rows),
        )
