"""How a customer is called, as a reader may read the name now."""

from domain.approval import Approval
from domain.ids import CustomerId
from domain.policy import GOES_ON
from domain.sharing import title_of
from domain.staff import Staff
from handlers.context import Context
from handlers.rights import audience, audience_of
from storage import circles, customers, restrictions

FROZEN_ONE = "信息已冻结的客户"


def called(context: Context, customer_id: CustomerId | None) -> str:
    """In one line of the actor's list: the name or the number; empty outside the scope, and no name of a frozen one."""
    return name_and_number(context, customer_id)[0]


def name_and_number(context: Context, customer_id: CustomerId | None) -> tuple[str, str]:
    """The same, and beside a name the number, for a list where two may have the same name."""
    if customer_id is None or circles.relation_to(context.unit, context.scope, customer_id) is None:
        return "", ""
    if restrictions.holds(context.unit, customer_id) is not None:
        return FROZEN_ONE, ""
    name, relation = customers.name_for(context.unit, context.scope.looking, customer_id)
    name, _, number = title_of(name, customer_id, audience(context, relation)).partition(" · 客户号 ")
    return name, number


def titled(context: Context, asked: Approval, reader: Staff) -> str:
    """In the title of a card that goes to `reader`; somebody outside their scope has no name there, nor has a frozen
    one, unless what is asked for goes on with frozen data.
    """
    customer_id = asked.wish.customer_id
    scope = context.house.policy.scope(reader, context.units)
    relation = circles.relation_to(context.unit, scope, customer_id)
    if relation is None:
        return "一位客户"
    if asked.wish.seats[0].permission not in GOES_ON and restrictions.holds(context.unit, customer_id) is not None:
        return FROZEN_ONE
    name, _ = customers.name_for(context.unit, scope, customer_id)
    return title_of(name, customer_id, audience_of(context.house, reader, relation, context.purpose))
