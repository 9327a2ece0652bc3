"""适当性: whether a product suits a customer, on which facts, under which version of the rules; and the same again."""

from collections.abc import Mapping, Sequence
from typing import Any

from cards.key import Seal
from cards.suitability import (
    MOST_CHOICES,
    PRODUCT_QUESTION,
    DecisionFace,
    decision_card,
    decision_texts,
    product_choice,
)
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.ids import CustomerId, DecisionId, Fen, ProductId, UserId
from domain.policy import Permission, Relation
from domain.refusal import Refused, Unfit
from domain.sharing import Datum, Field, redact, title_of
from domain.suitability.deciding import decide
from domain.suitability.facts import Offer, Question
from domain.suitability.matter import Matter, matter_of
from domain.suitability.naming import find_products
from domain.suitability.papers import Enclosed, enclosing
from domain.suitability.rulebook import Edition
from domain.suitability.saying import show_decision
from handlers import customer, rights
from handlers.context import Context
from handlers.reply import Reply, Say, new_task_id, say, show
from storage import circles, customers, decisions, offers, suitability
from storage.decisions import Made
from storage.offers import Listed

FORM = "suitability"
PICK = "products:pick"
NO_RULES = "还没有适当性规则，不能判断。请联系系统管理员检查规则包（deploy/packs/suitability.yaml）。"
NO_PRODUCT = "没有找到这个产品，请核对。"
NO_AMOUNT = "这个产品没有起购金额，请把金额也写上：适当性 客户 产品 金额"
UNKNOWN = "没有找到这个编号的判断，或它不在您的范围里。请核对编号，例如 S261123-K7Q2MZ。"
PICK_ONE = "请先选一个产品，再点“就是这个”。"
NOT_SHOWN = "{what}是客户资料，您的岗位不看。"
OUTDATED = "这张卡片已经过时，当时的判断是这样："
RAISED = "写的金额低于起购金额，按起购金额判断。"


def asked_for(context: Context, conversation: Conversation) -> Reply:
    """The form is through: the product is looked for, and the question decided."""
    answers = conversation.answers
    amount, written = answers.get("amount"), answers.get("written")
    asked = {
        "customer": str(answers["customer"].value),
        "amount": amount.value if amount is not None else None,
        "written": written is not None and written.value == "asked",
    }
    found = find_products(str(answers["product"].value), offers.listed(context.unit))
    if not found:
        raise Unfit(NO_PRODUCT, field="product", reason="unknown product")
    return _judge(context, asked, found[0].product_id) if len(found) == 1 else (_choice(found, asked),)


def _choice(found: Sequence[Listed], asked: Mapping[str, Any]) -> Say:
    named = [(each.name, each.risk or "未评级") for each in found]
    card = product_choice(named, Seal(new_task_id(), 0))
    options = {str(number): each.product_id for number, each in enumerate(found[:MOST_CHOICES], 1)}
    return show(card, subject=PICK, context={"options": options, **asked})


def choose(context: Context) -> Reply:
    """The product behind the option that was picked."""
    return _judge(context, _held(context), picked(context))


def picked(context: Context) -> ProductId:
    picked = context.update.answers.get(PRODUCT_QUESTION, ())
    product_id = _held(context).get("options", {}).get(picked[0]) if len(picked) == 1 else None
    if product_id is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return ProductId(product_id)


def _held(context: Context) -> Mapping[str, Any]:
    assert context.card is not None
    return context.card.context


def _judge(context: Context, asked: Mapping[str, Any], product_id: ProductId) -> Reply:
    return judge(context, CustomerId(asked["customer"]), product_id, asked["amount"], written=bool(asked["written"]))


def judge(
    context: Context, customer_id: CustomerId, product_id: ProductId, amount: Fen | None, *, written: bool = False
) -> Reply:
    """Load, decide, put on record, show."""
    edition = in_force(context)
    known = suitability.known(
        context.unit, context.scope, customer_id, edition.table, seller_of(context, edition), context.purpose
    )
    offer = offers.load(context.unit, customer_id, product_id, edition.table)
    if offer is None:
        raise Refused(NO_PRODUCT, reason="unknown product")
    if not (amount or offer.minimum):
        raise Refused(NO_AMOUNT, reason="no amount")
    question = Question(
        client=known.client,
        offer=offer,
        seller=known.seller,
        amount=amount or offer.minimum,
        day=context.now.date(),
        written=written,
        papers=_papers(context, edition, offer),
    )
    decision = decide(question, edition.table, edition.version)
    (number,) = decisions.keep(context.unit, customer_id, [(question, decision)], context.purpose)
    made = Made(number, customer_id, question, decision, context.actor.userid, context.now, context.purpose)
    return _shown(context, made, edition, known.relation, known.name)


def _papers(context: Context, edition: Edition, offer: Offer) -> tuple[Enclosed, ...]:
    """The bank's templates for this product as of today."""
    kind, today = offer.kind or "", context.now.date()
    return enclosing(context.house.papers, edition.table.papers_of(kind), kind, offer.product_id, today)


def in_force(context: Context) -> Edition:
    """The rules of today; raises Refused in a house without any."""
    edition = context.house.rulebook.on(context.now.date())
    if edition is None:
        raise Refused(NO_RULES, reason="no suitability rules")
    return edition


def seller_of(context: Context, edition: Edition) -> UserId | None:
    """Who sells asks for themselves; anybody else asks for the customer's manager."""
    return context.actor.userid if context.actor.post in edition.table.sellers else None


def look_up(context: Context, number: DecisionId) -> Reply:
    """A decision on record, as it was made."""
    made, relation = _made(context, number)
    edition = context.house.rulebook.edition(made.decision.rule_version)
    name = customers.name_for(context.unit, context.scope, made.customer_id)[0] if relation else ""
    return _shown(context, made, edition, relation, name)


def _made(context: Context, number: DecisionId) -> tuple[Made, Relation | None]:
    """For who may load the customer, and for the posts that may read every decision, without the customer."""
    made = decisions.load(context.unit, number)
    relation = circles.relation_to(context.unit, context.scope, made.customer_id) if made else None
    if made is None or (relation is None and not _may(context, Permission.SUITABILITY_READ)):
        raise Refused(UNKNOWN, reason="unknown decision")
    detail = {"relation": relation.value if relation else None}
    context.unit.audit("suitability.read", f"suitability:{number}", detail, [made.customer_id])
    return made, relation


def _may(context: Context, permission: Permission) -> bool:
    return permission in context.house.policy.permissions(context.actor)


def _shown(context: Context, made: Made, edition: Edition, relation: Relation | None, name: str) -> Reply:
    face = _face(context, made, edition, relation, name)
    card = decision_card(face, Seal(new_task_id(), 0))
    return (show(card, subject=f"suitability:{made.number}"), *(Say(text) for text in decision_texts(face)))


def _face(context: Context, made: Made, edition: Edition, relation: Relation | None, name: str) -> DecisionFace:
    audience = rights.audience(context, relation or Relation.IN_SCOPE)
    matter, today = matter_of(made.question, edition.table), context.now.date()
    facts = (
        ("客户等级", redact((Datum(Field.RISK, _level(matter)),), audience)),
        ("产品等级", matter.rating.value if matter.rating else "不全"),
        ("金额", redact((Datum(Field.AMOUNT, matter.amount or 0),), audience)),
        ("判断日", day_text(made.question.day, today)),
        ("规则", f"第 {made.decision.rule_version} 版"),
        ("编号", made.number),
    )
    hidden = [label for label, value in facts if value is None]
    raised = "金额" not in hidden and (made.question.amount or 0) < (matter.amount or 0)
    notes = (*((RAISED,) if raised else ()), *((NOT_SHOWN.format(what="和".join(hidden)),) if hidden else ()))
    return DecisionFace(
        decision=show_decision(made.decision, audience),
        product=made.question.offer.name,
        who=title_of(name, made.customer_id, audience) if relation else "客户不在您的范围里，不显示",
        number=made.number,
        facts=tuple((label, value) for label, value in facts if value is not None),
        notes=notes,
        customer=relation is not None and _may(context, Permission.CUSTOMER_READ),
        recommend=relation is not None and _may(context, Permission.SUITABILITY_RECOMMEND),
        papers=relation is not None and made.question.day == today and bool(made.decision.enclosed),
    )


def _level(matter: Matter) -> str:
    if matter.level:
        return matter.level.value
    return "没有测评" if matter.client.assessments is not None else "数据不全"


def replay(context: Context) -> Reply:
    """重算核对: the stored facts under the rules of that day must give the stored decision."""
    made, _ = _made(context, on_card(context))
    return say(same_again(made, context.house.rulebook.edition(made.decision.rule_version)))


def same_again(made: Made, edition: Edition) -> str:
    """What came of deciding once more."""
    again = decide(made.question, edition.table, edition.version)
    if again == made.decision:
        return f"{made.number} 按当时的依据和第 {edition.version} 版规则重算：结论、理由、步骤、文件都一致。"
    return f"{made.number} 重算不一致：请保全数据库，并通知合规岗和系统管理员。"


def on_card(context: Context) -> DecisionId:
    """The decision whose card was clicked."""
    assert context.card is not None
    return DecisionId(context.card.subject.removeprefix("suitability:"))


def decided_on(context: Context) -> CustomerId:
    """The customer of the decision whose card was clicked."""
    made, _ = _made(context, on_card(context))
    return made.customer_id


def show_customer(context: Context) -> Reply:
    """查客户 on a decision's card."""
    return customer.summary(context, decided_on(context))


def present(context: Context, subject: str) -> Reply:
    """An old card shows the decision it was about."""
    return (*say(OUTDATED), *look_up(context, DecisionId(subject.removeprefix("suitability:"))))
