"""What the dimensions share: a datum or 未登记, a day as people say it, who is being chased for debts."""

from collections.abc import Iterable
from datetime import date

from domain.customer import CustomerFacts
from domain.daytext import day_text
from domain.sharing import Datum, Field, Sentence, nothing
from domain.summary import Line

UNKNOWN = "未登记"


def datum(field: Field, value: str | None) -> Sentence:
    return (Datum(field, value),) if value else nothing(UNKNOWN, field)


def day(moment: date | None, today: date) -> Sentence:
    return (day_text(moment, today),) if moment else (UNKNOWN,)


def until(moment: date | None, today: date) -> Sentence:
    """Feeds write 9999-12-31 for a document that never expires."""
    return ("长期",) if moment is not None and moment.year == date.max.year else day(moment, today)


def or_none(lines: Iterable[Line], label: str, text: str, field: Field) -> tuple[Line, ...]:
    """The lines, or one that says there is nothing of this field."""
    return tuple(lines) or (Line(label, nothing(text, field)),)


def dues(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    """What the customer has to renew."""
    return (
        Line("证件有效期", until(facts.customer.id_expiry, today)),
        Line("KYC 到期", day(facts.customer.kyc_due, today)),
    )
