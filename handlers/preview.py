"""权限预览: what somebody in each of their posts would see of a customer, for who keeps the policy; values stay unseen."""

from dataclasses import dataclass

from cards.key import Seal
from cards.preview import preview_card
from domain.conversation import Conversation
from domain.edition import edition_text
from domain.form import Answer
from domain.grant import GrantKind
from domain.granting import what_text
from domain.ids import CustomerId, UserId
from domain.policy import Permission, Policy, Purpose
from domain.preview import FieldView, deeds, overview, preview
from domain.refusal import Refused, Unfit
from domain.scope import RELATION_WORDS, Relation
from domain.sharing import Setting
from domain.staff import Post, Staff
from handlers.colleague import one_called
from handlers.context import Context
from handlers.granting import NO_CUSTOMER
from handlers.renewing import once_more
from handlers.reply import Begin, Reply, new_task_id, say, show
from storage import circles, directory, grants, restrictions

FORM, WHO, CUSTOMER, SUBJECT = "preview", "who", "customer", "preview:"
FROZEN = "这位客户的信息已冻结：现在谁都不能查看、不能办理；下面是解冻以后的。"
OUTSIDE = "看不到这位客户：不是管户、不在服务团队，不在岗位的范围内，没有参与在办案件，也没有临时授权。"
NOBODY_SEES = "看不到任何客户：这个岗位不能查看客户。"
MOVED = "这位同事已经没有这个岗位了，请重新发“权限预览”。"


def ask(context: Context) -> Reply:
    """权限预览 <人> <客户号>: what is missing is asked for."""
    words = context.argument.split()
    known = {key: Answer(value=word, shown=word) for key, word in zip((WHO, CUSTOMER), words, strict=False)}
    return (Begin(FORM, known),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The answers lead to one card for each post of the person."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    reader = directory.member(context.unit, one_called(context, WHO, given[WHO]))
    assert reader is not None
    number = grants.customer_called(context.unit, given[CUSTOMER])
    if number is None:
        raise Unfit(NO_CUSTOMER.format(what=given[CUSTOMER][:20]), field=CUSTOMER, reason="unknown customer")
    return tuple(part for post in reader.posts for part in _face(_sight(context, reader.acting_as(post), number)))


def explain(context: Context) -> Reply:
    """逐项依据: every field with its form on each surface and the rule that says so; the card stays."""
    assert context.card is not None
    held = context.card.context
    reader = directory.member(context.unit, UserId(held[WHO]))
    if reader is None or held["post"] not in reader.posts:
        raise Refused(MOVED, reason="post no longer held")
    seen = _sight(context, reader.acting_as(Post(held["post"])), CustomerId(held[CUSTOMER]))
    lines = [f"{_title(seen)} 看 {seen.number}：逐项依据", *_standing(seen)]
    return (once_more(context), *say("\n".join([*lines, *map(str, _views(seen))])))


@dataclass(frozen=True)
class _Sight:
    """Somebody in a post before a customer: how they stand to each other and what for; None: not at all."""

    policy: Policy
    sharing: Setting
    reader: Staff
    number: CustomerId
    relation: Relation | None
    purpose: Purpose
    frozen: bool


def _sight(context: Context, reader: Staff, number: CustomerId) -> _Sight:
    """As things stand now, on record."""
    policy = context.house.policy
    relation = circles.relation_to(context.unit, policy.scope(reader, context.units), number)
    detail = {"as": reader.post, "relation": relation and relation.value, "policy": policy.version}
    context.unit.audit("policy.previewed", f"staff:{reader.userid}", detail, [number])
    frozen = restrictions.holds(context.unit, number) is not None
    purpose = policy.purpose(reader, "customer")
    return _Sight(policy, context.house.sharing, reader, number, relation, purpose, frozen)


def _face(seen: _Sight) -> Reply:
    """A card where there is something to see; else the one sentence why not."""
    if blind := _nothing(seen):
        return say("\n".join([f"{_title(seen)} 看客户 {seen.number}", *_notes(seen), blind]))
    assert seen.relation is not None
    lines = [*overview(_views(seen)), *(("不能做", words) for words in [_deeds(seen)[1]] if words)]
    desc = f"看客户 {seen.number}：{RELATION_WORDS[seen.relation]}，目的{seen.purpose}"
    card = preview_card(_title(seen), desc, lines, _notes(seen), Seal(new_task_id(), 0))
    kept = {WHO: seen.reader.userid, "post": seen.reader.post, CUSTOMER: seen.number}
    return (show(card, subject=SUBJECT, context=kept),)


def _title(seen: _Sight) -> str:
    return f"{seen.reader.name}（{seen.reader.userid}）· {seen.reader.post}"


def _nothing(seen: _Sight) -> str:
    """Why this reader sees nothing of the customer; empty where they do."""
    if Permission.CUSTOMER_READ in seen.policy.permissions(seen.reader):
        return OUTSIDE if seen.relation is None else ""
    denied = Permission.CUSTOMER_READ.value in seen.reader.held(GrantKind.DENY)
    return NOBODY_SEES + ("（个人禁止）" if denied else "")


def _standing(seen: _Sight) -> list[str]:
    """What rests on the post and the person, before the fields."""
    if blind := _nothing(seen):
        return [*_notes(seen), blind]
    assert seen.relation is not None
    may, may_not = _deeds(seen)
    return [
        f"关系：{RELATION_WORDS[seen.relation]}，目的：{seen.purpose}，{edition_text('权限包', seen.policy.version)}",
        f"能做：{may}",
        *([f"岗位能做、对这位客户不能做：{may_not}"] if may_not else []),
        *_notes(seen),
    ]


def _deeds(seen: _Sight) -> tuple[str, str]:
    assert seen.relation is not None
    return deeds(seen.policy, seen.reader, seen.relation, seen.purpose)


def _views(seen: _Sight) -> tuple[FieldView, ...]:
    if seen.relation is None:
        return ()
    return preview(seen.policy, seen.reader, seen.relation, seen.purpose, seen.sharing)


def _notes(seen: _Sight) -> list[str]:
    """What holds now beside the post: a frozen customer, and what was granted to this one person."""
    held = [what_text(grant.kind, grant.what) for grant in seen.reader.grants]
    return [*([FROZEN] if seen.frozen else []), *([f"个人授权：{'、'.join(held)}"] if held else [])]
