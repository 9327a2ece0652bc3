"""Giving one person something beside the post: asked for by one, agreed to by another, for a time, and taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.approval import State
from domain.grant import GrantKind
from domain.ids import UserId
from domain.limit import LimitKey
from domain.permission_words import PERMISSION_WORDS, permission_words
from domain.policy import Permission, Policy, Reach
from domain.refusal import Refused, Unfit
from domain.staff import Staff
from domain.standing import Standing, Turn, turn

KIND_WORDS = {
    GrantKind.PERMISSION: "权限",
    GrantKind.REACH: "范围",
    GrantKind.CUSTOMER: "客户",
    GrantKind.EMERGENCY: "紧急查看",
    GrantKind.UNIT: "机构",
    GrantKind.DENY: "禁止",
}
REACH_WORDS = {Reach.SUB_BRANCH: "本支行", Reach.BRANCH: "本分行", Reach.BANK: "全行"}
WHO, WHAT, UNTIL = "who", "what", "until_at"
OWN_DENIAL = "这项禁止是对您本人的，不能由您来解除，请由另一位安全管理员申请。"
YOURSELF = "不能给自己授权，请由另一位管理员来申请。"
PAST = "截止时间要晚于现在，请重新写。"
TOO_LONG = "授权最长 {days} 天，请写到 {latest} 以前。"
NO_USE = "岗位「{post}」不看客户，这样的授权对他不起作用。"
MOVED = "{name}的岗位或机构在申请之后变了，不能授权，请退回；需要时请重新申请。"
DENIED = "岗位「{post}」明确不许“{what}”，授权也不起作用。"
HELD = "岗位「{post}」本来就可以“{what}”。"
NO_PERMISSION = "没有“{what}”这个权限。写中文或权限包里的写法，例如：查找客户、customer:search。"
NO_REACH = "范围只能写：{words}。"


@dataclass(frozen=True, slots=True)
class Grant:
    """What `userid` gets from `from_at` to before `until_at`, and who agreed; one that was taken back is withdrawn.
    `standing` is where they stood when it was asked for.
    """

    grant_id: str
    userid: UserId
    kind: GrantKind
    what: str
    reason: str
    from_at: datetime
    until_at: datetime
    given_by: UserId
    asked_at: datetime
    state: State = State.AGREED
    decided_by: UserId | None = None
    decided_at: datetime | None = None
    standing: Standing | None = None


def check(policy: Policy, grant: Grant, grantee: Staff) -> None:
    """Raises Unfit for what could not hold or would be of no use, naming the question to ask again."""
    if grant.given_by == grant.userid:
        raise Unfit(YOURSELF, field=WHO, reason="grants oneself")
    _check_window(policy, grant)
    if grant.kind in (GrantKind.PERMISSION, GrantKind.DENY):
        _check_permission(policy, grant, grantee)
    elif not grantee.post or policy.rules[grantee.post].reach is Reach.NOTHING:
        raise Unfit(NO_USE.format(post=grantee.post), field=WHO, reason="sees no customer")


def check_unmoved(grant: Grant, grantee: Staff) -> None:
    """Raises Unfit where what was asked for somebody in that post, at that place, would be given to them elsewhere."""
    if grant.kind is GrantKind.DENY or grant.standing is None:
        return
    if turn(grant.standing, Standing.of(grantee)) in (Turn.LEFT, Turn.REDUCED):
        raise Unfit(MOVED.format(name=grantee.name), field=WHO, reason="moved since")


def check_lift(denial: Grant, by: UserId) -> None:
    """Raises Refused for who would free themselves."""
    if denial.userid == by:
        raise Refused(OWN_DENIAL, reason="lifts their own denial")


def _check_window(policy: Policy, grant: Grant) -> None:
    longest = policy.limits[LimitKey.GRANT_DAYS].value
    if grant.until_at <= grant.asked_at:
        raise Unfit(PAST, field=UNTIL, reason="window over")
    latest = grant.asked_at + timedelta(days=longest)
    if grant.until_at > latest:
        raise Unfit(TOO_LONG.format(days=longest, latest=f"{latest:%Y-%m-%d %H:%M}"), field=UNTIL, reason="too long")


def _check_permission(policy: Policy, grant: Grant, grantee: Staff) -> None:
    permission = read_permission(grant.what)
    rule = policy.rules.get(grantee.post) if grantee.post else None
    named = {"post": grantee.post, "what": permission_words(permission)}
    if grant.kind is GrantKind.DENY:
        return
    if rule is None or permission in rule.deny:
        raise Unfit(DENIED.format(**named), field=WHAT, reason="denied by post")
    if permission in rule.allow:
        raise Unfit(HELD.format(**named), field=WHAT, reason="held anyway")


def read_permission(words: str) -> Permission:
    """A permission by its Chinese word or its key; raises Unfit."""
    said = words.strip()
    for permission, word in PERMISSION_WORDS.items():
        if said in (word, permission.value) or said.lower() == permission.value:
            return permission
    raise Unfit(NO_PERMISSION.format(what=words[:30]), field=WHAT, reason="unknown permission")


def read_reach(words: str) -> Reach:
    """A reach by its Chinese word or its key; raises Unfit."""
    for reach, word in REACH_WORDS.items():
        if words.strip() in (word, reach.value):
            return reach
    raise Unfit(NO_REACH.format(words="、".join(REACH_WORDS.values())), field=WHAT, reason="unknown reach")


def what_text(kind: GrantKind, what: str) -> str:
    """In words: 客户 C00000001, 范围 本分行, 禁止 查找客户（customer:search）."""
    if kind in (GrantKind.PERMISSION, GrantKind.DENY):
        return f"{KIND_WORDS[kind]} {permission_words(what)}"
    return f"{KIND_WORDS[kind]} {REACH_WORDS[Reach(what)] if kind is GrantKind.REACH else what}"
