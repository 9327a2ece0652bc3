"""The one next step worth proposing for a customer, with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.basis import Basis
from domain.customer import (
    DO_NOT_DISTURB,
    Customer,
    CustomerFacts,
    Holding,
    last_contact,
    maturity_order,
    next_birthday,
)
from domain.daytext import day_text, days_left_text
from domain.ids import Fen
from domain.sharing import Datum, Field, Sentence
from domain.tier import Tier

_WAN = 10_000 * 100


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a tier's service programme says of regular contact; no `days`, nobody has to call."""

    programme: str
    what: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is worth a step. A tier that is not named never triggers."""

    basis: Basis
    risk_days: int
    maturity_days: int
    maturity_floor: Mapping[Tier, Fen]
    id_days: int
    kyc_days: int
    silent_days: Mapping[Tier, int]
    birthday_days: int
    greetings: Mapping[Tier, Greeting] = field(default_factory=dict)


LIMITS = Limits(
    basis=Basis(date(2025, 1, 1), source="行内关怀规则默认值（30 天静默、15 天到期为业务部门要求）"),
    risk_days=30,
    maturity_days=15,
    maturity_floor={Tier.AFFLUENT: 20 * _WAN, Tier.HIGH: 50 * _WAN, Tier.ULTRA: 50 * _WAN},
    id_days=90,
    kyc_days=30,
    silent_days={Tier.AFFLUENT: 60, Tier.HIGH: 30, Tier.ULTRA: 30},
    birthday_days=7,
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule looks at."""

    facts: CustomerFacts
    tier: Tier
    today: date
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do and why. The action names no customer data, so it can be said on every surface, to who may advise and
    may read the fields that it `tells` of by being proposed.
    """

    key: str
    action: str
    reason: Sentence
    tells: frozenset[Field] = frozenset()


_COLLECTING = frozenset({Field.COLLECTIONS})
Reason = Callable[[Situation], Sentence | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; `reason` answers None when it does not apply. `pitch`: it courts the customer, which must
    not be while somebody collects from them, so it tells that nobody does.
    """

    key: str
    action: str
    reason: Reason
    pitch: bool = False
    tells: frozenset[Field] = frozenset()

    def proposed(self, reason: Sentence) -> Suggestion:
        return Suggestion(self.key, self.action, reason, self.tells | (_COLLECTING if self.pitch else frozenset()))


def _overdue_todo(case: Situation) -> Sentence | None:
    return (f"有 {case.facts.overdue_todos} 件待办已逾期",) if case.facts.overdue_todos else None


def _expiring(what: str, day: date | None, days: int, today: date) -> Sentence | None:
    """Something valid through `day` has run out or will within `days`."""
    if day is None or day > today + timedelta(days=days):
        return None
    if day < today:
        return (f"{what}已于{day_text(day, today)}过期",)
    return (f"{what}{days_left_text(day, today)}到期",)


def _risk_expiring(case: Situation) -> Sentence | None:
    risk = case.facts.risk
    return _expiring("风险测评", risk.valid_until if risk else None, case.limits.risk_days, case.today)


def maturing(case: Situation) -> Holding | None:
    """The large holding that matures first within (today, today + limit]; the larger of two on one day."""
    floor = case.limits.maturity_floor.get(case.tier)
    last = case.today + timedelta(days=case.limits.maturity_days)
    large = [holding for holding in case.facts.holdings if floor is not None and holding.amount >= floor]
    soon = [holding for holding in large if holding.matures_on and case.today < holding.matures_on <= last]
    return min(soon, key=maturity_order, default=None)


def _large_maturity(case: Situation) -> Sentence | None:
    holding = None if "maturity" in case.facts.lateness.waiting else maturing(case)
    if holding is None or holding.matures_on is None:
        return None
    product, amount = Datum(Field.PRODUCT, holding.product.name), Datum(Field.AMOUNT, holding.amount)
    return product, f" {days_left_text(holding.matures_on, case.today)}到期，金额 ", amount


def _id_expiring(case: Situation) -> Sentence | None:
    return _expiring("证件", case.facts.customer.id_expiry, case.limits.id_days, case.today)


def _kyc_due(case: Situation) -> Sentence | None:
    return _expiring("KYC 复评", case.facts.customer.kyc_due, case.limits.kyc_days, case.today)


def silent_days(facts: CustomerFacts) -> int | None:
    """Days without a word up to the last complete day of data, so that a late feed never looks like silence."""
    contact = last_contact(facts.contacts)
    since = contact.at.date() if contact else facts.customer.opened_on
    return (facts.business_day - since).days if since else None


def _is_waiting(case: Situation) -> bool:
    """Whether silence cannot be told from data that has not come."""
    return "silence" in case.facts.lateness.waiting


def _silent(case: Situation) -> Sentence | None:
    if _is_waiting(case):
        return None
    days, limit = silent_days(case.facts), case.limits.silent_days.get(case.tier)
    return (f"已连续 {days} 天没有联系上客户",) if days is not None and limit is not None and days >= limit else None


def _late(case: Situation) -> Sentence | None:
    told = _is_waiting(case) and case.tier in case.limits.silent_days
    return ("联系记录还没有到齐，暂不判断有没有久未联系",) if told else None


def _birthday(case: Situation) -> Sentence | None:
    day = next_birthday(case.facts.customer, case.today)
    if day is None or day > case.today + timedelta(days=case.limits.birthday_days):
        return None
    return (Datum(Field.PERSONAL, days_left_text(day, case.today)), "是客户生日")


def _never_assessed(case: Situation) -> Sentence | None:
    missing = case.facts.risk is None and case.facts.customer.opened_on is not None
    return ("客户还没有风险测评，暂不能推荐产品",) if missing else None


RULES: tuple[Rule, ...] = (
    Rule("todo.overdue", "先办逾期的待办", _overdue_todo),
    Rule("risk.expiry", "提醒客户本人在手机银行重新测评（不可代填）", _risk_expiring),
    Rule("maturity.15", "联系客户，做续约跟进", _large_maturity, pitch=True),
    Rule("id.expiry", "请客户更新证件", _id_expiring),
    Rule("kyc.review", "安排 KYC 复评", _kyc_due),
    Rule("churn.silent", "打个电话，了解客户近况", _silent, pitch=True),
    Rule("birthday.solar", "准备生日问候", _birthday, pitch=True, tells=frozenset({Field.PERSONAL})),
    Rule("data.late", "先问清近况再联系", _late, pitch=True),
    Rule("risk.never", "提醒客户本人在手机银行做风险测评（不可代填）", _never_assessed, pitch=True),
)
"""In order of urgency; the first that applies is proposed."""

GREETING = Suggestion("greeting", "定期问候", ("近期没有需要提醒的事项",), _COLLECTING)

WAITING = Suggestion(
    "collections",
    "先不做挽留和营销，联系前请先问主管",
    (Datum(Field.COLLECTIONS, "客户正在催收中"),),
    _COLLECTING,
)
NEUTRAL = Suggestion(
    "neutral", "只办手上的事项，先不做营销", ("这里看不全客户的资料，可以看客户详情页，或问管户的客户经理",)
)
"""For who may not read what the next step hangs on: the same whatever that is."""


def suggest(case: Situation, rules: tuple[Rule, ...] = RULES) -> tuple[Suggestion, ...]:
    """Every rule that applies, the most urgent first, then a regular greeting. While somebody collects, nobody courts.
    The first whose fields a reader may read is theirs; the last one is for everybody.
    """
    chased = case.facts.customer.collections
    found = [(rule, rule.reason(case)) for rule in rules if not (chased and rule.pitch)]
    last = WAITING if chased else _greeting(case.facts.customer, case.limits.greetings.get(case.tier))
    return (*(rule.proposed(reason) for rule, reason in found if reason is not None), last, NEUTRAL)


def _greeting(customer: Customer, said: Greeting | None) -> Suggestion:
    """The regular greeting, as the service programme of the tier has it; it sells, so only to who may be sold to."""
    if said is None or not customer.marketing_consent or customer.contact_preference == DO_NOT_DISTURB:
        return GREETING
    often = f"，{said.days} 天至少联系一次" if said.days else ""
    action = f"{GREETING.action}：{said.what}" if said.days else GREETING.action
    return replace(GREETING, action=action, reason=(*GREETING.reason, f"；服务方案「{said.programme}」{often}"))
