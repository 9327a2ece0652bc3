"""From facts to findings: pure decisions of the care rules, each with its evidence, its reason and its episode.

Evidence and reason name days and never a distance from today: they are read later than they are written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from string import Formatter

from domain.calendar import Calendar
from domain.care.rules import FEN, MaturityRule, Rule, SilenceRule
from domain.customer import Holding
from domain.daytext import day_text
from domain.ids import CustomerId, FindingId
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line
from domain.tier import Tier

_DAY = timedelta(days=1)


class Verdict(StrEnum):
    """What the owner said of a finding."""

    USEFUL = "有用"
    WRONG = "不准"
    DONE = "已做"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's hit on one customer. `episode` tells this occasion from the next one, `rank` orders the findings of one
    rule, the most valuable first; after `latest` the step makes no sense any more.
    """

    rule: Rule
    customer_id: CustomerId
    episode: str
    reason: Sentence
    evidence: tuple[Line, ...]
    data_day: date
    rank: tuple[int, ...]
    latest: date = date.max

    @property
    def finding_id(self) -> FindingId:
        """Named after the occasion: finding the same one twice meets the unique key."""
        name = f"{self.rule.id}:{self.customer_id}:{self.episode}"
        return FindingId("f" + sha256(name.encode()).hexdigest()[:15])

    def due(self, today: date, calendar: Calendar) -> date:
        """The day by which the step should be done."""
        return min(calendar.workday_after(today, self.rule.workdays.value), self.latest)


@dataclass(frozen=True, slots=True)
class Silence:
    """`since` is the day of the last real contact, else the day the account was opened; None is nobody's customer yet.
    `data_day`: the last day whose interactions have arrived.
    """

    customer_id: CustomerId
    tier: Tier
    since: date | None
    met: bool
    data_day: date


@dataclass(frozen=True, slots=True)
class Maturity:
    """One holding of a customer, as of `data_day`."""

    customer_id: CustomerId
    tier: Tier
    holding: Holding
    data_day: date


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding of the same rule for the same customer, made or last called wrong on `day`."""

    episode: str
    day: date


def silent(rule: SilenceRule, case: Silence, today: date) -> Finding | None:
    """Silence counts up to the last complete day of data, so that a late feed never looks like silence."""
    if case.since is None or not rule.hits(case.tier, days := (case.data_day - case.since).days):
        return None
    until = f"到{day_text(case.data_day, today)}满 {days} 天"
    since = f"{day_text(case.since, today)}，{until}" if case.met else f"还没有联系上的记录，{until}"
    return Finding(
        rule,
        case.customer_id,
        episode=case.since.isoformat(),
        reason=_filled(rule.reason, {"days": str(days)}),
        evidence=(Line("上次联系", (since,)), _tier(case.tier)),
        data_day=case.data_day,
        rank=(-case.tier.rank, -days),
    )


def maturing(rule: MaturityRule, case: Maturity, today: date) -> Finding | None:
    """A large holding within (today, today + limit]; the step is due before it matures."""
    day, floor, held = case.holding.matures_on, rule.limit(case.tier), case.holding
    if day is None or floor is None or held.amount < floor * FEN:
        return None
    if not today < day <= today + rule.within.value * _DAY:
        return None
    product, amount = Datum(Field.PRODUCT, held.product.name), Datum(Field.AMOUNT, held.amount)
    due = day_text(day, today)
    return Finding(
        rule,
        case.customer_id,
        episode=f"{held.holding_id}@{day.isoformat()}",
        reason=_filled(rule.reason, {"product": product, "amount": amount, "due": due}),
        evidence=(Line("产品", (product,)), Line("金额", (amount,)), Line("到期日", (due,)), _tier(case.tier)),
        data_day=case.data_day,
        rank=(day.toordinal(), -held.amount),
        latest=day - _DAY,
    )


def is_new(finding: Finding, earlier: Iterable[Earlier], rule: Rule, today: date) -> bool:
    """One finding an episode; and after any of the same rule, silence until its cooldown is over."""
    return all(one.episode != finding.episode and today >= one.day + rule.cooldown.value * _DAY for one in earlier)


def _tier(tier: Tier) -> Line:
    return Line("客户分层", (Datum(Field.TIER, tier),))


def _filled(template: str, known: Mapping[str, str | Datum]) -> Sentence:
    """The reason with its names filled in; customer data stays data until somebody reads it."""
    parts: list[str | Datum] = []
    for words, name, _, _ in Formatter().parse(template):
        parts += [words] if words else []
        parts += [known[name]] if name is not None else []
    return tuple(parts)
