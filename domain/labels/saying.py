"""Why a label was given, as one sentence with its numbers; days are named, never counted from the day of reading."""

from datetime import date
from decimal import Decimal
from string import Formatter

from domain.amount import in_wan
from domain.customer import RiskAssessment
from domain.daytext import day_text
from domain.ids import Fen
from domain.labels.deciding import Decision
from domain.labels.fields import FIELDS, TIER, lookup
from domain.labels.measures import Measures
from domain.labels.rules import LabelRules, Worded
from domain.language.explain import shown
from domain.language.fields import FieldType
from domain.sharing import Datum, Field, Sentence
from domain.tier import Tier
from domain.tiering import Window

_GROWTHS = frozenset({"九十天增幅", "九十天跌幅"})


def because(worded: Worded, measures: Measures, tier: Tier) -> Sentence:
    """The rule's sentence with its measures filled in; customer data stays data until somebody reads it."""
    parts: list[str | Datum] = []
    for words, name, _, _ in Formatter().parse(worded.why):
        parts += [words] if words else []
        parts += [_value(name, measures, tier)] if name else []
    return tuple(parts)


def _value(name: str, measures: Measures, tier: Tier) -> str | Datum:
    value = lookup(measures, tier)(name)
    if name == TIER:
        return Datum(Field.TIER, tier)
    if FIELDS[name].type is FieldType.MONEY and isinstance(value, int):
        return Datum(Field.AMOUNT, value)
    if name in _GROWTHS and isinstance(value, Decimal):
        return Datum(Field.GROWTH, int(value * 1000))
    return shown(value, FIELDS[name])


def tier_because(tier: Tier, mean: Fen | None, window: Window, rules: LabelRules, today: date) -> Sentence:
    """Of a tier that the mean of the window's days gave, or that it did not yet take away."""
    if mean is None:
        return ("还没有资产数据，先列为", Datum(Field.TIER, tier))
    span = f"{day_text(window.first, today)}至{day_text(window.last, today)}的日均 AUM "
    floors = rules.floors
    told: Sentence = (span, Datum(Field.AMOUNT, mean), "，")
    if mean < floors[tier]:
        rule = f"连续 {rules.grace_months} 个月低于下限的 {rules.keep_percent}% 才降档"
        return (*told, "低于", Datum(Field.TIER, tier), "下限 ", in_wan(floors[tier]), f"；{rule}")
    above = next((each for each in Tier if each.rank == tier.rank + 1), None)
    if tier is Tier.MASS and above is not None:
        return (*told, f"未到{above}的下限 ", in_wan(floors[above]))
    return (*told, "达到", Datum(Field.TIER, tier), "的下限 ", in_wan(floors[tier]))


def appetite_because(risk: RiskAssessment | None, day: date) -> Sentence:
    """Of the newest risk test; the customer takes it in the bank's own app, nobody else for the customer."""
    if risk is None:
        return ("从未做过风险测评",)
    taken, until = day_text(risk.assessed_on, day), day_text(risk.valid_until, day)
    tested: Sentence = (f"{taken}测评为 ", Datum(Field.RISK, risk.title))
    if risk.endless:
        return (*tested, "，没有到期日")
    return (*tested, f"，有效至{until}") if risk.valid_on(day) else (*tested, f"，已于{until}过期")


def segments_because(decision: Decision, measures: Measures, tier: Tier) -> Sentence:
    """The sentence of every segment that fits."""
    if decision.undecided:
        return because(decision.undecided, measures, tier)
    told = [because(rule, measures, tier) for rule in decision.segments]
    if not told:
        return (f"近一年 {measures.trades} 笔投资交易，没有符合的行为特征",)
    return tuple(part for place, each in enumerate(told) for part in (("；", *each) if place else each))


def override_because(until: date, today: date) -> Sentence:
    """Of a tier that was set by hand and agreed to."""
    return (f"经批准人工调整，有效至{day_text(until, today)}",)
