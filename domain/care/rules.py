"""The care section of a pack: which customers are worth a step, from when on, and how that is said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.part import Part, Sourced, Words
from domain.service import ContactFloor, Service
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
    """Nobody has reached the customer for `days`; from `before` days on another rule speaks of it."""

    watches: Literal["silence"]
    days: tuple[TierDays, ...] = Limited(min_length=1)
    before: tuple[TierDays, ...] = ()

    def limit(self, tier: Tier) -> int | None:
        """From how many days on."""
        return next((number.value for number in self.days if tier in number.tiers), None)

    def hits(self, tier: Tier, days: int) -> bool:
        """Whether so many days are this rule's."""
        end = min((number.value for number in self.before if tier in number.tiers), default=None)
        limit = self.limit(tier)
        return limit is not None and limit <= days and (end is None or days < end)


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


class ContactRule(Watching):
    """Nobody has reached the customer for as long as the service programme of the tier allows."""

    def bound(self, floors: Mapping[Tier, ContactFloor], others: Iterable[Rule]) -> SilenceRule | None:
        """The rule with its days, of the tiers that no other rule watches as closely; None when none is left."""
        silences = [each for each in others if isinstance(each, SilenceRule)]
        days = [
            {"tiers": (tier,), "value": floor.days, **floor.model_dump(exclude={"days"})}
            for tier, floor in floors.items()
            if not any((limit := each.limit(tier)) is not None and limit <= floor.days for each in silences)
        ]
        if not days:
            return None
        before = [number.model_dump() for each in silences for number in each.days]
        return SilenceRule.model_validate({**self.model_dump(), "watches": "silence", "days": days, "before": before})


class Care(Part):
    """The rules in order of urgency, how many findings a person gets in one day, and how long marketing keeps quiet
    after a complaint was closed.
    """

    daily_most: Count
    complaint_quiet: Count
    rules: tuple[Rule, ...] = Limited(min_length=1)
    contact: ContactRule | None = None

    def bound(self, service: Service | None) -> "Care":
        """With the rule about contact floors behind the others, if the service programmes give it days."""
        rule = self.contact.bound(service.floors(), self.rules) if self.contact and service else None
        return self.model_copy(update={"rules": (*self.rules, rule), "contact": None}) if rule else self

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id; None once it has left the pack."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def limits(self) -> Limits:
        """What the customer's summary proposes follows the same numbers."""
        limits = LIMITS
        for rule in self.rules:
            named = {tier: rule.limit(tier) for tier in Tier}
            floors = {tier: number for tier, number in named.items() if number is not None}
            if isinstance(rule, SilenceRule) and rule.before:
                continue  # a regular contact is proposed as such, not as a warning
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
