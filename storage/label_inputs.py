"""What the labels' statement reads of each table for a window of customers: one step a source, in both databases.

Days are whole numbers since 1970 inside, so that both count alike. The measures made from these columns are defined in
domain.labels.measures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.customer import BROADCAST
from domain.labels.due import horizon
from domain.labels.hysteresis import windows_of
from domain.labels.measures import QUARTER, YEAR
from domain.labels.rules import LabelRules
from domain.tiering import Window
from domain.zone import SHANGHAI
from storage.columns import microseconds

_EPOCH = date(1970, 1, 1)
_OPEN = 9_999_999
"""The end of what has no end yet: a level is carried forward, whatever day the data has reached."""
_MICROSECONDS = 86_400_000_000
_SHIFT = 28_800_000_000  # Shanghai is eight hours ahead
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """What a run asks: labels of `day` from data through `last`; `months` begin after the tiers that stand."""

    day: date
    last: date
    rules: LabelRules
    months: tuple[tuple[date, LabelRules], ...] = ()


@dataclass(frozen=True)
class Words:
    """What the two databases call differently."""

    greatest: str
    least: str
    is_sqlite: bool
    listed: bool = False

    def window(self, alias: str = "") -> str:
        """The customers asked for: those of a list, else those between two numbers."""
        column = f"{alias}.customer_id" if alias else "customer_id"
        if not self.listed:
            return f"{column} > :after AND {column} <= :until"
        return f"{column} IN (SELECT value FROM json_each(:listed))" if self.is_sqlite else f"{column} = ANY(:listed)"

    def beside(self, alias: str) -> str:
        """The same of what is joined to them: SQLite would look through the list again for each of its rows."""
        return "" if self.listed and self.is_sqlite else f" AND {self.window(alias)}"

    def number(self, column: str) -> str:
        """A day as a whole number."""
        if self.is_sqlite:
            return f"CAST(julianday({column}) - 2440587.5 AS INTEGER)"
        return f"({column} - DATE '1970-01-01')"


SQLITE_WORDS, POSTGRES_WORDS = Words("max", "min", is_sqlite=True), Words("greatest", "least", is_sqlite=False)


def parameters(task: Task) -> dict[str, str]:
    """The bank's words for investments, which are the pack's."""
    return {f"invests{place}": word for place, word in enumerate(task.rules.invests)}


def inputs(task: Task, words: Words) -> Iterator[tuple[str, str]]:
    yield "who", _who(task, words)
    yield "levels", _levels(task, words)
    yield "trades", _trades(task, words)
    yield "talks", _talks(task, words)
    yield "logins", _logins(task, words)
    yield "held", _held(task, words)
    yield "kept", _kept(task, words)


def _who(task: Task, words: Words) -> str:
    last = _text(task.last)
    return f"""SELECT c.customer_id, {words.number("c.opened_on")} AS opened,
  coalesce(c.closed_as_of <= {last}, FALSE) AS gone,
  (SELECT t.booked_at FROM txn t WHERE t.customer_id = c.customer_id AND t.customer_initiated
   AND {_within("t.booked_at", task)} ORDER BY t.booked_at DESC LIMIT 1) AS ordered_at,
  (SELECT CASE WHEN coalesce(r.valid_until, '9999-12-31') >= {_text(task.day)} THEN r.level END
   FROM risk_assessment r WHERE r.customer_id = c.customer_id AND r.assessed_on <= {last}
   ORDER BY r.assessed_on DESC, coalesce(r.valid_until, '9999-12-31') DESC LIMIT 1) AS risk,
  (SELECT o.tier FROM tier_override o WHERE o.customer_id = c.customer_id
   AND o.from_day <= {_text(task.day)} AND o.until_day >= {_text(task.day)}
   ORDER BY o.decided_at DESC LIMIT 1) AS given,
  l.run AS stands_run, l.tier, l.computed_tier, l.provisional, l.stage, l.segments, l.appetite
FROM customer c LEFT JOIN label l ON l.customer_id = c.customer_id AND l.run <= :published
  AND (l.until_run IS NULL OR l.until_run > :published){words.beside("l")}
WHERE {words.window("c")}"""


def _levels(task: Task, words: Words) -> str:
    """Each level holds from `begins` on, before `ends`; of each window of the months, the sum of the daily levels."""
    last, number, since = number_of(task.last), words.number("day"), number_of(horizon(task.day))
    first, before, quarter = last - (YEAR - 1), last - QUARTER, last - (QUARTER - 1)
    sums = "".join(f", {_total(*bounds(window), words)}" for window in windows(task))
    return f"""SELECT customer_id, max(aum) FILTER (WHERE ends = {_OPEN}) AS aum,
  max(aum) FILTER (WHERE begins <= {before} AND ends > {before}) AS before_aum,
  max(aum) FILTER (WHERE begins <= {first} AND ends > {first}) AS then_aum,
  min(begins) AS first_day, min(begins) FILTER (WHERE aum > 0) AS first_money,
  max(aum) FILTER (WHERE ends > {first}) AS peak, max(aum) FILTER (WHERE ends > {quarter}) AS top,
  min(aum) FILTER (WHERE ends > {quarter}) AS low,
  min(aum) FILTER (WHERE ends > {since}) AS low_level, max(aum) FILTER (WHERE ends > {since}) AS high_level,
  min(begins) FILTER (WHERE begins > {before}) AS young, min(begins) FILTER (WHERE begins > {first}) AS older{sums}
FROM (SELECT customer_id, aum, {number} AS begins,
  coalesce(lead({number}) OVER (PARTITION BY customer_id ORDER BY day), {_OPEN}) AS ends
  FROM aum_daily WHERE {words.window()} AND day <= {_text(task.last)}) p GROUP BY customer_id"""


def _total(a: int, b: int, words: Words) -> str:
    held = f"{words.least}(ends, {b}) - {words.greatest}(begins, {a})"
    return f"CAST(sum(aum * ({held})) FILTER (WHERE ends > {a} AND begins < {b}) AS BIGINT) AS total{a}"


def windows(task: Task) -> list[Window]:
    """Every window that the months look at, once."""
    return sorted(
        {w for month, rules in task.months for w in windows_of(month, rules.grace_months)}, key=lambda w: w.first
    )


def _trades(task: Task, words: Words) -> str:
    kinds = ", ".join(f":{name}" for name in parameters(task)) or "NULL"
    year = task.rules.eventful(task.last - YEAR * _DAY, task.last)
    spans = [(_moment(first), _moment(end + _DAY)) for first, end in year]
    within = " OR ".join(f"(booked_at >= {a} AND booked_at < {b})" for a, b in spans) or "FALSE"
    return f"""SELECT customer_id, count(*) AS trades, CAST(sum(abs(amount)) AS BIGINT) AS turned,
  min(booked_at) AS first_trade,
  sum(CASE WHEN {within} THEN 1 ELSE 0 END) AS at_events
FROM txn WHERE {words.window()} AND {_within("booked_at", task)} AND customer_initiated AND kind IN ({kinds})
GROUP BY customer_id"""


def _talks(task: Task, words: Words) -> str:
    return f"""SELECT customer_id, max(at) AS talked_at FROM interaction
WHERE {words.window()} AND {_within("at", task)} AND closed_as_of IS NULL
  AND kind <> '{BROADCAST}' AND channel <> '{BROADCAST}'
  AND (reached OR (reached IS NULL AND direction IN ('in', 'both'))) GROUP BY customer_id"""


def _logins(task: Task, words: Words) -> str:
    return f"""SELECT customer_id, max(at) AS used_at FROM touchpoint
WHERE {words.window()} AND {_within("at", task)} GROUP BY customer_id"""


def _held(task: Task, words: Words) -> str:
    last, ago = _text(task.last), _text(task.last - YEAR * _DAY)
    here = f"(h.closed_as_of IS NULL OR h.closed_as_of > {last})"
    ends = f"{words.least}(coalesce(h.matures_on, h.closed_as_of), coalesce(h.closed_as_of, h.matures_on))"
    lasted = f"{words.greatest}({words.number(ends)} - {words.number('h.opened_on')}, 0)"
    left = f"{words.number('h.matures_on')} - {number_of(task.last)}"
    running = f"{here} AND h.matures_on > {last}"
    brief = f"h.opened_on > {ago} AND {ends} <= {last}"
    return f"""SELECT h.customer_id, count(DISTINCT CASE WHEN {here} THEN p.kind END) AS kinds,
  count(DISTINCT p.kind) - count(DISTINCT CASE WHEN h.opened_on IS NULL OR h.opened_on <= {ago} THEN p.kind END)
    AS new_kinds,
  sum(CASE WHEN {running} THEN 1 ELSE 0 END) AS running,
  CAST(sum(CASE WHEN {here} THEN h.amount END) AS BIGINT) AS held_total,
  CAST(sum(CASE WHEN {running} THEN h.amount * ({left}) END) AS BIGINT) AS left_total,
  CAST(sum(CASE WHEN {here} AND h.opened_on <= {ago} THEN h.amount END) AS BIGINT) AS long_total,
  CAST(sum(CASE WHEN {brief} THEN {lasted} END) AS BIGINT) AS lasted_total,
  sum(CASE WHEN {brief} THEN 1 ELSE 0 END) AS lasted_count,
  CAST(sum(CASE WHEN {running} THEN h.amount END) AS BIGINT) AS run_total,
  min(CASE WHEN h.opened_on > {ago} THEN h.opened_on END) AS aging,
  min(CASE WHEN h.matures_on > {last} THEN h.matures_on END) AS maturing,
  min(CASE WHEN h.closed_as_of > {last} THEN h.closed_as_of END) AS closing
FROM holding h JOIN product p ON p.product_id = h.product_id
WHERE {words.window("h")} AND (h.opened_on IS NULL OR h.opened_on <= {last})
GROUP BY h.customer_id"""


def _kept(task: Task, words: Words) -> str:
    """How many accounts there are still, of who has ever had one; and when the next is opened or ends."""
    last = _text(task.last)
    ended = f"{words.least}(coalesce(closed_on, closed_as_of), coalesce(closed_as_of, closed_on))"
    here = f"(opened_on IS NULL OR opened_on <= {last})"
    return f"""SELECT customer_id, sum(CASE WHEN {here} THEN 1 ELSE 0 END) AS had,
  sum(CASE WHEN {here} AND ({ended} IS NULL OR {ended} > {last}) THEN 1 ELSE 0 END) AS left_open,
  min(CASE WHEN opened_on > {last} THEN opened_on END) AS opening,
  min(CASE WHEN {ended} > {last} THEN {ended} END) AS ending
FROM account WHERE {words.window()} GROUP BY customer_id"""


def _within(column: str, task: Task) -> str:
    """Moments of the year that ends with the last day."""
    return f"{column} >= {_moment(task.last - (YEAR - 1) * _DAY)} AND {column} < {_moment(task.last + _DAY)}"


def _moment(day: date) -> int:
    return microseconds(datetime.combine(day, time(), tzinfo=SHANGHAI))


def day_of_moment(moment: str) -> str:
    """The Shanghai day of a moment as a whole number."""
    return f"({moment} + {_SHIFT}) / {_MICROSECONDS}"


def number_of(day: date) -> int:
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    return _EPOCH + number * _DAY


def bounds(window: Window) -> tuple[int, int]:
    """Its first day, and the one after its last."""
    return number_of(window.first), number_of(window.last) + 1


def _text(day: date) -> str:
    return f"'{day.isoformat()}'"
