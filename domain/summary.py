"""What 查 answers: a customer at a glance, as sentences that become text only through the redaction."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.customer import (
    DEPOSIT,
    KIND_NAMES,
    Contact,
    CustomerFacts,
    Holding,
    RiskAssessment,
    last_contact,
    maturity_order,
)
from domain.daytext import day_text, days_left_text
from domain.freshness import EXPECTED, Lateness
from domain.ids import CustomerId, Fen
from domain.sharing import Audience, Datum, Field, Sentence, disclosed, first_shown, nothing, readable, redact, title_of
from domain.suggestion import LIMITS, Limits, Situation, Suggestion, suggest
from domain.tier import Tier
from domain.tiering import Change, assess, aum_at, change_30d

_TOP = 3
_TOLD_LATE = 3
_ABOUT_CUSTOMERS = frozenset(each.feed for each in EXPECTED) - {"org_units", "staff", "products", "product_nav"}
_OTHER = "其他"
NO_DATA = "暂无数据"
TOTALS = ("客户分层", "AUM", "近30天")
"""The lines of a summary that stand above everything else."""
COLLECTING = "正在催收，先不要挽留或营销"


@dataclass(frozen=True, slots=True)
class Share:
    """A product kind's part of the assets; the percentages of an allocation add up to 100."""

    title: str
    fen: Fen
    percent: int


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """The facts that matter, computed but not yet redacted."""

    customer_id: CustomerId
    name: str
    as_of: date
    today: date
    tier: Tier
    aum: Fen | None
    change: Change | None
    allocation: tuple[Share, ...]
    maturity: Holding | None
    risk: RiskAssessment | None
    contact: Contact | None
    open_todos: int
    overdue_todos: int
    suggestions: tuple[Suggestion, ...]
    collections: tuple["Line", ...] = ()
    late: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled sentence."""

    label: str
    text: Sentence


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A labelled text, ready for a card."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """The only thing a card sees: strings, and what they disclosed for the audit record."""

    customer_id: CustomerId
    title: str
    as_of: str
    lines: tuple[ShownLine, ...]
    action: str
    reason: str
    disclosed: tuple[str, ...]
    late: str = ""


def allocation(facts: CustomerFacts) -> tuple[Share, ...]:
    """Assets by product kind, the top three and 其他. Accounts in CNY count as deposits; debts and closed ones do not
    count.
    """
    day = facts.business_day
    sums: Counter[str] = Counter()
    for account in facts.accounts:
        if account.currency == "CNY" and account.balance > 0 and (account.closed_on is None or account.closed_on > day):
            sums[KIND_NAMES[DEPOSIT]] += account.balance
    for holding in facts.holdings:
        if holding.amount > 0:
            sums[KIND_NAMES.get(holding.product.kind, _OTHER)] += holding.amount
    named = sorted(((t, fen) for t, fen in sums.items() if t != _OTHER), key=lambda item: (-item[1], item[0]))
    rest = sum(sums.values()) - sum(fen for _, fen in named[:_TOP])
    parts = [*named[:_TOP], *([(_OTHER, rest)] if rest else [])]
    percents = percentages([fen for _, fen in parts])
    return tuple(Share(title, fen, percent) for (title, fen), percent in zip(parts, percents, strict=True))


def percentages(amounts: list[Fen]) -> list[int]:
    """Whole percentages that add up to 100 (largest remainder; the earlier of two equal ones is favoured)."""
    total = sum(amounts)
    if total == 0:
        return [0] * len(amounts)
    floors = [amount * 100 // total for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda i: -(amounts[i] * 100 % total))
    for index in by_remainder[: 100 - sum(floors)]:
        floors[index] += 1
    return floors


def next_maturity(facts: CustomerFacts, today: date) -> Holding | None:
    """The holding that matures next, today included; the larger of two on one day."""
    ahead = [holding for holding in facts.holdings if holding.matures_on and holding.matures_on >= today]
    return min(ahead, key=maturity_order, default=None)


def summarise(facts: CustomerFacts, today: date, limits: Limits = LIMITS) -> CustomerSummary:
    """Decide all that a summary says; whom it may be said to is decided by `show`."""
    tier = facts.tier or assess(facts.aum, today).tier
    return CustomerSummary(
        customer_id=facts.customer.customer_id,
        name=facts.customer.name,
        as_of=facts.business_day,
        today=today,
        tier=tier,
        aum=aum_at(facts.aum, facts.business_day),
        change=change_30d(facts.aum, facts.business_day),
        allocation=allocation(facts),
        maturity=next_maturity(facts, today),
        risk=facts.risk,
        contact=last_contact(facts.contacts),
        open_todos=facts.open_todos,
        overdue_todos=facts.overdue_todos,
        suggestions=suggest(Situation(facts, tier, today, limits)),
        collections=collections_line(facts),
        late=late_text(facts.lateness, today),
    )


def late_text(lateness: Lateness, today: date) -> str:
    """数据迟到：客户、账户等 8 项，应到 11月30日; nothing where all has come."""
    found = [each.title for each in EXPECTED if each.feed in lateness.late and each.feed in _ABOUT_CUSTOMERS]
    if not found:
        return ""
    rest = f"等 {len(found)} 项" if len(found) > _TOLD_LATE else ""
    wanted = max(lateness.late.values())
    return f"数据迟到：{'、'.join(found[:_TOLD_LATE])}{rest}，应到 {day_text(wanted, today)}"


def collections_line(facts: CustomerFacts) -> tuple[Line, ...]:
    """Word to everybody who serves the customer that somebody collects from them; nothing otherwise."""
    chased = facts.customer.collections
    return (Line("催收提示", (Datum(Field.COLLECTIONS, COLLECTING),)),) if chased else ()


def _aum(summary: CustomerSummary) -> Sentence:
    return (Datum(Field.AMOUNT, summary.aum),) if summary.aum is not None else nothing(NO_DATA, Field.AMOUNT)


def _change(summary: CustomerSummary) -> Sentence:
    change = summary.change
    if change is None:
        return nothing(NO_DATA if summary.aum is None else "不满 30 天，暂不比较", Field.AMOUNT)
    if change.fen == 0:
        return nothing("持平", Field.AMOUNT)
    amount = ("增加 " if change.fen > 0 else "减少 ", Datum(Field.AMOUNT, abs(change.fen)))
    if change.permille is None:
        return amount
    return (*amount, "（", Datum(Field.GROWTH, change.permille), "）")


def _allocation(summary: CustomerSummary) -> Sentence:
    if not summary.allocation:
        return nothing("暂无持仓", Field.SHARE)
    return (Datum(Field.SHARE, " · ".join(f"{share.title}{share.percent}%" for share in summary.allocation)),)


def _maturity(summary: CustomerSummary) -> Sentence:
    holding = summary.maturity
    if holding is None or holding.matures_on is None:
        return nothing("没有待到期的产品", Field.PRODUCT, Field.AMOUNT)
    due = f" {days_left_text(holding.matures_on, summary.today)} "
    return Datum(Field.PRODUCT, holding.product.name), due, Datum(Field.AMOUNT, holding.amount)


def risk_sentence(risk: RiskAssessment | None, today: date) -> Sentence:
    """C3 平衡型, and until when it is valid."""
    if risk is None:
        return (Datum(Field.RISK, "从未测评"),)
    until = day_text(risk.valid_until, today)
    state = "没有到期日" if risk.endless else f"有效至{until}" if risk.valid_on(today) else f"已于{until}过期"
    return (Datum(Field.RISK, f"{risk.title}，{state}"),)


def contact_sentence(contact: Contact | None, today: date) -> Sentence:
    """When and how the customer was last reached."""
    if contact is None:
        return ("还没有联系上的记录",)
    how = contact.channel if contact.kind in ("", contact.channel) else f"{contact.channel} · {contact.kind}"
    return (f"{days_left_text(contact.at.date(), today)} {how}",)


def _todos(summary: CustomerSummary) -> Sentence:
    late = f"（逾期 {summary.overdue_todos} 件）" if summary.overdue_todos else ""
    return (f"{summary.open_todos} 件{late}",)


_LINES: tuple[tuple[str, Callable[[CustomerSummary], Sentence]], ...] = (
    ("客户分层", lambda summary: (Datum(Field.TIER, summary.tier),)),
    ("AUM", _aum),
    ("近30天", _change),
    ("资产配置", _allocation),
    ("最近到期", _maturity),
    ("风险等级", lambda summary: risk_sentence(summary.risk, summary.today)),
    ("上次联系", lambda summary: contact_sentence(summary.contact, summary.today)),
    ("未结待办", _todos),
)


def lines_of(summary: CustomerSummary) -> tuple[Line, ...]:
    """All lines of a summary, before anything is withheld."""
    return (*summary.collections, *(Line(label, build(summary)) for label, build in _LINES))


def show_lines(lines: tuple[Line, ...], audience: Audience) -> tuple[ShownLine, ...]:
    """The lines this audience may read; a line with something to withhold is left out whole."""
    return tuple(ShownLine(line.label, t) for line in lines if (t := redact(line.text, audience)) is not None)


def show(summary: CustomerSummary, audience: Audience) -> ShownSummary:
    """The summary as this audience may read it; who advises nobody gets no advice."""
    lines = lines_of(summary)
    step = next(each for each in summary.suggestions if all(readable(field, audience) for field in each.tells))
    names: Sentence = (Datum(Field.NAME, summary.name), Datum(Field.CUSTOMER_NUMBER, summary.customer_id))
    advice: Sentence = (Datum(Field.ADVICE, step.action),)
    action = redact(advice, audience) or ""
    advised = [advice, step.reason] if action else []
    return ShownSummary(
        customer_id=summary.customer_id,
        title=title_of(summary.name, summary.customer_id, audience),
        as_of=day_text(summary.as_of, summary.today),
        lines=show_lines(lines, audience),
        action=action,
        reason=first_shown([step.reason, ("原因请在客户详情页查看",)], audience) if action else "",
        late=summary.late,
        disclosed=disclosed([*((part,) for part in names), *(line.text for line in lines), *advised], audience),
    )
