"""查: find a customer inside the actor's scope, show the summary, open its dimensions."""

from cards.customer import (
    CUSTOMER_QUESTION,
    DIMENSION_QUESTION,
    MOST_CHOICES,
    PICTURE,
    choice_card,
    dimension_texts,
    summary_card,
)
from cards.key import Seal
from domain.candidates import Candidate, ToldApart, tell_apart
from domain.command import Verb
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.dimension import DIMENSIONS, offered, show_dimension
from domain.given import Picked
from domain.ids import CustomerId, TaskId
from domain.policy import Permission
from domain.purpose import Purpose, split_purpose, unknown_purpose
from domain.refusal import Refused
from domain.sharing import title_of
from domain.staff import Staff
from domain.summary import show, summarise
from domain.view.picture import Picture, charts_for
from handlers.context import Context, House
from handlers.renewing import once_more
from handlers.reply import Begin, Draw, Reply, Say, new_task_id, say
from handlers.reply import show as show_card
from handlers.rights import audience, barred, commands_of, stops
from storage import customer_search, customers, tiers
from storage.customer_search import Hit
from storage.customers import NOT_FOUND, Opened, Sight

FORM = "query"
SEARCH = "search:query"
NOTHING_TO_DRAW = "这位客户还没有可以画成图的资料。"
NO_PURPOSE = "没有“{word}”这个目的。您可以写：{purposes}。"
PICK_ONE = "请先选一位客户，再点“就是这位”。"


def query(context: Context) -> Reply:
    """查 <谁> [目的 …]: nobody, one summary, or a choice among several; without a name, the question for it."""
    context = _for_purpose(context)
    if not context.argument:
        return (Begin(FORM),)
    hits = find(context, context.argument)
    if not hits:
        return say(NOT_FOUND) if context.card is None else (Begin(FORM),)
    if len(hits) == 1:
        return summary(context, hits[0].customer_id)
    return (choice(context, hits, subject=SEARCH),)


def _for_purpose(context: Context) -> Context:
    """A purpose that is said must be the post's."""
    words, stated = split_purpose(context.argument)
    if (word := unknown_purpose(context.argument)) is not None:
        purposes = "、".join(context.house.policy.purposes(context.actor))
        raise Refused(NO_PURPOSE.format(word=word, purposes=purposes), reason="unknown purpose")
    if stated is None:
        return context
    if refusal := context.house.policy.check(context.actor, Permission.CUSTOMER_READ, stated):
        raise refusal
    return context.to(context.verb, words, stated=stated)


def _kept(context: Context) -> dict[str, str]:
    """What a card keeps of the purpose that was said."""
    return {"purpose": context.stated} if context.stated else {}


def _going_on(context: Context) -> Context:
    """What is read from a card on is read for the same purpose."""
    kept = context.card.context.get("purpose") if context.card else None
    return context.to(context.verb, context.argument, stated=Purpose(kept)) if kept else context


def find(context: Context, text: str) -> list[Hit]:
    return customer_search.search(context.unit, context.scope, text, context.purpose)


def choice(context: Context, hits: list[Hit], *, subject: str, revision: int = 0, verb: str = "customer.choose") -> Say:
    """A card that tells several hits apart without identifying anybody; what the options stand for stays with us."""
    listed = hits[:MOST_CHOICES]
    task_id = new_task_id()
    told = _told_apart(context, listed)
    seal, more = Seal(task_id, revision), len(hits) > len(listed)
    card = choice_card(told.each, seal, verb=verb, common=told.common, more=more)
    options = {str(number): hit.customer_id for number, hit in enumerate(listed, 1)}
    return show_card(card, subject=subject, revision=revision, context={"options": options, **_kept(context)})


def _told_apart(context: Context, hits: list[Hit]) -> ToldApart:
    tier_of = tiers.tiers_of(context.unit, [hit.customer_id for hit in hits])
    today, place_of = context.now.date(), context.units.place_of
    candidates = [
        Candidate(
            hit.customer_id,
            hit.name,
            place_of(hit.unit_id),
            hit.birth_date,
            tier_of[hit.customer_id],
        )
        for hit in hits
    ]
    return tell_apart(candidates, audience(context, hits[0].relation), today)


def asked_for(context: Context, conversation: Conversation) -> Reply:
    """The customer the question was answered with."""
    return summary(context, CustomerId(str(conversation.answers["customer"].value)))


def chosen(context: Context) -> CustomerId:
    """The customer behind the option that was picked on a choice card."""
    assert context.card is not None
    picked = context.update.answers.get(CUSTOMER_QUESTION, ())
    customer_id = context.card.context.get("options", {}).get(picked[0]) if len(picked) == 1 else None
    if customer_id is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return CustomerId(customer_id)


def choose(context: Context) -> Reply:
    return summary(_going_on(context), chosen(context))


def summary(context: Context, customer_id: CustomerId) -> Reply:
    """The summary card, redacted for this actor."""
    loaded = opened(context, customer_id, "wecom.summary")
    summarised = summarise(loaded.facts, context.now.date(), context.house.limits)
    shown = show(summarised, audience(context, loaded.relation))
    may_visit = not stops(context, loaded.relation, Permission.VISIT_LOG)
    task_id = new_task_id()
    card = summary_card(
        shown,
        [(dimension.key, dimension.title) for dimension in offered(with_trail=context.house.trail)],
        Seal(task_id, 0),
        may_visit=may_visit and barred(context, Verb.VISIT_LOG) is None,
        files=[] if stops(context, loaded.relation, Permission.CASE_FILE) else _filings(context),
        page=page_address(context, task_id),
    )
    return (show_card(card, subject=f"customer:{customer_id}", context=_kept(context)),)


def opened(context: Context, customer_id: CustomerId, surface: str) -> Opened:
    """A customer as the actor may load it; the read is on record with its surface."""
    seen = sight_of(context.house, context.actor)
    return customers.open_customer(context.unit, context.scope, customer_id, context.purpose, surface, seen)


def _filings(context: Context) -> list[tuple[str, str]]:
    """The cases that this person may file about a customer: the process, and the words on the button."""
    filing = [command for command in commands_of(context) if command.verb is Verb.CASE_FILE]
    return [(command.process, command.label) for command in filing if command.process]


def look(context: Context) -> Reply:
    """The dimension that was asked for; the card stays where it is, ready for the next."""
    customer_id, context = on_card(context), _going_on(context)
    picked = context.update.answers.get(DIMENSION_QUESTION, (DIMENSIONS[0].key,))
    if picked[0] == PICTURE[0]:
        return (once_more(context), _picture(context, customer_id))
    loaded = opened(context, customer_id, f"wecom.{picked[0]}")
    watching, today = audience(context, loaded.relation), context.now.date()
    shown = show_dimension(picked[0], loaded.facts, watching, today)
    if shown is None:
        raise Refused("没有这一项资料，请重新选择。", reason="unknown dimension")
    whole = show(summarise(loaded.facts, today, context.house.limits), watching)
    texts = dimension_texts(shown, whole.title, whole.as_of)
    return (once_more(context), *(Say(text) for text in texts))


def _picture(context: Context, customer_id: CustomerId) -> Draw:
    """The charts as they may leave through WeCom; what they disclose is on record."""
    loaded = opened(context, customer_id, "wecom.picture")
    watching, facts, today = audience(context, loaded.relation), loaded.facts, context.now.date()
    charts = charts_for(facts, watching, today)
    if not charts:
        raise Refused(NOTHING_TO_DRAW, reason="nothing to draw")
    fields = {"charts": [chart.key for chart in charts], "surface": "wecom.picture"}
    context.unit.audit("picture.asked", f"customer:{customer_id}", fields, [customer_id])
    title = title_of(facts.customer.name, customer_id, watching)
    reader = f"{context.actor.name}（{context.actor.userid}）"
    closing = f"仅供 {reader} 为客户服务时查看，请勿转发 · {context.now:%Y-%m-%d %H:%M}"
    return Draw(Picture(title, day_text(facts.business_day, today), charts, closing))


def named(context: Context, customer_id: CustomerId) -> Picked:
    """A customer as the answer to a form's question, called as this actor may read it."""
    name, relation = customers.name_for(context.unit, context.scope, customer_id)
    return Picked(customer_id, title_of(name, customer_id, audience(context, relation)))


def hit(context: Context, found: Hit) -> Picked:
    """The same for one that a search just found in the scope."""
    return Picked(found.customer_id, title_of(found.name, found.customer_id, audience(context, found.relation)))


def on_card(context: Context) -> CustomerId:
    """The customer whose card was clicked."""
    assert context.card is not None
    return CustomerId(context.card.subject.removeprefix("customer:"))


def sight_of(house: House, member: Staff) -> Sight:
    """What of a customer a member is shown beside the rows of their scope."""
    return Sight(Permission.CASE_OVERSEE in house.policy.permissions(member), house.trail)


def page_address(context: Context, task_id: TaskId) -> str:
    """The signed-in page behind a card: the card's random name, not the customer's number, travels through WeCom."""
    return f"{context.house.public_url}/h5/card/{task_id}"
