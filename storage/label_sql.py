"""The labels of a window of customers as one statement: what `domain.labels` decides of one, set-based.

The measures are those of domain.labels.measures, column by column; tests hold both against each other. Each step is
materialised, or SQLite would work out every measure again wherever it is used.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from domain.customer import RISK_NAMES
from domain.labels.deciding import text_of_code
from domain.labels.hysteresis import windows_of
from domain.labels.label import UNDECIDED, UNTESTED
from domain.labels.measures import YEAR
from domain.labels.rules import LabelRules, Worded
from domain.tier import Tier
from storage.label_ahead import change
from storage.label_inputs import (
    POSTGRES_WORDS,
    SQLITE_WORDS,
    Task,
    Words,
    bounds,
    day_of_moment,
    inputs,
    number_of,
    windows,
)
from storage.rule_sql import RANK, condition

_RANKS = " ".join(f"WHEN '{tier}' THEN {tier.rank}" for tier in Tier)


def statement(task: Task, dialect: str, *, listed: bool, whole: bool) -> sa.TextClause:
    """Parameters: published (the run in force), and after and until (customer numbers) or a list of them. `whole`
    brings what stands of everybody, else only of those who changed.
    """
    words = replace(SQLITE_WORDS if dialect == "sqlite" else POSTGRES_WORDS, listed=listed)
    steps = [
        *inputs(task, words), ("measured", _measured(task)), *_months(task, words), ("decided", _decided(task, words)),
        ("told", f"SELECT d.*, {_changed()} AS changed FROM decided d"),
    ]  # fmt: skip
    body = ",\n".join(f"{name} AS MATERIALIZED (\n{text}\n)" for name, text in steps)
    stood = f"l.customer_id = d.customer_id AND l.run = d.stands_run{words.beside('l')}"
    wanted = "" if whole else "d.changed AND "
    return sa.text(f"WITH {body}\nSELECT d.*, {_KEPT} FROM told d LEFT JOIN label l ON {wanted}{stood}")


_KEPT = ", ".join(f"l.{name}_{end}" for name in ("tier", "stage", "segments", "appetite") for end in ("since", "why"))
"""Of the row that stands, what only somebody who changes needs."""


def _changed() -> str:
    pairs = (("stage", "new_stage"), ("segments", "new_segments"), ("appetite", "new_appetite"))
    other = " OR ".join(f"{old} <> {new}" for old, new in pairs)
    return f"stands IS NULL OR provisional OR stands <> {RANK} OR computed_rank <> new_rank OR {other}"


def _measured(task: Task) -> str:
    last = number_of(task.last)
    opened = f"CASE WHEN opened <= {last} THEN opened END"
    totals = "".join(f"total{bounds(window)[0]}, " for window in windows(task))
    active = f"(CASE WHEN active >= 0 THEN active ELSE {opened} END)"
    silent = f"{last} - {active}"
    return f"""SELECT *, {last} - ({opened}) AS opened_days,
  (gone OR coalesce(had > 0 AND left_open = 0, FALSE)) AS closed,
  first_money IS NOT NULL AS funded, CASE WHEN first_money > first_day THEN {last} - first_money END AS funded_days,
  CASE WHEN {silent} > {YEAR} THEN {YEAR} ELSE {silent} END AS silent_days,
  CASE WHEN peak > 0 AND top >= 0 THEN (peak - top) * 1000 / peak END AS fall,
  CASE WHEN before_aum > 0 AND aum >= 0 THEN aum * 1000 / before_aum - 1000 END AS growth,
  CASE WHEN low >= 0 AND top > 0 THEN (top - low) * 1000 / (top + low) END AS swing,
  CASE WHEN aum + coalesce(then_aum, aum) > 0 THEN turned * 2000 / (aum + coalesce(then_aum, aum)) END AS turnover,
  CASE WHEN trades > 0 THEN at_events * 1000 / trades END AS eventful,
  CASE WHEN lasted_count > 0 THEN lasted_total / lasted_count END AS held_days,
  CASE WHEN held_total > 0 THEN coalesce(left_total, 0) / held_total END AS left_days,
  CASE WHEN held_total > 0 THEN coalesce(long_total, 0) * 1000 / held_total END AS long_share
FROM (SELECT who.*, {totals}levels.aum, before_aum, then_aum, first_day, first_money, peak, top, low,
    coalesce(trades, 0) AS trades, coalesce(turned, 0) AS turned, coalesce(at_events, 0) AS at_events,
    {_latest("ordered_at", "talked_at", "used_at")} AS active, coalesce(kinds, 0) AS kinds,
    coalesce(new_kinds, 0) AS new_kinds, coalesce(running, 0) AS running, held_total, left_total, long_total,
    lasted_total, lasted_count, run_total, aging, maturing, closing, low_level, high_level, young, older, first_trade,
    had, left_open, opening, ending
  FROM who LEFT JOIN levels ON levels.customer_id = who.customer_id
  LEFT JOIN trades ON trades.customer_id = who.customer_id LEFT JOIN talks ON talks.customer_id = who.customer_id
  LEFT JOIN logins ON logins.customer_id = who.customer_id LEFT JOIN held ON held.customer_id = who.customer_id
  LEFT JOIN kept ON kept.customer_id = who.customer_id) m"""


def _latest(*moments: str) -> str:
    """The day of the latest moment; -1 when there is none."""
    found = "-1"
    for moment in moments:
        day = f"coalesce({day_of_moment(moment)}, -1)"
        found = day if found == "-1" else f"CASE WHEN {day} > {found} THEN {day} ELSE {found} END"
    return found


def _months(task: Task, words: Words) -> Iterator[tuple[str, str]]:
    """The tier after the months, a step each: SQLite's parser has no room for five of them in one expression."""
    before, rank = "measured", f"CASE computed_tier {_RANKS} END"
    for place, (month, rules) in enumerate(task.months):
        low, high = _clamp(month, rules, words)
        clamped = f"{words.greatest}({low}, {words.least}({high}, {rank}))"
        name, rank = f"month{place}", f"rank{place}"
        yield name, f"SELECT {before}.*, {clamped} AS {rank} FROM {before}"
        before = name
    yield "ranked", _ranked(before, rank)


def _ranked(before: str, rank: str) -> str:
    """The tier that an override sets, else the computed one; somebody new is settled by whoever asks."""
    return f"""SELECT m.*, coalesce(CASE given {_RANKS} END, new_rank) AS {RANK} FROM (
  SELECT {before}.*, CASE tier {_RANKS} END AS stands, CASE computed_tier {_RANKS} END AS computed_rank,
    {rank} AS new_rank
  FROM {before}) m"""


def _clamp(month: date, rules: LabelRules, words: Words) -> tuple[str, str]:
    """domain.labels.hysteresis.clamp; where a window has no days yet, the tier stays what it was."""
    starts = [bounds(window) for window in windows_of(month, rules.grace_months)]
    a, b = starts[0]
    low = f"coalesce(CASE WHEN first_day < {b} THEN {_reached(rules, 1000, a, b, words)} END, 0)"
    kept = f"CASE WHEN first_day < {b} THEN {_reached(rules, rules.keep_permille, a, b, words)} ELSE 0 END"
    for a_, b_ in starts[1:]:
        each = f"CASE WHEN first_day < {b_} THEN {_reached(rules, rules.keep_permille, a_, b_, words)} ELSE 0 END"
        kept = f"{words.greatest}({kept}, {each})"
    return low, f"CASE WHEN first_day < {b} THEN {kept} ELSE {len(Tier) - 1} END"


def _reached(rules: LabelRules, permille: int, a: int, b: int, words: Words) -> str:
    days = f"({b} - {words.greatest}(first_day, {a}))"
    floors = sorted(rules.floors.items(), key=lambda item: -item[1])
    cases = " ".join(f"WHEN total{a} * 1000 >= {fen * permille} * {days} THEN {tier.rank}" for tier, fen in floors)
    return f"CASE {cases} ELSE 0 END"


def _decided(task: Task, words: Words) -> str:
    rules = task.rules
    stages = " ".join(f"WHEN {_holds(rule)} THEN '{rule.stage}'" for rule in rules.stages)
    appetites = " ".join(f"WHEN '{level}' THEN '{word}'" for level, word in RISK_NAMES.items())
    return f"""SELECT r.*, CASE {stages} END AS new_stage, {_segments(rules)} AS new_segments,
  CASE risk {appetites} ELSE '{UNTESTED}' END AS new_appetite,
  {change(task, words)} AS change FROM ranked r"""


def _segments(rules: LabelRules) -> str:
    """Every set of segments has its one name, so each is asked for by the sum of its rules' bits."""
    bits = " + ".join(
        f"CASE WHEN {_holds(rule)} THEN {1 << place} ELSE 0 END" for place, rule in enumerate(rules.segments)
    )
    names = (f"WHEN {code} THEN '{text_of_code(rules, code)}'" for code in range(1 << len(rules.segments)))
    return f"CASE WHEN {_holds(rules.undecided)} THEN '{UNDECIDED}' ELSE CASE {bits or 0} {' '.join(names)} END END"


def _holds(worded: Worded) -> str:
    return "TRUE" if worded.rule is None else f"({condition(worded.rule.tree)})"
