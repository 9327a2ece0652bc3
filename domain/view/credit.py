"""负债与信用: what is owed and how it is paid, how far an application has come, whether somebody collects."""

from datetime import date

from domain.customer import CustomerFacts
from domain.daytext import day_text, days_left_text
from domain.profile import Loan
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line, collections_line
from domain.view.words import or_none

PAID_OUT = "已放款"


def credit(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    paid = [loan for loan in facts.loans if not applied_for(loan)]
    lines = [
        *(Line("贷款进度", _progress(loan)) for loan in facts.loans if applied_for(loan)),
        *([Line("贷款余额", _total(paid))] if paid else []),
        *(Line(loan.kind, _loan(loan, today)) for loan in paid),
    ]
    return (*collections_line(facts), *or_none(lines, "贷款", "没有贷款，也没有在办的申请", Field.CREDIT))


def applied_for(loan: Loan) -> bool:
    """Whether it is still an application; a source that says nothing speaks of loans that are running."""
    return loan.application_state not in (None, "", PAID_OUT)


def _progress(loan: Loan) -> Sentence:
    return f"{loan.kind} ", Datum(Field.CREDIT, loan.principal), "，", Datum(Field.CREDIT, loan.application_state or "")


def _total(loans: list[Loan]) -> Sentence:
    return Datum(Field.CREDIT, sum(loan.balance for loan in loans)), f"，共 {len(loans)} 笔"


def _loan(loan: Loan, today: date) -> Sentence:
    state = loan.classification or "未分类"
    late = f"，已逾期 {loan.days_overdue} 天" if loan.days_overdue else "，没有逾期"
    ends = f"，{day_text(loan.matures_on, today)}到期" if loan.matures_on else ""
    return (
        "余额 ",
        Datum(Field.CREDIT, loan.balance),
        "，",
        Datum(Field.CREDIT, state + late + ends),
        *_due(loan, today),
    )


def _due(loan: Loan, today: date) -> Sentence:
    if loan.next_due_on is None or loan.next_due_amount is None or loan.next_due_on < today:
        return ()
    return f"，{days_left_text(loan.next_due_on, today)}还 ", Datum(Field.CREDIT, loan.next_due_amount)
