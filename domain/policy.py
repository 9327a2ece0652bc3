"""Who may do what, on which customers: posts as data, deny wins, default deny (decision 10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.ids import UnitId, UserId
from domain.refusal import Forbidden
from domain.staff import Post, Staff, UnitKind, UnitTree


class Permission(StrEnum):
    """Every action somebody may be allowed, as `resource:action`, in alphabetical order."""

    CARE_JUDGE = "care:judge"
    CARE_READ = "care:read"
    CASE_ACT = "case:act"
    CASE_FILE = "case:file"
    CASE_OVERSEE = "case:oversee"
    CASE_READ = "case:read"
    COMMAND_CHANGE = "command:change"
    COMMAND_CONFIRM = "command:confirm"
    COMMAND_LIST = "command:list"
    CUSTOMER_PAGE = "customer:page"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_SEARCH = "customer:search"
    HANDOVER_ASK = "handover:ask"
    HANDOVER_DECIDE = "handover:decide"
    HELP_READ = "help:read"
    MINE_READ = "mine:read"
    STAFF_STOP = "staff:stop"
    STAND_IN_SET = "stand_in:set"
    TODO_COMPLETE = "todo:complete"
    TODO_LIST = "todo:list"
    TODO_SNOOZE = "todo:snooze"
    VISIT_LOG = "visit:log"
    VISIT_UNDO = "visit:undo"


class Purpose(StrEnum):
    """Why customer data is read; stored with every read."""

    SERVICE = "服务"
    MARKETING = "营销"
    DUE_DILIGENCE = "尽调"
    COMPLAINT = "投诉"
    POST_LOAN = "贷后"
    AUDIT = "审计"
    SUPERVISION = "监管"


class Reach(StrEnum):
    """How far a post sees, before it is tied to a person and a unit."""

    OWN_BOOK = "own_book"
    SUB_BRANCH = "sub_branch"
    BRANCH = "branch"
    BANK = "bank"
    NOTHING = "nothing"


class ScopeKind(StrEnum):
    OWN_BOOK = "own_book"
    UNIT_TREE = "unit_tree"
    ALL = "all"
    NONE = "none"


class Relation(StrEnum):
    """How an actor stands to one customer; it decides how plainly the customer's data is shown."""

    OWN_BOOK = "own_book"
    SERVICE_TEAM = "service_team"
    IN_SCOPE = "in_scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows an actor may load. OWN_BOOK and UNIT_TREE always include the own book and the service team's
    customers.
    """

    kind: ScopeKind
    userid: UserId
    units: frozenset[UnitId] = frozenset()

    def relation(self, owner: UserId | None, team: Collection[UserId], unit_id: UnitId | None) -> Relation | None:
        """How the actor stands to a customer kept by `owner` in `unit_id`; None is outside the scope."""
        if self.kind is ScopeKind.NONE:
            return None
        if self.kind is ScopeKind.ALL:  # these posts never see a name in plain, not even of a customer they once kept
            return Relation.IN_SCOPE
        if owner == self.userid:
            return Relation.OWN_BOOK
        if self.userid in team:
            return Relation.SERVICE_TEAM
        return Relation.IN_SCOPE if unit_id in self.units else None


@dataclass(frozen=True, slots=True)
class PostRule:
    """What one post may do. `deny` beats every allowance, also one an administrator adds later."""

    reach: Reach
    allow: frozenset[Permission] = frozenset()
    deny: frozenset[Permission] = frozenset()
    purposes: frozenset[Purpose] = frozenset({Purpose.SERVICE})


@dataclass(frozen=True, slots=True)
class Policy:
    """All posts' rules, what single members are denied, and the version that audit records name."""

    version: str
    rules: Mapping[Post, PostRule]
    denied: Mapping[UserId, frozenset[Permission]] = field(default_factory=dict)

    def permissions(self, staff: Staff) -> frozenset[Permission]:
        """All that the acting post allows; nothing for an unknown post or someone who has left."""
        rule = self._rule(staff)
        if rule is None:
            return frozenset()
        return rule.allow - rule.deny - self.denied.get(staff.userid, frozenset())

    def check(self, staff: Staff, permission: Permission, purpose: Purpose = Purpose.SERVICE) -> Forbidden | None:
        """None when allowed, otherwise the refusal to answer with (or to raise)."""
        rule = self._rule(staff)
        if rule is None:
            text = "您还没有可用的岗位，请联系系统管理员在通讯录里配置岗位。"
        elif permission not in self.permissions(staff):
            text = f"您当前的岗位「{staff.post}」不能做这件事。回复「帮助」看看可以做什么。"
        elif purpose not in rule.purposes:
            text = f"岗位「{staff.post}」不能以「{purpose}」为目的查看客户，请换一个目的或联系主管。"
        else:
            return None
        return Forbidden(text, permission=permission)

    def grants(self, post: str, permission: Permission) -> bool:
        """Whether a post has the permission, whoever holds it."""
        rule = self.rules.get(Post(post))
        return rule is not None and permission in rule.allow - rule.deny

    def posts_with(self, permission: Permission) -> tuple[Post, ...]:
        """The posts that have the permission."""
        return tuple(post for post in self.rules if self.grants(post, permission))

    def scope(self, staff: Staff, tree: UnitTree) -> Scope:
        """The rows the acting post may load."""
        rule = self._rule(staff)
        reach = rule.reach if rule else Reach.NOTHING
        if reach in _SUBTREE:
            return Scope(ScopeKind.UNIT_TREE, staff.userid, _subtree(staff.unit_id, _SUBTREE[reach], tree))
        return Scope(_KINDS[reach], staff.userid)

    def _rule(self, staff: Staff) -> PostRule | None:
        return self.rules.get(staff.post) if staff.post is not None else None


_KINDS = {Reach.OWN_BOOK: ScopeKind.OWN_BOOK, Reach.BANK: ScopeKind.ALL, Reach.NOTHING: ScopeKind.NONE}
_SUBTREE = {Reach.SUB_BRANCH: UnitKind.SUB_BRANCH, Reach.BRANCH: UnitKind.BRANCH}


def _subtree(unit_id: UnitId, top: UnitKind, tree: UnitTree) -> frozenset[UnitId]:
    """The units below the nearest unit of kind `top`; an own outlet or department where there is none above it."""
    nearest = tree.nearest(unit_id, top)
    if nearest is not None:
        return tree.descendants(nearest.unit_id)
    own = tree.units.get(unit_id)
    small = own is not None and own.kind in (UnitKind.OUTLET, UnitKind.DEPARTMENT)
    return tree.descendants(unit_id) if small else frozenset()


_ANYONE = frozenset({Permission.HELP_READ, Permission.MINE_READ})
_CASES = frozenset({Permission.CASE_ACT, Permission.CASE_READ, Permission.STAND_IN_SET})
_FILES = frozenset({Permission.CASE_FILE})
_OVERSEES = frozenset({Permission.CASE_OVERSEE})
_WORKS = _ANYONE | _CASES | {Permission.TODO_COMPLETE, Permission.TODO_LIST, Permission.TODO_SNOOZE}
_READS = _WORKS | {Permission.CUSTOMER_PAGE, Permission.CUSTOMER_READ, Permission.CUSTOMER_SEARCH}
_VISITS = _READS | {Permission.VISIT_LOG, Permission.VISIT_UNDO}
_CARES = _VISITS | {Permission.CARE_JUDGE, Permission.CARE_READ}
_CUSTOMER_WORK = frozenset({Purpose.SERVICE, Purpose.MARKETING, Purpose.COMPLAINT, Purpose.POST_LOAN})
_CONTROL = frozenset(
    {Purpose.SERVICE, Purpose.DUE_DILIGENCE, Purpose.COMPLAINT, Purpose.POST_LOAN, Purpose.SUPERVISION}
)

_KEEPS_BOOK = PostRule(Reach.OWN_BOOK, _CARES | _FILES, purposes=_CUSTOMER_WORK)
_ASKS_HANDOVER, _DECIDES_HANDOVER = frozenset({Permission.HANDOVER_ASK}), frozenset({Permission.HANDOVER_DECIDE})
_HANDS_OVER = _ASKS_HANDOVER | _DECIDES_HANDOVER
_LEADS_TEAM = PostRule(
    Reach.SUB_BRANCH, _CARES | _FILES | _OVERSEES | _ASKS_HANDOVER, purposes=_CUSTOMER_WORK | _CONTROL
)
_LEADS_SUB_BRANCH = replace(_LEADS_TEAM, allow=_LEADS_TEAM.allow | _HANDS_OVER)
_LEADS_BRANCH = PostRule(Reach.BRANCH, _VISITS | _OVERSEES | _HANDS_OVER, purposes=_CUSTOMER_WORK | _CONTROL)
_WHOLE_BANK = PostRule(Reach.BANK, _READS, deny=frozenset({Permission.VISIT_LOG}), purposes=_CONTROL)
_TAKES_CALLS = replace(_WHOLE_BANK, allow=_READS | _FILES)
_PROTECTS = replace(_WHOLE_BANK, allow=_READS | _FILES | _OVERSEES)
_SUPERVISES = replace(_WHOLE_BANK, allow=_READS | _OVERSEES)
_COLLECTS = PostRule(Reach.BANK, _VISITS, purposes=frozenset({Purpose.SERVICE, Purpose.POST_LOAN}))
_NO_CUSTOMERS = PostRule(Reach.NOTHING, _WORKS, deny=_VISITS - _WORKS)
_SEES_COMMANDS = replace(_NO_CUSTOMERS, allow=_WORKS | {Permission.COMMAND_LIST})
_CONFIRMS_COMMANDS = replace(_SEES_COMMANDS, allow=_SEES_COMMANDS.allow | {Permission.COMMAND_CONFIRM})
_STOPS = frozenset({Permission.STAFF_STOP})
_CHANGES_COMMANDS = replace(_CONFIRMS_COMMANDS, allow=_CONFIRMS_COMMANDS.allow | {Permission.COMMAND_CHANGE})


def _posts(words: str, rule: PostRule) -> dict[Post, PostRule]:
    return {Post(word): rule for word in words.split()}


DEFAULT_POLICY = Policy(
    version="default-1",
    rules=_posts("客户经理 私行经理 理财顾问", _KEEPS_BOOK)
    | _posts("主管", _LEADS_TEAM)
    | _posts("支行行长", _LEADS_SUB_BRANCH)
    | _posts("分行行长", _LEADS_BRANCH)
    | _posts("客服坐席", _TAKES_CALLS)
    | _posts("消保岗 投诉管理岗", _PROTECTS)
    | _posts("总行分管高管", replace(_SUPERVISES, allow=_SUPERVISES.allow | _DECIDES_HANDOVER))
    | _posts("合规岗", _SUPERVISES)
    | _posts("反洗钱岗 风控专员", _WHOLE_BANK)
    | _posts("催收岗", _COLLECTS)
    | _posts("产品岗 数据安全岗 审计员", _NO_CUSTOMERS)
    | _posts("业务管理员", _CHANGES_COMMANDS)
    | _posts("系统管理员", replace(_SEES_COMMANDS, allow=_SEES_COMMANDS.allow | _STOPS))
    | _posts("安全管理员", replace(_CONFIRMS_COMMANDS, allow=_CONFIRMS_COMMANDS.allow | _STOPS)),
)
"""The default rules. The three administrators and the auditor run the system without seeing a customer (三员分立)."""
