"""What a pack's policy must fulfil together: known words, each post once, and what no policy may allow."""

from collections.abc import Iterable, Iterator

from domain.field_rule import Action
from domain.limit import LimitKey
from domain.pack_checks import Fault, Path
from domain.policy import Permission
from domain.policy_pack import FieldEntry, PolicyPart, meant
from domain.scope import Relation
from domain.sharing import BANDED, MASKED, NEVER_TO_WECOM, Field, Form

_PATH: Path = ("policy",)
_ONLY_FOR = {Field.AML: "反洗钱信息", Field.CONTRIBUTION: "贡献度", Field.COLLECTIONS: "催收标识"}
"""Facts that are for some posts only: an entry for everybody is a mistake."""
LOOKS = frozenset(
    {
        Permission.CUSTOMER_BREAK_GLASS, Permission.CUSTOMER_PAGE, Permission.CUSTOMER_READ, Permission.CUSTOMER_SEARCH,
    }
)  # fmt: skip
"""All that an emergency can open."""
_EMERGENCY = "紧急查看（emergency）"
_NARROWED = {Form.WITHHELD: frozenset(Field), Form.MASKED: MASKED, Form.BAND: BANDED}


def policy_faults(policy: PolicyPart) -> Iterator[Fault]:
    """Everything wrong in the section; paths begin at the pack."""
    yield from _set_faults(policy)
    yield from _post_faults(policy)
    for index, entry in enumerate(policy.fields):
        yield from _field_faults(entry, (*_PATH, "fields", index))
    yield from _relation_faults(policy)
    yield from _unknown_posts(policy)
    yield from _limit_faults(policy)


def _set_faults(policy: PolicyPart) -> Iterator[Fault]:
    known = set(policy.permission_sets()) - {each.key for each in policy.sets}
    for index, each in enumerate(policy.sets):
        path = (*_PATH, "sets", index)
        if each.key in known:
            yield (*path, "key"), f"权限组“{each.key}”重复了"
        yield from _unknown(each.allow, known, (*path, "allow"))
        known.add(each.key)


def _post_faults(policy: PolicyPart) -> Iterator[Fault]:
    known, seen = set(policy.permission_sets()), set[str]()
    for index, entry in enumerate(policy.posts):
        path = (*_PATH, "posts", index)
        for place, post in enumerate(entry.posts):
            if post in seen:
                yield (*path, "posts", place), f"岗位“{post}”已经写过了，一个岗位只能有一条"
            seen.add(post)
        yield from _unknown(entry.allow, known, (*path, "allow"))
        yield from _unknown(entry.deny, known, (*path, "deny"))


def _unknown(words: Iterable[str], known: Iterable[str], path: Path) -> Iterator[Fault]:
    for place, word in enumerate(words):
        if word not in known:
            yield (*path, place), f"不认识的权限“{word}”：写权限名（如 customer:read）或排在前面的权限组"


def _field_faults(entry: FieldEntry, path: Path) -> Iterator[Fault]:
    if entry.field in NEVER_TO_WECOM and entry.share_to_wecom:
        yield (*path, Action.SHARE_TO_WECOM.value), f"“{entry.label}”从不经企业微信发出，不能写 share_to_wecom"
    if entry.field in NEVER_TO_WECOM and entry.read_plain and not entry.reveal:
        yield (*path, Action.READ_PLAIN.value), f"“{entry.label}”只能在二次验证后看明文，请写 reveal: true"
    if entry.field in _ONLY_FOR and entry.posts is None:
        yield path, f"{_ONLY_FOR[entry.field]}要写明哪些岗位（posts）能看"
    if entry.field not in _NARROWED.get(entry.masked, ()):
        yield (*path, "masked"), f"“{entry.label}”没有 {entry.masked.value} 这种写法"
    if entry.plain not in (Form.PLAIN, Form.WAN):
        yield (*path, "plain"), "明文只有 plain 和 wan 两种写法"
    if entry.read_masked and entry.masked is Form.WITHHELD:
        yield (*path, Action.READ_MASKED.value), f"“{entry.label}”没有脱敏的写法（masked），不能写 read_masked"
    for action in (Action.READ_PLAIN, Action.WRITE, Action.EXPORT):
        if Relation.EMERGENCY in getattr(entry, action.value):
            yield (*path, action.value), f"{_EMERGENCY}只能看脱敏，不能写在 {action.value} 里"
    for action in (Action.EXPORT, Action.SHARE_TO_WECOM):
        for place, relation in enumerate(getattr(entry, action.value)):
            if relation not in (*entry.read_plain, *entry.read_masked):
                yield (*path, action.value, place), f"“{relation.value}”看不到“{entry.label}”，也就不能发出"


def _unknown_posts(policy: PolicyPart) -> Iterator[Fault]:
    known = set(policy.named_posts())
    named = [((*_PATH, "fields", index, "posts"), entry.posts or ()) for index, entry in enumerate(policy.fields)]
    for index, conflict in enumerate(policy.conflicts):
        named += [((*_PATH, "conflicts", index, "between", at), group) for at, group in enumerate(conflict.between)]
    for path, posts in named:
        for place, post in enumerate(posts):
            if post not in known:
                yield (*path, place), f"没有叫“{post}”的岗位，请先写进 posts"


def _relation_faults(policy: PolicyPart) -> Iterator[Fault]:
    """An emergency, which nobody else agreed to, is a masked look and nothing more."""
    known, limits = policy.permission_sets(), [entry.relation for entry in policy.relations]
    for index, entry in enumerate(policy.relations):
        path = (*_PATH, "relations", index)
        if entry.relation in limits[:index]:
            yield (*path, "relation"), f"“{entry.relation.value}”写了两次"
        yield from _unknown(entry.allow, known, (*path, "allow"))
        if entry.relation is Relation.EMERGENCY and not meant(entry.allow, known) <= LOOKS:
            yield (*path, "allow"), f"{_EMERGENCY}能用的权限只有 {'、'.join(sorted(LOOKS))}"
    if Relation.EMERGENCY not in limits:
        yield (*_PATH, "relations"), f"缺少 {Relation.EMERGENCY.value}：{_EMERGENCY}要写明能用哪些权限"


def _limit_faults(policy: PolicyPart) -> Iterator[Fault]:
    known = [entry.key for entry in policy.limits]
    for index, key in enumerate(known):
        if key in known[:index]:
            yield (*_PATH, "limits", index, "key"), f"“{key}”写了两次"
    missing = [key.value for key in LimitKey if key not in known]
    if missing:
        yield (*_PATH, "limits"), f"缺少：{'、'.join(missing)}"
