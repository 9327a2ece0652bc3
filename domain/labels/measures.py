"""What labels are decided by: a customer's history up to a day, reduced to a few numbers.

This is the definition; storage.label_measures computes the same for many customers at once, and a test holds both
side by side. Shares are in thousandths, rounded down; None is unknown, and a rule that asks for it does not hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.customer import AumPoint, RiskAssessment
from domain.ids import Fen
from domain.tiering import aum_at

YEAR, QUARTER = 365, 90
"""Days that end with the last one: 365 are it and the 364 before."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trade:
    """An investment the customer ordered; `eventful`: within the days of an event."""

    day: date
    amount: Fen
    eventful: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A holding; `closed_on` is the first day it was gone."""

    kind: str
    amount: Fen
    opened_on: date | None = None
    matures_on: date | None = None
    closed_on: date | None = None

    def ends(self, last: date) -> date | None:
        """The day it ended, if it has by `last`."""
        ended = [day for day in (self.matures_on, self.closed_on) if day is not None and day <= last]
        return min(ended, default=None)


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `closed_on` is the first day it was gone."""

    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All of a customer that labels look at. Who has no account left has gone like one whom the core no longer names
    (`closed_on`); without any account, nobody knows. `active` are days on which the customer did something: ordered a
    booking, opened an app, was really spoken to.
    """

    opened_on: date | None = None
    closed_on: date | None = None
    aum: Sequence[AumPoint] = ()
    trades: Sequence[Trade] = ()
    holdings: Sequence[Held] = ()
    active: Sequence[date] = ()
    risk: Sequence[RiskAssessment] = ()
    accounts: Sequence[Account] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers, as of the end of a day; durations are in days."""

    closed: bool = False
    opened_days: int | None = None
    funded: bool = False
    funded_days: int | None = None
    silent_days: int | None = None
    aum: Fen | None = None
    peak: Fen | None = None
    fall: int | None = None
    growth: int | None = None
    swing: int | None = None
    kinds: int = 0
    new_kinds: int = 0
    running: int = 0
    trades: int = 0
    turnover: int | None = None
    eventful: int | None = None
    held_days: int | None = None
    left_days: int | None = None
    long_share: int | None = None


def measure(history: History, last: date) -> Measures:
    """The numbers as of the end of `last`, the last day whose data has arrived."""
    opened = _known(history.opened_on, last)
    points = [point for point in history.aum if point.day <= last]
    trades = [trade for trade in history.trades if last - YEAR * _DAY < trade.day <= last]
    turned = sum(trade.amount for trade in trades)
    aum, before = aum_at(points, last), aum_at(points, last - QUARTER * _DAY)
    peak = max(_levels(points, last, YEAR), default=None)
    quarter = _levels(points, last, QUARTER)
    counted = Measures(
        closed=_known(history.closed_on, last) is not None or _all_closed(history.accounts, last),
        opened_days=(last - opened).days if opened else None,
        funded=any(point.fen > 0 for point in points),
        funded_days=_funded_days(points, last),
        silent_days=_silent_days(history.active, opened, last),
        aum=aum,
        peak=peak,
        fall=_less(max(quarter), peak) if quarter and peak is not None else None,
        growth=_more(aum, before),
        swing=_swing(quarter),
        trades=len(trades),
        turnover=_turnover(turned, points, last),
        eventful=_share(sum(trade.eventful for trade in trades), len(trades)),
    )
    return _with_holdings(counted, history.holdings, last)


def _known(day: date | None, last: date) -> date | None:
    return day if day is not None and day <= last else None


def _all_closed(accounts: Iterable[Account], last: date) -> bool:
    there = [account for account in accounts if account.opened_on is None or account.opened_on <= last]
    return bool(there) and all(_known(account.closed_on, last) for account in there)


def _turnover(turned: Fen, points: Sequence[AumPoint], last: date) -> int | None:
    """Against the mean of the year's two ends, or today's where the year's begin was not seen: who took the money away
    did not trade the more for it.
    """
    now, then = aum_at(points, last), aum_at(points, last - (YEAR - 1) * _DAY)
    return None if now is None else _share(2 * turned, now + (now if then is None else then))


def _levels(points: Sequence[AumPoint], last: date, days: int) -> list[Fen]:
    """The levels of the last so many days: those that began in them and the one they began with."""
    first = last - (days - 1) * _DAY
    begun = [point.fen for point in points if point.day > first]
    carried = aum_at(points, first)
    return begun if carried is None else [carried, *begun]


def _funded_days(points: Sequence[AumPoint], last: date) -> int | None:
    """Since the first money, where the time before it was seen: a feed that begins with money tells no first day."""
    first = next((index for index, point in enumerate(points) if point.fen > 0), 0)
    return (last - points[first].day).days if first else None


def _silent_days(active: Iterable[date], opened: date | None, last: date) -> int | None:
    """Only a year is looked at, so nobody is silent for longer."""
    latest = max((day for day in active if last - YEAR * _DAY < day <= last), default=opened)
    return min((last - latest).days, YEAR) if latest else None


def _with_holdings(counted: Measures, holdings: Sequence[Held], last: date) -> Measures:
    past = [held for held in holdings if held.opened_on is None or held.opened_on <= last]
    here = [held for held in past if held.closed_on is None or held.closed_on > last]
    total = sum(held.amount for held in here)
    year_ago = last - YEAR * _DAY
    old = {held.kind for held in past if held.opened_on is None or held.opened_on <= year_ago}
    left = [(held.amount, (held.matures_on - last).days) for held in here if held.matures_on and held.matures_on > last]
    return replace(
        counted,
        kinds=len({held.kind for held in here}),
        new_kinds=len({held.kind for held in past} - old),
        running=len(left),
        left_days=sum(fen * days for fen, days in left) // total if total > 0 else None,
        long_share=_share(sum(h.amount for h in here if h.opened_on and h.opened_on <= year_ago), total),
        held_days=_mean([days for held in past if (days := _lasted(held, year_ago, last)) is not None]),
    )


def _lasted(held: Held, after: date, last: date) -> int | None:
    """How long a holding was held that was bought after that day and has ended."""
    end = held.ends(last)
    if held.opened_on is None or held.opened_on <= after or end is None:
        return None
    return max((end - held.opened_on).days, 0)


def _mean(numbers: list[int]) -> int | None:
    return sum(numbers) // len(numbers) if numbers else None


def _share(part: int, whole: int) -> int | None:
    return part * 1000 // whole if whole > 0 else None


def _less(now: Fen, before: Fen) -> int | None:
    """How much is gone of what was there, rounded down: nobody falls further than he did."""
    return (before - now) * 1000 // before if before > 0 and now >= 0 else None


def _more(now: Fen | None, before: Fen | None) -> int | None:
    if now is None or before is None or before <= 0 or now < 0:
        return None
    return now * 1000 // before - 1000


def _swing(levels: Sequence[Fen]) -> int | None:
    """How far the levels went from their middle, either way."""
    if not levels or min(levels) < 0 or max(levels) == 0:
        return None
    low, high = min(levels), max(levels)
    return (high - low) * 1000 // (low + high)
