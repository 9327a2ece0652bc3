"""资产信息: how much, in what, how concentrated, what matures when; and what the customer is worth to the bank."""

from datetime import date, timedelta

from domain.customer import CustomerFacts, Holding, maturity_order
from domain.daytext import days_left_text
from domain.ids import Fen
from domain.labels.label import Kind
from domain.sharing import Datum, Field, Sentence, nothing
from domain.summary import TOTALS, Line, allocation, lines_of, summarise
from domain.tiering import aum_at
from domain.view.labels import label_lines

_MOST = 5
_HORIZONS = (30, 90)


def assets(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    kinds = [
        Line(share.title, (Datum(Field.AMOUNT, share.fen), "，占 ", Datum(Field.SHARE, f"{share.percent}%")))
        for share in allocation(facts)
    ]
    largest = sorted(facts.holdings, key=lambda holding: (-holding.amount, holding.holding_id))
    return (
        *label_lines((each for each in facts.labels if each.kind is Kind.TIER), today),
        *(line for line in lines_of(summarise(facts, today)) if line.label in TOTALS and not _told(line, facts)),
        Line("综合贡献", _contribution(facts, today)),
        *kinds,
        *_concentration(largest, sum(share.fen for share in allocation(facts))),
        *_maturities(facts, today),
        *(Line("持仓", _holding(holding, today)) for holding in largest[:_MOST]),
    )


def _told(line: Line, facts: CustomerFacts) -> bool:
    """The tier alone says less than the label with its reason."""
    return line.label == Kind.TIER and bool(facts.labels)


def _contribution(facts: CustomerFacts, today: date) -> Sentence:
    """What somebody who decides on risk has to know of the whole relation: assets, loans, products, years."""
    kinds = {holding.product.kind for holding in facts.holdings}
    products = {holding.product.product_id for holding in facts.holdings}
    opened = facts.customer.opened_on
    years = f"，往来 {(today - opened).days // 365} 年" if opened else ""
    counts = f"，持有 {len(kinds)} 类 {len(products)} 只产品{years}"
    owned, owed = aum_at(facts.aum, facts.business_day), sum(loan.balance for loan in facts.loans)
    return *_how_much("资产", owned), "，", *_how_much("贷款", owed), Datum(Field.CONTRIBUTION, counts)


def _how_much(what: str, amount: Fen | None) -> Sentence:
    """Nothing is not little, and what is not known is neither: a band would begin with both."""
    if not amount:
        return (Datum(Field.CONTRIBUTION, f"{what} 暂无数据" if amount is None else f"没有{what}"),)
    return f"{what} ", Datum(Field.CONTRIBUTION, amount)


def _concentration(largest: list[Holding], total: Fen) -> tuple[Line, ...]:
    """How much of everything lies in the largest holding."""
    if not largest or total <= 0:
        return ()
    percent = largest[0].amount * 100 // total
    return (Line("集中度", (Datum(Field.PRODUCT, largest[0].product.name), " 占 ", Datum(Field.SHARE, f"{percent}%"))),)


def _maturities(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    return tuple(Line(f"{days}天内到期", _maturing(facts, today, days)) for days in _HORIZONS)


def _maturing(facts: CustomerFacts, today: date, days: int) -> Sentence:
    last = today + timedelta(days=days)
    due = [each for each in facts.holdings if each.matures_on and today <= each.matures_on <= last]
    if not due:
        return nothing("没有", Field.AMOUNT)
    first = min(due, key=maturity_order)
    assert first.matures_on is not None
    return (
        f"{len(due)} 笔，共 ",
        Datum(Field.AMOUNT, sum(each.amount for each in due)),
        f"，最早{days_left_text(first.matures_on, today)}",
    )


def _holding(holding: Holding, today: date) -> Sentence:
    product, amount = Datum(Field.PRODUCT, holding.product.name), Datum(Field.AMOUNT, holding.amount)
    due = f"，{days_left_text(holding.matures_on, today)}到期" if holding.matures_on else ""
    return product, " ", amount, due
