"""The care section of a pack: which customers are worth a step, from when on, and how that is said."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.part import Part, Sourced, Words
from domain.suggestion import LIMITS, Limits
from domain.tier import Tier

FEN = 100
"""Fen of a yuan: rules are written in yuan, money is kept in fen."""

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,39}$")]
Tiers = Annotated[tuple[Tier, ...], Limited(min_length=1)]


class Count(Sourced):
    """A number of days, working days or findings."""

    value: int = Limited(ge=0, le=3_660)


class TierDays(Count):
    """Days that hold for some tiers; a tier that is not named never triggers."""

    tiers: Tiers


class TierYuan(Sourced):
    """Whole yuan that hold for some tiers."""

    value: int = Limited(ge=0, le=10**12)
    tiers: Tiers


Number = Count | TierYuan


class Watching(Part):
    """What every rule has. `reason` may name in braces what its kind of rule knows (`KNOWS`)."""

    id: RuleId
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10)]
    todo: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    reason: Words
    marketing: bool
    workdays: Count
    cooldown: Count


class SilenceRule(Watching):
    """Nobody has reached the customer for `days`."""

    watches: Literal["silence"]
    days: tuple[TierDays, ...] = Limited(min_length=1)

    def limit(self, tier: Tier) -> int | None:
        """From how many days on."""
        return next((number.value for number in self.days if tier in number.tiers), None)


class MaturityRule(Watching):
    """One holding of at least `amounts` matures after today and at the latest `within` days from today."""

    watches: Literal["maturity"]
    within: Count
    amounts: tuple[TierYuan, ...] = Limited(min_length=1)

    def limit(self, tier: Tier) -> int | None:
        """From how many yuan on."""
        return next((number.value for number in self.amounts if tier in number.tiers), None)


Rule = Annotated[SilenceRule | MaturityRule, Limited(discriminator="watches")]

KNOWS = {"silence": frozenset({"days"}), "maturity": frozenset({"product", "amount", "due"})}
"""The names that a reason may hold, by what its rule watches."""


class Care(Part):
    """The rules in order of urgency, how many findings a person gets in one day, and how long marketing keeps quiet
    after a complaint was closed.
    """

    daily_most: Count
    complaint_quiet: Count
    rules: tuple[Rule, ...] = Limited(min_length=1)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id; None once it has left the pack."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def limits(self) -> Limits:
        """What the customer's summary proposes follows the same numbers."""
        limits = LIMITS
        for rule in self.rules:
            named = {tier: rule.limit(tier) for tier in Tier}
            floors = {tier: number for tier, number in named.items() if number is not None}
            if isinstance(rule, SilenceRule):
                limits = replace(limits, silent_days={**limits.silent_days, **floors})
            else:
                fen = {tier: number * FEN for tier, number in floors.items()}
                limits = replace(limits, maturity_days=rule.within.value, maturity_floor=fen)
        return limits

    def numbers(self) -> Iterator[tuple[str, Number]]:
        """Every number with the name people know it by."""
        yield from (("每人每日新提醒（条）", self.daily_most), ("投诉关闭后的静默（天）", self.complaint_quiet))
        for rule in self.rules:
            yield from ((f"{rule.label}：{name}", number) for name, number in _numbers(rule))


def _numbers(rule: Rule) -> Iterator[tuple[str, Number]]:
    if isinstance(rule, SilenceRule):
        yield from ((f"静默（天，{'、'.join(number.tiers)}）", number) for number in rule.days)
    else:
        yield "提前（天）", rule.within
        yield from ((f"单笔（元，{'、'.join(number.tiers)}）", number) for number in rule.amounts)
    yield from (("办理期限（工作日）", rule.workdays), ("冷却（天）", rule.cooldown))
