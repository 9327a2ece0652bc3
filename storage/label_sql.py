"""The labels of a window of customers as one statement: what `domain.labels` decides of one, set-based.

The measures are those of domain.labels.measures, column by column; tests hold both against each other. Days are whole
numbers since 1970 inside, so that both databases count alike; each step is materialised, or SQLite would work out every
measure again wherever it is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from domain.customer import BROADCAST, RISK_NAMES
from domain.labels.deciding import text_of_code
from domain.labels.hysteresis import windows_of
from domain.labels.label import UNDECIDED, UNTESTED
from domain.labels.measures import QUARTER, YEAR
from domain.labels.rules import LabelRules, Worded
from domain.tier import Tier
from domain.tiering import Window
from domain.zone import SHANGHAI
from storage.columns import microseconds
from storage.rule_sql import RANK, condition

_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1)
_MICROSECONDS = 86_400_000_000
_SHIFT = 28_800_000_000  # Shanghai is eight hours ahead
_RANKS = " ".join(f"WHEN '{tier}' THEN {tier.rank}" for tier in Tier)


@dataclass(frozen=True)
class Task:
    """What a run asks: labels of `day` from data through `last`; `months` begin after the tiers that stand."""

    day: date
    last: date
    rules: LabelRules
    months: tuple[tuple[date, LabelRules], ...] = ()


@dataclass(frozen=True)
class _Words:
    """What the two databases call differently."""

    greatest: str
    least: str
    is_sqlite: bool

    def number(self, column: str) -> str:
        """A day as a whole number."""
        if self.is_sqlite:
            return f"CAST(julianday({column}) - 2440587.5 AS INTEGER)"
        return f"({column} - DATE '1970-01-01')"


_SQLITE, _POSTGRES = _Words("max", "min", is_sqlite=True), _Words("greatest", "least", is_sqlite=False)


def statement(task: Task, dialect: str, *, everybody: bool = False) -> sa.TextClause:
    """Parameters: after, until (customer numbers), published (the run in force). Answers who changed, or everybody."""
    words = _SQLITE if dialect == "sqlite" else _POSTGRES
    steps = [*_inputs(task, words), ("measured", _measured(task)), ("ranked", _ranked(task, words)),
             ("decided", _decided(task))]  # fmt: skip
    body = ",\n".join(f"{name} AS MATERIALIZED (\n{text}\n)" for name, text in steps)
    wanted = "" if everybody else f"\nWHERE {_changed()}"
    stood = f"l.customer_id = d.customer_id AND l.run = d.stands_run AND {_range('l')}"
    chosen = f"SELECT d.*, {_KEPT} FROM (SELECT * FROM decided{wanted}) d LEFT JOIN label l ON {stood}"
    return sa.text(f"WITH {body}\n{chosen}\nORDER BY d.customer_id")


_KEPT = ", ".join(f"l.{name}_{end}" for name in ("tier", "stage", "segments", "appetite") for end in ("since", "why"))
"""Of the row that stands, what only somebody who changes needs."""


def parameters(task: Task) -> dict[str, str]:
    """The bank's words for investments, which are the pack's."""
    return {f"invests{place}": word for place, word in enumerate(task.rules.invests)}


def _changed() -> str:
    pairs = (("stage", "new_stage"), ("segments", "new_segments"), ("appetite", "new_appetite"))
    other = " OR ".join(f"{old} <> {new}" for old, new in pairs)
    return f"stands IS NULL OR provisional OR stands <> {RANK} OR computed_rank <> new_rank OR {other}"


def _inputs(task: Task, words: _Words) -> Iterator[tuple[str, str]]:
    yield "who", _who(task, words)
    yield "levels", _levels_sqlite(task) if words.is_sqlite else _levels_postgres(task, words)
    if task.months:
        yield "totals", _totals(task, words)
    yield "trades", _trades(task)
    yield "talks", _talks(task)
    yield "logins", _logins(task)
    yield "held", _held(task, words)


def _range(alias: str) -> str:
    return f"{alias}.customer_id > :after AND {alias}.customer_id <= :until"


_RANGE = "customer_id > :after AND customer_id <= :until"


def _who(task: Task, words: _Words) -> str:
    last = _text(task.last)
    return f"""SELECT c.customer_id, {words.number("c.opened_on")} AS opened,
  coalesce(c.closed_as_of <= {last}, FALSE) AS closed,
  (SELECT t.booked_at FROM txn t WHERE t.customer_id = c.customer_id AND t.customer_initiated
   AND {_within("t.booked_at", task)} ORDER BY t.booked_at DESC LIMIT 1) AS ordered_at,
  (SELECT CASE WHEN coalesce(r.valid_until, r.assessed_on) >= {_text(task.day)} THEN r.level END
   FROM risk_assessment r WHERE r.customer_id = c.customer_id AND r.assessed_on <= {last}
   ORDER BY r.assessed_on DESC, coalesce(r.valid_until, r.assessed_on) DESC LIMIT 1) AS risk,
  (SELECT o.tier FROM tier_override o WHERE o.customer_id = c.customer_id AND o.state = 'agreed'
   AND o.from_day <= {_text(task.day)} AND o.until_day >= {_text(task.day)}
   ORDER BY o.decided_at DESC LIMIT 1) AS given,
  l.run AS stands_run, l.tier, l.computed_tier, l.provisional, l.stage, l.segments, l.appetite
FROM customer c LEFT JOIN label l ON l.customer_id = c.customer_id AND l.run <= :published
  AND (l.until_run IS NULL OR l.until_run > :published) AND {_range("l")}
WHERE {_range("c")}"""


def _levels_sqlite(task: Task) -> str:
    """Probes into the key: a window over all points costs SQLite three times as much."""
    first, before = _text(task.last - (YEAR - 1) * _DAY), _text(task.last - QUARTER * _DAY)
    quarter = _text(task.last - (QUARTER - 1) * _DAY)

    def at(day: str) -> str:
        return (f"(SELECT aum FROM aum_daily a WHERE a.customer_id = p.customer_id AND a.day <= {day}"
                " ORDER BY a.day DESC LIMIT 1)")  # fmt: skip

    return f"""SELECT customer_id, aum, before_aum, first_day, first_money,
  CASE WHEN year_aum IS NULL THEN high ELSE max(year_aum, coalesce(high, year_aum)) END AS peak,
  CASE WHEN quarter_aum IS NULL THEN top ELSE max(quarter_aum, coalesce(top, quarter_aum)) END AS top,
  CASE WHEN quarter_aum IS NULL THEN low ELSE min(quarter_aum, coalesce(low, quarter_aum)) END AS low
FROM (SELECT customer_id, {at(_text(task.last))} AS aum, {at(before)} AS before_aum, {at(first)} AS year_aum,
  {at(quarter)} AS quarter_aum, CAST(julianday(first_day) - 2440587.5 AS INTEGER) AS first_day,
  CAST(julianday(first_money) - 2440587.5 AS INTEGER) AS first_money, high, top, low
  FROM (SELECT customer_id, min(day) AS first_day, min(CASE WHEN aum > 0 THEN day END) AS first_money,
    max(CASE WHEN day > {first} THEN aum END) AS high, max(CASE WHEN day > {quarter} THEN aum END) AS top,
    min(CASE WHEN day > {quarter} THEN aum END) AS low
    FROM aum_daily WHERE {_RANGE} AND day <= {_text(task.last)} GROUP BY customer_id) p)"""


def _levels_postgres(task: Task, words: _Words) -> str:
    last = _number(task.last)
    first, before, quarter = last - (YEAR - 1), last - QUARTER, last - (QUARTER - 1)
    return f"""SELECT customer_id, max(aum) FILTER (WHERE ends = {last + 1}) AS aum,
  max(aum) FILTER (WHERE begins <= {before} AND ends > {before}) AS before_aum,
  min(begins) AS first_day, min(begins) FILTER (WHERE aum > 0) AS first_money,
  max(aum) FILTER (WHERE ends > {first}) AS peak, max(aum) FILTER (WHERE ends > {quarter}) AS top,
  min(aum) FILTER (WHERE ends > {quarter}) AS low
FROM ({_spans(task, words)}) p GROUP BY customer_id"""


def _spans(task: Task, words: _Words, since: date | None = None) -> str:
    """Each level with the days it held: from `begins` on, before `ends`."""
    number = words.number("day")
    after = f" AND day > {_text(since)}" if since else ""
    return f"""SELECT customer_id, aum, {number} AS begins,
  coalesce(lead({number}) OVER (PARTITION BY customer_id ORDER BY day), {_number(task.last) + 1}) AS ends
  FROM aum_daily WHERE {_RANGE} AND day <= {_text(task.last)}{after}"""


def _windows(task: Task) -> list[Window]:
    """Every window that the months look at, once."""
    return sorted(
        {w for month, rules in task.months for w in windows_of(month, rules.grace_months)}, key=lambda w: w.first
    )


def _totals(task: Task, words: _Words) -> str:
    """The sum of the daily levels of each window; what began before all of them is carried in."""
    windows = _windows(task)
    origin = windows[0].first
    sums = (
        f"CAST(sum(aum * ({words.least}(ends, {b}) - {words.greatest}(begins, {a})))"
        f" FILTER (WHERE ends > {a} AND begins < {b}) AS BIGINT) AS total{a}"
        for a, b in (_bounds(window) for window in windows)
    )
    start = _number(origin)
    return f"""SELECT customer_id, min(begins) AS first_begin, {", ".join(sums)}
FROM (SELECT customer_id, aum, begins,
    coalesce(lead(begins) OVER (PARTITION BY customer_id ORDER BY begins), {_number(task.last) + 1}) AS ends
  FROM (SELECT customer_id, aum, {words.number("day")} AS begins FROM aum_daily
      WHERE {_RANGE} AND day <= {_text(task.last)} AND day > {_text(origin)}
    UNION ALL SELECT who.customer_id, (SELECT a.aum FROM aum_daily a WHERE a.customer_id = who.customer_id
      AND a.day <= {_text(origin)} ORDER BY a.day DESC LIMIT 1), {start} FROM who) u
  WHERE aum IS NOT NULL) p GROUP BY customer_id"""


def _trades(task: Task) -> str:
    kinds = ", ".join(f":{name}" for name in parameters(task)) or "NULL"
    reach = task.rules.event_days * _DAY
    spans = [(_moment(event.day - reach), _moment(event.day + reach + _DAY)) for event in task.rules.events]
    within = " OR ".join(f"(booked_at >= {a} AND booked_at < {b})" for a, b in spans) or "FALSE"
    return f"""SELECT customer_id, count(*) AS trades, CAST(sum(abs(amount)) AS BIGINT) AS turned,
  sum(CASE WHEN {within} THEN 1 ELSE 0 END) AS at_events
FROM txn WHERE {_RANGE} AND {_within("booked_at", task)} AND customer_initiated AND kind IN ({kinds})
GROUP BY customer_id"""


def _talks(task: Task) -> str:
    return f"""SELECT customer_id, max(at) AS talked_at FROM interaction
WHERE {_RANGE} AND {_within("at", task)} AND closed_as_of IS NULL AND kind <> '{BROADCAST}' AND channel <> '{BROADCAST}'
  AND (reached OR (reached IS NULL AND direction IN ('in', 'both'))) GROUP BY customer_id"""


def _logins(task: Task) -> str:
    return f"""SELECT customer_id, max(at) AS used_at FROM touchpoint
WHERE {_RANGE} AND {_within("at", task)} GROUP BY customer_id"""


def _held(task: Task, words: _Words) -> str:
    last, ago = _text(task.last), _text(task.last - YEAR * _DAY)
    here = f"(h.closed_as_of IS NULL OR h.closed_as_of > {last})"
    ends = f"{words.least}(coalesce(h.matures_on, h.closed_as_of), coalesce(h.closed_as_of, h.matures_on))"
    lasted = f"{words.greatest}({words.number(ends)} - {words.number('h.opened_on')}, 0)"
    left = f"{words.number('h.matures_on')} - {_number(task.last)}"
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
  sum(CASE WHEN {brief} THEN 1 ELSE 0 END) AS lasted_count
FROM holding h JOIN product p ON p.product_id = h.product_id
WHERE {_range("h")} AND (h.opened_on IS NULL OR h.opened_on <= {last})
GROUP BY h.customer_id"""


def _measured(task: Task) -> str:
    last = _number(task.last)
    opened = f"CASE WHEN opened <= {last} THEN opened END"
    kept = ", ".join(f"totals.total{_bounds(window)[0]}" for window in _windows(task))
    totals = f"totals.first_begin, {kept}, " if task.months else ""
    active = f"(CASE WHEN active >= 0 THEN active ELSE {opened} END)"
    silent = f"{last} - {active}"
    return f"""SELECT *, {last} - ({opened}) AS opened_days,
  first_money IS NOT NULL AS funded, CASE WHEN first_money > first_day THEN {last} - first_money END AS funded_days,
  CASE WHEN {silent} > {YEAR} THEN {YEAR} ELSE {silent} END AS silent_days,
  CASE WHEN peak > 0 AND top >= 0 THEN (peak - top) * 1000 / peak END AS fall,
  CASE WHEN before_aum > 0 AND aum >= 0 THEN aum * 1000 / before_aum - 1000 END AS growth,
  CASE WHEN low >= 0 AND top > 0 THEN (top - low) * 1000 / (top + low) END AS swing,
  CASE WHEN aum > 0 THEN turned * 1000 / aum END AS turnover,
  CASE WHEN trades > 0 THEN at_events * 1000 / trades END AS eventful,
  CASE WHEN lasted_count > 0 THEN lasted_total / lasted_count END AS held_days,
  CASE WHEN held_total > 0 THEN coalesce(left_total, 0) / held_total END AS left_days,
  CASE WHEN held_total > 0 THEN coalesce(long_total, 0) * 1000 / held_total END AS long_share
FROM (SELECT who.*, {totals}levels.aum, before_aum, first_day, first_money, peak, top, low,
    coalesce(trades, 0) AS trades, coalesce(turned, 0) AS turned, coalesce(at_events, 0) AS at_events,
    {_latest("ordered_at", "talked_at", "used_at")} AS active, coalesce(kinds, 0) AS kinds,
    coalesce(new_kinds, 0) AS new_kinds, coalesce(running, 0) AS running, held_total, left_total, long_total,
    lasted_total, lasted_count
  FROM who LEFT JOIN levels ON levels.customer_id = who.customer_id
  {"LEFT JOIN totals ON totals.customer_id = who.customer_id" if task.months else ""}
  LEFT JOIN trades ON trades.customer_id = who.customer_id LEFT JOIN talks ON talks.customer_id = who.customer_id
  LEFT JOIN logins ON logins.customer_id = who.customer_id LEFT JOIN held ON held.customer_id = who.customer_id) m"""


def _latest(*moments: str) -> str:
    """The day of the latest moment; -1 when there is none."""
    found = "-1"
    for moment in moments:
        day = f"coalesce(({moment} + {_SHIFT}) / {_MICROSECONDS}, -1)"
        found = day if found == "-1" else f"CASE WHEN {day} > {found} THEN {day} ELSE {found} END"
    return found


def _ranked(task: Task, words: _Words) -> str:
    """The tier after the months, and the one that an override sets; somebody new is settled by whoever asks."""
    standing = f"CASE computed_tier {_RANKS} END"
    rank = standing
    for month, rules in task.months:
        low, high = _clamp(month, rules, words)
        rank = f"{words.greatest}({low}, {words.least}({high}, {rank}))"
    return f"""SELECT m.*, coalesce(CASE given {_RANKS} END, new_rank) AS {RANK} FROM (
  SELECT measured.*, CASE tier {_RANKS} END AS stands, {standing} AS computed_rank, {rank} AS new_rank
  FROM measured) m"""


def _clamp(month: date, rules: LabelRules, words: _Words) -> tuple[str, str]:
    """domain.labels.hysteresis.clamp; where a window has no days yet, the tier stays what it was."""
    starts = [_bounds(window) for window in windows_of(month, rules.grace_months)]
    a, b = starts[0]
    low = f"coalesce(CASE WHEN first_begin < {b} THEN {_reached(rules, 1000, a, b, words)} END, 0)"
    kept = f"CASE WHEN first_begin < {b} THEN {_reached(rules, rules.keep_permille, a, b, words)} ELSE 0 END"
    for a_, b_ in starts[1:]:
        each = f"CASE WHEN first_begin < {b_} THEN {_reached(rules, rules.keep_permille, a_, b_, words)} ELSE 0 END"
        kept = f"{words.greatest}({kept}, {each})"
    return low, f"CASE WHEN first_begin < {b} THEN {kept} ELSE {len(Tier) - 1} END"


def _reached(rules: LabelRules, permille: int, a: int, b: int, words: _Words) -> str:
    days = f"({b} - {words.greatest}(first_begin, {a}))"
    floors = sorted(rules.floors.items(), key=lambda item: -item[1])
    cases = " ".join(f"WHEN total{a} * 1000 >= {fen * permille} * {days} THEN {tier.rank}" for tier, fen in floors)
    return f"CASE {cases} ELSE 0 END"


def _decided(task: Task) -> str:
    rules = task.rules
    stages = " ".join(f"WHEN {_holds(rule)} THEN '{rule.stage}'" for rule in rules.stages)
    appetites = " ".join(f"WHEN '{level}' THEN '{word}'" for level, word in RISK_NAMES.items())
    return f"""SELECT r.*, CASE {stages} END AS new_stage, {_segments(rules)} AS new_segments,
  CASE risk {appetites} ELSE '{UNTESTED}' END AS new_appetite FROM ranked r"""


def _segments(rules: LabelRules) -> str:
    """Every set of segments has its one name, so each is asked for by the sum of its rules' bits."""
    bits = " + ".join(
        f"CASE WHEN {_holds(rule)} THEN {1 << place} ELSE 0 END" for place, rule in enumerate(rules.segments)
    )
    names = (f"WHEN {code} THEN '{text_of_code(rules, code)}'" for code in range(1 << len(rules.segments)))
    return f"CASE WHEN {_holds(rules.undecided)} THEN '{UNDECIDED}' ELSE CASE {bits or 0} {' '.join(names)} END END"


def _holds(worded: Worded) -> str:
    return "TRUE" if worded.rule is None else f"({condition(worded.rule.tree)})"


def _within(column: str, task: Task) -> str:
    """Moments of the year that ends with the last day."""
    return f"{column} >= {_moment(task.last - (YEAR - 1) * _DAY)} AND {column} < {_moment(task.last + _DAY)}"


def _moment(day: date) -> int:
    return microseconds(datetime.combine(day, time(), tzinfo=SHANGHAI))


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _bounds(window: Window) -> tuple[int, int]:
    """Its first day, and the one after its last."""
    return _number(window.first), _number(window.last) + 1


def _text(day: date) -> str:
    return f"'{day.isoformat()}'"
