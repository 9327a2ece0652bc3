"""The labels section of a pack: one entry a version of the rules, each in force from its day on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field as Limited
from pydantic import model_validator

from domain.labels.fields import FIELDS, MEASURED, SECONDS_A_DAY, TIER, WHOLE
from domain.labels.label import Segment, Stage
from domain.language.fields import FieldType, Value
from domain.language.rules import Rule, read_rule
from domain.language.tokens import RuleError
from domain.language.tree import Among, Between, Compare, Literal, Tree, operands, walk
from domain.part import Part, Sourced, Words
from domain.texts import names_in
from domain.tier import Tier

_FEN, _LEAP = 100, 2028
EDITION = 2
"""Counts up when measures or hysteresis are worked out otherwise: everybody is judged anew then."""


class TierFloor(Part):
    """A tier begins with so many yuan, inclusive."""

    tier: Tier
    yuan: int = Limited(ge=0, le=10**12)


class Worded(Part):
    """A condition in the rule language (none: always) and the sentence that says why it held, with measures in
    braces.
    """

    when: Words | None = None
    why: Words

    @cached_property
    def rule(self) -> Rule | None:
        return read_rule(self.when, FIELDS) if self.when else None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            rule = self.rule
        except RuleError as error:
            raise ValueError(str(error)) from None
        if rule is not None and (rough := next(_too_fine(rule.tree), None)):
            raise ValueError(f"“{rough}”太细：百分比最多一位小数，时间写整天")
        if unknown := names_in(self.why) - FIELDS.keys():
            raise ValueError(f"不认识的名字：{'、'.join(sorted(unknown))}；可用：{'、'.join(FIELDS)}")
        return self


class StageRule(Worded):
    """Who meets the condition, and none before it, is in this stage."""

    stage: Stage


class SegmentRule(Worded):
    """Who meets the condition is in this segment, whatever else."""

    segment: Segment


class Event(Part):
    """A campaign, a change of rates or of the market: orders within some days of it may be for its sake. It is on one
    day, or `every` year again on this one (MM-DD).
    """

    name: Words
    day: date | None = None
    every: Annotated[str, Limited(pattern=r"^\d{2}-\d{2}$")] | None = None

    @model_validator(mode="after")
    def _once_or_every_year(self) -> Self:
        if (self.day is None) == (self.every is None):
            raise ValueError("写 day（某一天）或 every（每年的 MM-DD），只写一个")
        if self.every is not None and self._in(_LEAP) is None:
            raise ValueError(f"没有 {self.every} 这一天")
        return self

    def within(self, first: date, last: date) -> Iterator[date]:
        """Its days from one through another."""
        years = range(first.year, last.year + 1) if self.every else ()
        days = (self.day, *(self._in(year) for year in years))
        yield from (day for day in days if day is not None and first <= day <= last)

    def _in(self, year: int) -> date | None:
        """None in a year that does not have the day."""
        try:
            return date.fromisoformat(f"{year}-{self.every}")
        except ValueError:
            return None


class LabelRules(Sourced):
    """One version. A fall needs `grace_months` months in a row below `keep_percent` of the floor; `invests` are the
    bank's words for bookings that are investments; an event reaches `event_days` both ways.
    """

    tiers: tuple[TierFloor, ...]
    keep_percent: int = Limited(ge=1, le=100)
    grace_months: int = Limited(ge=1, le=12)
    override_days: int = Limited(ge=1, le=3_660)
    stages: tuple[StageRule, ...] = Limited(min_length=1)
    undecided: Worded
    segments: tuple[SegmentRule, ...]
    invests: tuple[Words, ...]
    events: tuple[Event, ...] = ()
    event_days: int = Limited(default=3, ge=0, le=30)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if [each.tier for each in self.tiers] != list(Tier):
            raise ValueError(f"tiers 要从低到高写全：{'、'.join(Tier)}")
        if self.tiers[0].yuan or any(low.yuan >= high.yuan for low, high in pairwise(self.tiers)):
            raise ValueError("最低一档从 0 元起，往后逐档更高")
        if self.stages[-1].when is not None:
            raise ValueError("最后一条生命周期规则不写 when，其余客户都归它")
        return self

    def eventful(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The spans of days that an event reaches which may touch those from one through another."""
        reach = timedelta(days=self.event_days)
        for event in self.events:
            yield from ((day - reach, day + reach) for day in event.within(first - reach, last + reach))

    @property
    def keep_permille(self) -> int:
        return self.keep_percent * 10

    @cached_property
    def floors(self) -> Mapping[Tier, int]:
        """The lower bounds in fen, lowest first."""
        return {each.tier: each.yuan * _FEN for each in self.tiers}


Versions = Annotated[tuple[LabelRules, ...], Limited(max_length=50)]


def rules_on(versions: Sequence[LabelRules], day: date) -> LabelRules:
    """The version in force: the latest that has begun, or the earliest before that."""
    ordered = sorted(versions, key=lambda version: version.effective_from)
    begun = [version for version in ordered if version.effective_from <= day]
    return begun[-1] if begun else ordered[0]


def fingerprint(versions: Sequence[LabelRules], day: date) -> str:
    """Two days have the same when labels are made by the same rules on both."""
    told = [f"{EDITION} {rules_on(versions, day).effective_from}", *sorted(each.model_dump_json() for each in versions)]
    return sha256("\n".join(told).encode()).hexdigest()


def measured(field: str, value: Value) -> int | None:
    """A number of a rule in the unit of the measure it is compared with; None when it is finer than that."""
    scaled = Fraction(value) * _UNITS.get(MEASURED[field][1], 1)  # type: ignore[arg-type]
    return scaled.numerator if scaled.denominator == 1 else None


_UNITS = {FieldType.PERCENT: Fraction(WHOLE), FieldType.DURATION: Fraction(1, SECONDS_A_DAY)}


def _too_fine(tree: Tree) -> Iterator[str]:
    """Numbers that no measure can meet exactly."""
    for node in walk(tree):
        if isinstance(node, Compare | Between | Among) and node.field != TIER and node.field in MEASURED:
            numbers = [
                each for each in operands(node) if isinstance(each, Literal) and not isinstance(each.value, bool)
            ]
            yield from (each.shown for each in numbers if measured(node.field, each.value) is None)
