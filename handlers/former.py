"""Who is no customer any more, where the law still has something done about them: named by the whole number."""

from collections.abc import Mapping

from domain.approval import Approval
from domain.form import Answer
from domain.ids import CustomerId
from domain.sharing import former_title
from domain.staff import Staff
from handlers import called
from handlers.context import Context
from handlers.reply import Begin
from storage import customers, former


def begin(context: Context, form: str, named: str, known: Mapping[str, Answer] | None = None) -> Begin:
    """A form about a customer, or about who was one."""
    past = former.called(context.unit, context.scope, named)
    if past is None:
        return Begin(form, dict(known or {}), named=named)
    return Begin(form, {**(known or {}), "customer": Answer(value=past, shown=former_title(past))})


def check(context: Context, customer_id: CustomerId) -> None:
    """Raises Refused for who is, and was, nobody the actor may load."""
    if former.called(context.unit, context.scope, customer_id) is None:
        customers.name_for(context.unit, context.scope, customer_id)


def titled(context: Context, asked: Approval, reader: Staff) -> str:
    """In the title of a card that goes to `reader`."""
    past = former.called(context.unit, context.house.policy.scope(reader, context.units), asked.wish.customer_id)
    return former_title(past) if past else called.titled(context, asked, reader)
