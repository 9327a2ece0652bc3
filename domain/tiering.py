"""Which AUM tier a customer is in: the daily mean over the last three full calendar months (business-rules.md §3.1)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.basis import Basis, in_force
from domain.customer import AumPoint
from domain.ids import Fen
from domain.tier import Tier

_YUAN = 100
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class TierScale:
    """The lower bounds of the tiers in fen, inclusive, lowest first."""

    basis: Basis
    floors: tuple[tuple[Tier, Fen], ...]


SCALES: tuple[TierScale, ...] = (
    TierScale(
        basis=Basis(date(2025, 1, 1), source="行业惯例：近 3 个月月日均；私行准入 600 万（农、交、建、邮储）"),
        floors=(
            (Tier.MASS, 0),
            (Tier.AFFLUENT, 500_000 * _YUAN),
            (Tier.HIGH, 6_000_000 * _YUAN),
            (Tier.ULTRA, 50_000_000 * _YUAN),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days, `first` and `last` included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Assessment:
    """One month's finding. What a rise or a fall needs over several months is decided from a row of these."""

    tier: Tier
    total: Fen
    days: int
    window: Window

    @property
    def mean(self) -> Fen:
        """The daily mean, rounded down to a whole fen."""
        return self.total // self.days if self.days else 0


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to an earlier day, in fen and in thousandths of what was there (None: there was nothing)."""

    fen: Fen
    permille: int | None


def window_before(today: date) -> Window:
    """The last three full calendar months before the month of `today`."""
    last = today.replace(day=1) - timedelta(days=1)
    months = last.year * 12 + last.month - _MONTHS
    return Window(date(months // 12, months % 12 + 1, 1), last)


def floor_of(tier: Tier, day: date, scales: Sequence[TierScale] = SCALES) -> Fen:
    """The lower bound of a tier as it applies on `day`."""
    return dict(in_force(scales, day).floors)[tier]


def aum_at(points: Sequence[AumPoint], day: date) -> Fen | None:
    """The AUM on `day`, carried forward from the latest point (points in order of day); None before the first."""
    index = bisect_right(points, day, key=lambda point: point.day)
    return points[index - 1].fen if index else None


def total_over(points: Sequence[AumPoint], window: Window) -> tuple[Fen, int]:
    """The sum of the daily AUM in the window, and its number of days. Days before the first point do not exist."""
    total = days = 0
    for index, point in enumerate(points):
        until = points[index + 1].day - timedelta(days=1) if index + 1 < len(points) else window.last
        span = (min(until, window.last) - max(point.day, window.first)).days + 1
        if span > 0:
            total, days = total + point.fen * span, days + span
    return total, days


def assess(points: Sequence[AumPoint], today: date, scales: Sequence[TierScale] = SCALES) -> Assessment:
    """The tier on the mean since the later of the window's begin and the first point.

    Who has no day in the window (new here, or a feed that has only begun) is judged by the days there are; no day at
    all is the lowest.
    """
    window = window_before(today)
    total, days = total_over(points, window)
    if days == 0 and points:
        window = Window(points[0].day, today)
        total, days = total_over(points, window)
    return Assessment(_tier_of(total, max(days, 1), in_force(scales, today)), total, days, window)


def _tier_of(total: Fen, days: int, scale: TierScale) -> Tier:
    """Compared as total ≥ floor x days, so that no rounding can lift or drop anyone."""
    reached = [tier for tier, floor in scale.floors if total >= floor * days]
    return reached[-1] if reached else scale.floors[0][0]


def change_30d(points: Sequence[AumPoint], day: date) -> Change | None:
    """The change against thirty days before; None when there was no customer yet."""
    before, now = aum_at(points, day - timedelta(days=30)), aum_at(points, day)
    if before is None or now is None:
        return None
    return Change(now - before, _permille(now - before, before) if before > 0 else None)


def _permille(part: Fen, whole: Fen) -> int:
    """Thousandths, rounded half away from zero."""
    size = (abs(part) * 2000 + whole) // (2 * whole)
    return size if part >= 0 else -size
