"""权限预览: what somebody in each of their posts would see of a customer, for who keeps the policy; values stay unseen."""

from domain.conversation import Conversation
from domain.form import Answer
from domain.grant import GrantKind
from domain.granting import what_text
from domain.ids import CustomerId
from domain.policy import Permission, Purpose
from domain.preview import deeds, preview
from domain.refusal import Unfit
from domain.scope import RELATION_WORDS, Relation
from domain.staff import Post, Staff
from handlers.colleague import one_called
from handlers.context import Context
from handlers.granting import NO_CUSTOMER
from handlers.reply import Begin, Reply, say
from storage import circles, directory, grants, restrictions

FORM, WHO, CUSTOMER = "preview", "who", "customer"
FROZEN = "这位客户的信息已冻结：现在谁都不能查看、不能办理；下面是解冻以后的。"
OUTSIDE = "看不到这位客户：不是管户、不在服务团队，不在岗位的范围内，没有参与在办案件，也没有临时授权。"
NOBODY_SEES = "看不到任何客户：这个岗位不能查看客户。"


def ask(context: Context) -> Reply:
    """权限预览 <人> <客户号>: what is missing is asked for."""
    words = context.argument.split()
    known = {key: Answer(value=word, shown=word) for key, word in zip((WHO, CUSTOMER), words, strict=False)}
    return (Begin(FORM, known),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The answers lead to one text for each post of the person."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    reader = directory.member(context.unit, one_called(context, WHO, given[WHO]))
    assert reader is not None
    number = grants.customer_called(context.unit, given[CUSTOMER])
    if number is None:
        raise Unfit(NO_CUSTOMER.format(what=given[CUSTOMER][:20]), field=CUSTOMER, reason="unknown customer")
    return tuple(part for post in reader.posts for part in say(_seen(context, reader.acting_as(post), post, number)))


def _seen(context: Context, reader: Staff, post: Post, number: CustomerId) -> str:
    policy = context.house.policy
    relation = circles.relation_to(context.unit, policy.scope(reader, context.units), number)
    purpose = policy.purpose(reader, "customer")
    detail = {"as": post, "relation": relation and relation.value, "policy": policy.version}
    context.unit.audit("policy.previewed", f"staff:{reader.userid}", detail, [number])
    lines = [
        f"以 {reader.name}（{reader.userid}，{post}）看客户 {number}",
        *_standing(context, reader, relation, purpose),
    ]
    if restrictions.holds(context.unit, number) is not None:
        lines.insert(1, FROZEN)
    if relation is not None:
        lines += ["", *map(str, preview(policy, reader, relation, purpose, context.house.sharing))]
    return "\n".join(lines)


def _standing(context: Context, reader: Staff, relation: Relation | None, purpose: Purpose) -> list[str]:
    policy = context.house.policy
    permissions = policy.permissions(reader)
    held = [what_text(grant.kind, grant.what) for grant in reader.grants]
    if Permission.CUSTOMER_READ not in permissions:
        denied = Permission.CUSTOMER_READ.value in reader.held(GrantKind.DENY)
        return [NOBODY_SEES + ("（个人禁止）" if denied else "")]
    granted = [f"个人授权：{'、'.join(held)}"] if held else []
    if relation is None:
        return [OUTSIDE, *granted]
    may, may_not = deeds(policy, reader, relation, purpose)
    return [
        f"关系：{RELATION_WORDS[relation]}",
        f"目的：{purpose}；权限包 {policy.version}",
        f"能做：{may}",
        *([f"岗位能做、对这位客户不能做：{may_not}"] if may_not else []),
        *granted,
    ]
