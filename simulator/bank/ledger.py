"""Transactions and daily assets that end exactly at what each customer owns on the business day."""

from dataclasses import dataclass

import numpy as np

from simulator.bank.cells import Bools, Floats, Ints, times, words, yuan
from simulator.bank.files import Files
from simulator.bank.frame import PARTITION, TIER_FLOOR, Frame
from simulator.bank.identifiers import cards
from simulator.bank.people import DORMANT, LOST, NEW, PROSPECT, People
from simulator.bank.wealth import Wealth

WINDOW = 200
"""Days with single transactions; the outflow rule looks back 187."""

_KINDS = (
    # word, channel, counterparty, customer_initiated
    ("工资", "系统", "other", 0),
    ("转账汇入", "手机银行", "other", 0),
    ("同名转入", "手机银行", "same_name", 1),
    ("现金存入", "柜面", "other", 1),
    ("基金赎回", "手机银行", "own", 1),
    ("消费", "快捷支付", "other", 1),
    ("转账汇出", "手机银行", "other", 1),
    ("现金支取", "自助设备", "other", 1),
    ("缴费", "手机银行", "other", 1),
    ("同名转出", "手机银行", "same_name", 1),
    ("手续费", "系统", "own", 0),
    ("基金申购", "手机银行", "own", 1),
    ("结息", "系统", "own", 0),
    ("理财申购", "手机银行", "own", 1),
    ("转存定期", "柜面", "own", 1),
    ("自动续投", "系统", "own", 0),
    ("开户存入", "柜面", "other", 1),
    ("理财到期", "系统", "own", 0),
)
_WORDS = tuple(kind[0] for kind in _KINDS)
SALARY, REDEEM, SPEND, TRANSFER, SUBSCRIBE = 0, 4, 5, 6, 11
INTEREST, BUY, TERM_DEPOSIT, RENEWAL, FIRST_DEPOSIT, MATURED = 12, 13, 14, 15, 16, 17
INVESTMENTS = (REDEEM, SUBSCRIBE, BUY, TERM_DEPOSIT)
"""What customers order."""
_INTERNAL = (*INVESTMENTS, RENEWAL, MATURED)
_IN_SHARES = (0.0, 0.55, 0.2, 0.25)
_OUT_SHARES = (0.62, 0.16, 0.08, 0.08, 0.04, 0.02)
_RATES = (6, 14, 18, 18)
_PAYDAYS = (10, 15, 25)


@dataclass(frozen=True)
class Entries:
    """Bookings as columns: customer row, day offset, second of day, signed fen, kind."""

    owner: Ints
    day: Ints
    second: Ints
    amount: Ints
    kind: Ints

    @staticmethod
    def of(owner: Ints, day: Ints, second: Ints, amount: Ints, kind: Ints | int) -> "Entries":
        return Entries(owner, day, second, amount, np.broadcast_to(np.asarray(kind, dtype=np.int64), owner.shape))

    def sorted(self, keep: Bools | None = None) -> "Entries":
        rows = np.lexsort((self.second, self.day, self.owner))
        rows = rows if keep is None else rows[keep[rows]]
        return Entries(self.owner[rows], self.day[rows], self.second[rows], self.amount[rows], self.kind[rows])

    @property
    def external(self) -> Bools:
        return ~np.isin(self.kind, _INTERNAL)


def joined(parts: list[Entries]) -> Entries:
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in Entries.__dataclass_fields__]
    return Entries(*columns)


def draw_entries(frame: Frame, people: People, wealth: Wealth, rng: np.random.Generator) -> Entries:
    parts = [
        _everyday(frame, people, wealth, rng),
        _interest(frame, people, wealth),
        _purchases(people, wealth, rng),
        _outflows(people, rng),
        _slow_churn(people, rng),
    ]
    entries = joined(parts)
    entries = joined([entries, _first_deposits(people, wealth, entries)])
    return entries.sorted(entries.amount != 0)


def after_each(owner: Ints, amount: Ints, count: int) -> Ints:
    """What is still to come for the same customer after each booking; rows sorted by owner and time."""
    total = np.bincount(owner, minlength=count)
    sums = np.concatenate(([0], np.cumsum(amount)))
    ends = np.cumsum(total)
    later: Ints = sums[ends[owner]] - sums[1:]
    return later


def _everyday(frame: Frame, people: People, wealth: Wealth, rng: np.random.Generator) -> Entries:
    """Pay and spending that leave the balance within half of what it ends at, and assets within 15 %."""
    start, end = _active_days(people, rng)
    trader = _traders(people, wealth, rng)
    owner = np.repeat(np.arange(people.count), _how_many(frame, people, wealth, trader, end - start + 1, rng))
    day = _busy_days(frame, start[owner], end[owner], rng)
    second = (np.clip(rng.normal(14, 3.5, len(owner)), 0, 23.99) * 3_600).astype(np.int64)
    income = rng.random(len(owner)) < 0.3
    size = wealth.liquid[owner] * 0.03 * rng.lognormal(0, 1, len(owner)) * np.where(income, 2.3, 1)
    kind = _everyday_kinds(frame, trader[owner], day, income, rng)
    signed = np.where(income, 1, -_balance(owner, size, income, people.count)[owner]) * size
    draft = Entries.of(owner, day, second, signed.astype(np.int64), kind).sorted()
    factor = _tame(draft, np.minimum(0.45 * wealth.liquid, 0.15 * people.aum), people.count)
    amount = (draft.amount * factor[draft.owner]).astype(np.int64)
    return Entries(draft.owner, draft.day, draft.second, amount, draft.kind)


def _active_days(people: People, rng: np.random.Generator) -> tuple[Ints, Ints]:
    start = np.maximum(1 - WINDOW, 1 - people.opened)
    end = np.zeros(people.count, dtype=np.int64)
    end = np.where(people.stage == DORMANT, -rng.integers(91, 150, people.count), end)
    end = np.where(people.stage == LOST, -181, end)
    return start, np.where(people.closed | (people.stage == PROSPECT), start - 1, end)


def _traders(people: People, wealth: Wealth, rng: np.random.Generator) -> Bools:
    """Two in a hundred trade funds daily; only those with holdings who may own funds and are no newcomers."""
    holds = np.bincount(wealth.owner, minlength=people.count) > 0
    settled = ~np.isin(people.stage, (NEW, DORMANT)) & (people.opened > WINDOW)
    return holds & settled & (people.level >= 2) & (rng.random(people.count) < 0.05)


def _how_many(
    frame: Frame, people: People, wealth: Wealth, trader: Bools, span: Ints, rng: np.random.Generator
) -> Ints:
    monthly = np.array(_RATES)[people.tier].astype(np.float64)
    tail = (people.aum < TIER_FLOOR[1] // 10) & (frame.preset == "bank_base")
    monthly = np.where(trader, 60, np.where(tail, 2, monthly))
    rate = rng.gamma(3.0, 1 / 3, people.count) * monthly * np.maximum(span, 0) / 30.4
    counts: Ints = rng.poisson(np.where(wealth.liquid >= 100_00, rate, 0))
    return counts


def _busy_days(frame: Frame, start: Ints, end: Ints, rng: np.random.Generator) -> Ints:
    """Weekends are half as busy, paydays and the days before them more."""
    offset = np.arange(1 - WINDOW, 1)
    dates = np.datetime64(frame.as_of, "D") + offset
    weight = np.where(np.is_busday(dates), 1.0, 0.5) * np.where(np.isin(_day_of_month(dates), _PAYDAYS), 2.5, 1.0)
    cumulative = np.concatenate(([0.0], np.cumsum(weight)))
    low, high = cumulative[start + WINDOW - 1], cumulative[end + WINDOW]
    at = np.searchsorted(cumulative, low + (high - low) * rng.random(len(start)), side="right") - 1
    day: Ints = np.clip(at + 1 - WINDOW, start, end)
    return day


def _day_of_month(dates: "np.ndarray[tuple[int], np.dtype[np.datetime64]]") -> Ints:
    within = dates - dates.astype("datetime64[M]").astype("datetime64[D]")
    number: Ints = within.astype(np.int64) + 1
    return number


def _everyday_kinds(frame: Frame, trader: Bools, day: Ints, income: Bools, rng: np.random.Generator) -> Ints:
    count = len(day)
    incoming = rng.choice(4, count, p=_IN_SHARES)
    payday = np.isin(_day_of_month(np.datetime64(frame.as_of, "D") + day), _PAYDAYS)
    incoming = np.where(payday, SALARY, incoming)
    outgoing = SPEND + rng.choice(6, count, p=_OUT_SHARES)
    invests = trader & (rng.random(count) < 0.8)
    return np.where(income, np.where(invests, REDEEM, incoming), np.where(invests, SUBSCRIBE, outgoing))


def _balance(owner: Ints, size: Floats, income: Bools, count: int) -> Floats:
    """Factor on spending that makes it equal what came in."""
    came = np.bincount(owner, size * income, minlength=count)
    went = np.bincount(owner, size * ~income, minlength=count)
    return np.where((came > 0) & (went > 0), came / np.maximum(went, 1e-9), 1.0).clip(0.2, 3.0)


def _tame(draft: Entries, room: Floats, count: int) -> Floats:
    """Scale a customer's bookings down so that neither balance nor assets ever stray further than their room."""
    widest = np.zeros(count, dtype=np.float64)
    for amount in (draft.amount, np.where(draft.external, draft.amount, 0)):
        later = after_each(draft.owner, amount, count)
        np.maximum.at(widest, draft.owner, np.maximum(np.abs(later), np.abs(later + amount)))
    return np.minimum(1.0, room / np.maximum(widest, 1e-9))


def _interest(frame: Frame, people: People, wealth: Wealth) -> Entries:
    offset = np.arange(1 - WINDOW, 1)
    dates = np.datetime64(frame.as_of, "D") + offset
    quarter = (_day_of_month(dates) == 21) & (dates.astype("datetime64[M]").astype(np.int64) % 3 == 2)
    parts = []
    for day in offset[quarter].tolist():
        rows = np.flatnonzero((people.opened > -day + 1) & ~people.closed & (wealth.liquid > 100))
        shape = np.full(len(rows), day, dtype=np.int64)
        parts.append(Entries.of(rows, shape, shape * 0 + 3_600, np.maximum(wealth.liquid[rows] // 4_000, 1), INTEREST))
    return joined(parts)


def _purchases(people: People, wealth: Wealth, rng: np.random.Generator) -> Entries:
    """Money that moved from the current account into holdings and time deposits inside the window."""
    held, fixed = wealth.age < WINDOW, (wealth.fixed > 0) & (wealth.fixed_age < WINDOW)
    owner = np.concatenate((wealth.owner[held], np.flatnonzero(fixed)))
    age = np.concatenate((wealth.age[held], wealth.fixed_age[fixed]))
    cost = np.concatenate((wealth.cost[held], wealth.fixed[fixed]))
    kind = np.repeat([BUY, TERM_DEPOSIT], [held.sum(), fixed.sum()])
    kind = np.where(people.stage[owner] == DORMANT, RENEWAL, kind)
    return Entries.of(owner, -age, rng.integers(34_000, 60_000, len(owner)), -cost, kind)


def _outflows(people: People, rng: np.random.Generator) -> Entries:
    """25–45 % of the assets of a week ago leave in two transfers."""
    rows = people.planted["outflow"]
    share = rng.uniform(0.25, 0.45, len(rows))
    total = (people.aum[rows] * share / (1 - share)).astype(np.int64)
    owner, amount = np.repeat(rows, 2), np.stack((total * 6 // 10, total - total * 6 // 10), axis=1).ravel()
    day = np.tile(np.array([-3, -1]), len(rows))
    return Entries.of(owner, day, rng.integers(34_000, 60_000, len(owner)), -amount, TRANSFER)


def _slow_churn(people: People, rng: np.random.Generator) -> Entries:
    """Every week for four months a twenty-fifth of the assets leaves: 15 % a month."""
    rows = people.planted["slow_churn"]
    weeks = np.arange(1, 18)
    growth = np.exp(0.15 / 30.4 * 7 * weeks) - np.exp(0.15 / 30.4 * 7 * (weeks - 1))
    amount = (people.aum[rows][:, None] * growth).astype(np.int64).ravel()
    owner, day = np.repeat(rows, len(weeks)), np.tile(3 - 7 * weeks, len(rows))
    return Entries.of(owner, day, rng.integers(34_000, 60_000, len(owner)), -amount, TRANSFER)


def _first_deposits(people: People, wealth: Wealth, entries: Entries) -> Entries:
    """Accounts opened inside the window start at zero."""
    rows = np.flatnonzero(people.banked & (people.opened < WINDOW))
    moved = np.bincount(entries.owner, entries.amount, minlength=people.count).astype(np.int64)
    second = np.full(len(rows), 32_400, dtype=np.int64)
    return Entries.of(rows, -people.opened[rows], second, (wealth.liquid - moved)[rows], FIRST_DEPOSIT)


def write_entries(files: Files, frame: Frame, people: People, wealth: Wealth, entries: Entries) -> None:
    start = people.partition * PARTITION * 500
    owner, kind = entries.owner, entries.kind
    account = cards(999100, people.index + 1)
    files.add(
        "transactions",
        [f"T{number:010d}" for number in range(start + 1, start + len(owner) + 1)],
        words(people.ids, owner),
        times(frame.as_of, entries.day, entries.second),
        yuan(entries.amount),
        words(_WORDS, kind),
        words([word[1] for word in _KINDS], kind),
        words([word[2] for word in _KINDS], kind),
        np.array([word[3] for word in _KINDS])[kind].tolist(),
        words(account, owner),
        yuan(wealth.liquid[owner] - after_each(owner, entries.amount, people.count)),
    )
