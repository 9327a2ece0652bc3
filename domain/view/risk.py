"""风险评级: the class that holds, until when, under which rules; the earlier ones; and, for who fights money laundering
alone, what they know.
"""

from datetime import date

from domain.customer import CustomerFacts, RiskAssessment
from domain.daytext import day_text
from domain.sharing import Datum, Field
from domain.summary import Line, risk_sentence
from domain.view.words import datum, dues

REGIMES = {"bank": "银行理财", "fund": "基金", "securities": "证券"}
_HISTORY = 5


def risk(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    newest = facts.risk
    others = [each for each in _by_regime(facts.risks) if newest is None or each.regime != newest.regime]
    current = {id(each) for each in (newest, *others) if each is not None}
    earlier = [each for each in facts.risks if id(each) not in current]
    return (
        Line("风险等级", risk_sentence(newest, today)),
        Line("测评日期", datum(Field.RISK, day_text(newest.assessed_on, today) if newest else None)),
        *(Line(f"{_regime(each)}口径", risk_sentence(each, today)) for each in others),
        Line("投资者类别", datum(Field.RISK, facts.customer.investor_class)),
        *_laundering(facts),
        *dues(facts, today),
        *(Line("以前测评", (Datum(Field.RISK, _earlier(each, today)),)) for each in earlier[:_HISTORY]),
    )


def _by_regime(risks: tuple[RiskAssessment, ...]) -> list[RiskAssessment]:
    """The latest of each set of rules."""
    latest: dict[str, RiskAssessment] = {}
    for each in risks:
        latest.setdefault(each.regime, each)
    return list(latest.values())


def _regime(risk: RiskAssessment) -> str:
    return REGIMES.get(risk.regime, risk.regime)


def _earlier(risk: RiskAssessment, today: date) -> str:
    how = f"，{risk.channel}" if risk.channel else ""
    return f"{risk.title}（{day_text(risk.assessed_on, today)}{how}，{_regime(risk)}）"


def _laundering(facts: CustomerFacts) -> tuple[Line, ...]:
    """The same lines of every customer, so that where they are shown their number tells nothing."""
    customer = facts.customer
    told = {None: "没有数据", True: "是", False: "否"}
    return (
        Line("反洗钱等级", (Datum(Field.AML, customer.kyc_risk or "未评"),)),
        Line("制裁名单", (Datum(Field.AML, told[customer.sanctioned]),)),
        Line("账户冻结", (Datum(Field.AML, told[customer.frozen]),)),
    )
