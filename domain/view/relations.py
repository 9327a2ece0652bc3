"""关系: family, guarantors, key people. Of a third person only how they belong and their number, and the number only
where the reader may look at that person too.
"""

from datetime import date

from domain.customer import CustomerFacts
from domain.profile import NOBODY_ELSE, Tie
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line
from domain.view.words import or_none

NONE = "还没有登记"


def relations(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    return or_none((Line(tie.kind, other_of(tie)) for tie in facts.ties), "关系", NONE, Field.RELATION)


def called(tie: Tie) -> Sentence:
    """The third person in one word."""
    return (Datum(Field.CUSTOMER_NUMBER, tie.other, tie.how),) if tie.how else (NOBODY_ELSE,)


def other_of(tie: Tie) -> Sentence:
    """The third person, as far as the reader may look at them."""
    origin = Datum(Field.RELATION, "（行内登记）" if tie.tie_id else "")
    if tie.how is None:
        return Datum(Field.RELATION, NOBODY_ELSE), origin
    return Datum(Field.RELATION, "客户号 "), Datum(Field.CUSTOMER_NUMBER, tie.other, tie.how), origin
