"""推荐: products that simply suit a customer, and nothing where nothing may be sold."""

from datetime import timedelta

from cards.key import Seal
from cards.suitability import PAGE_SIZE, ProductLine, recommendation_card
from domain.care.view import NO_MARKETING
from domain.conversation import Conversation
from domain.ids import CustomerId
from domain.policy import Purpose
from domain.sharing import title_of
from domain.suitability.reason import Reason
from domain.suitability.recommending import Recommendation, recommend, widest_pool
from domain.suitability.saying import NO_QUESTIONNAIRE, say_reasons
from handlers.context import Context
from handlers.renewing import once_more
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.rights import audience
from handlers.suitability import decided_on, in_force, judge, picked, seller_of
from storage import care_candidates, decisions, offers, suitability
from storage.suitability import Known

FORM = "recommend"
RECOMMENDED = "products:recommended"
QUIET = timedelta(days=7)  # after a complaint, where the pack has no care section to say it
NOTHING = "现在没有可以推荐给这位客户的产品。"


def ask(context: Context) -> Reply:
    """推荐 <客户>."""
    return (Begin(FORM, named=context.argument.strip()),)


def asked_for(context: Context, conversation: Conversation) -> Reply:
    return recommend_to(context, CustomerId(str(conversation.answers["customer"].value)))


def suggest(context: Context) -> Reply:
    """推荐产品 on a decision's card."""
    return recommend_to(context, decided_on(context))


def next_page(context: Context) -> Reply:
    assert context.card is not None
    held = context.card.context
    return recommend_to(context, CustomerId(held["customer"]), int(held["page"]) + 1)


def opened(context: Context) -> Reply:
    """看判断 for one of the products: judged anew, at its minimum; the list stays for the next one."""
    card = context.card
    assert card is not None
    judged = judge(context, CustomerId(card.context["customer"]), picked(context), None)
    return (once_more(context), *judged)


def recommend_to(context: Context, customer_id: CustomerId, page: int = 0) -> Reply:
    """Nothing at all where the customer may not be addressed; why is not said, for it may be none of the reader's
    business."""
    edition, unit = in_force(context), context.unit
    seller = seller_of(context, edition)
    known = suitability.known(unit, context.scope, customer_id, edition.table, seller, Purpose.MARKETING)
    care = context.house.pack.care
    quiet = timedelta(days=care.complaint_quiet.value) if care else QUIET
    if not care_candidates.may_market(unit, customer_id, context.actor.userid, quiet):
        return say(NO_MARKETING)
    today = context.now.date()
    kinds, up_to = widest_pool(known.client, edition, today)
    shelf = offers.shelf(unit, known, edition.table, kinds, up_to)
    places = range(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    found = recommend(known.client, known.seller, shelf, edition, today, places)
    if found.products:
        return _listed(context, known, found, page)
    return _none(context, known, found.hindrances) if page == 0 else recommend_to(context, customer_id)


def _none(context: Context, known: Known, hindrances: tuple[Reason, ...]) -> Reply:
    reasons = say_reasons(hindrances, audience(context, known.relation, purpose=Purpose.MARKETING))
    return say("\n".join([NOTHING, *reasons, NO_QUESTIONNAIRE]))


def _listed(context: Context, known: Known, found: Recommendation, page: int) -> Reply:
    """A page of the list; what it shows is on record, decision by decision."""
    made = [(each.question, each.decision) for each in found.products]
    decisions.keep(context.unit, known.customer_id, made, Purpose.MARKETING)
    who = title_of(known.name, known.customer_id, audience(context, known.relation, purpose=Purpose.MARKETING)).split(
        " · "
    )[0]
    lines = [ProductLine(each.offer.name, each.why) for each in found.products]
    card = recommendation_card(who, lines, Seal(new_task_id(), 0), page=page, more=found.more)
    first = page * PAGE_SIZE + 1
    options = {str(number): each.offer.product_id for number, each in enumerate(found.products, first)}
    kept = {"options": options, "customer": known.customer_id, "page": page if found.more else -1}
    return (show(card, subject=RECOMMENDED, context=kept),)
