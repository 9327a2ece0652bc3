"""How a customer is called in one line of a list, as this reader may read the name now."""

from domain.ids import CustomerId
from domain.sharing import title_of
from handlers.context import Context
from handlers.rights import audience
from storage import circles, customers


def called(context: Context, customer_id: CustomerId | None) -> str:
    """The name or the number; empty outside the scope."""
    if customer_id is None or circles.relation_to(context.unit, context.scope, customer_id) is None:
        return ""
    name, relation = customers.name_for(context.unit, context.scope, customer_id)
    return title_of(name, customer_id, audience(context, relation)).split(" · ")[0]
