"""Who may do what, on which customers, and sees which of their data: deny wins, default deny (decision 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.conflict import Conflict, PostRules
from domain.field_rule import Action, FieldRules
from domain.grant import GrantKind
from domain.ids import UnitId
from domain.limit import Limit, LimitKey
from domain.purpose import Purpose
from domain.refusal import Forbidden
from domain.scope import RELATION_WORDS, Reach, Relation, Scope, ScopeKind, units_within
from domain.sharing import Audience, Field, Setting, Surface
from domain.staff import Post, Staff, UnitTree

__all__ = ["Permission", "Policy", "PostRule", "Purpose", "Reach", "Relation", "Scope", "ScopeKind"]


class Permission(StrEnum):
    """Every action somebody may be allowed, as `resource:action`, in alphabetical order."""

    AUDIT_READ = "audit:read"
    CARE_JUDGE = "care:judge"
    CARE_READ = "care:read"
    CASE_ACT = "case:act"
    CASE_FILE = "case:file"
    CASE_OVERSEE = "case:oversee"
    CASE_READ = "case:read"
    COMMAND_CHANGE = "command:change"
    COMMAND_CONFIRM = "command:confirm"
    COMMAND_LIST = "command:list"
    CONSENT_READ = "consent:read"
    CONSENT_RECORD = "consent:record"
    CUSTOMER_BREAK_GLASS = "customer:break_glass"
    CUSTOMER_PAGE = "customer:page"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_REVEAL = "customer:reveal"
    CUSTOMER_SEARCH = "customer:search"
    EXPORT_AGREE = "export:agree"
    EXPORT_ASK = "export:ask"
    EXPORT_COMPLY = "export:comply"
    EXPORT_PLAIN = "export:plain"
    EXPORT_SECURE = "export:secure"
    GLASS_REVIEW = "glass:review"
    GRANT_CONFIRM = "grant:confirm"
    GRANT_LIST = "grant:list"
    GRANT_REQUEST = "grant:request"
    HANDOVER_ASK = "handover:ask"
    HANDOVER_DECIDE = "handover:decide"
    HELP_READ = "help:read"
    HOLD_ASK = "hold:ask"
    HOLD_DECIDE = "hold:decide"
    MINE_READ = "mine:read"
    PERSON_ANSWER = "person:answer"
    PERSON_FREEZE = "person:freeze"
    POLICY_PREVIEW = "policy:preview"
    POST_SWITCH = "post:switch"
    RELATION_RECORD = "relation:record"
    RETENTION_CONFIRM = "retention:confirm"
    STAFF_STOP = "staff:stop"
    STAND_IN_SET = "stand_in:set"
    SUITABILITY_ASK = "suitability:ask"
    SUITABILITY_READ = "suitability:read"
    SUITABILITY_RECOMMEND = "suitability:recommend"
    TIER_ASK = "tier:ask"
    TIER_DECIDE = "tier:decide"
    TODO_COMPLETE = "todo:complete"
    TODO_LIST = "todo:list"
    TODO_SNOOZE = "todo:snooze"
    VISIT_LOG = "visit:log"
    VISIT_UNDO = "visit:undo"


WRITES: Mapping[Permission, Field] = {
    Permission.CONSENT_RECORD: Field.PERSONAL,
    Permission.RELATION_RECORD: Field.RELATION,
    Permission.TIER_ASK: Field.TIER,
    Permission.VISIT_LOG: Field.NOTE,
}
"""What is written about a customer, by what is being done: the field's `write` is asked too."""

GOES_ON = frozenset(
    {
        Permission.CASE_ACT, Permission.CASE_FILE, Permission.CASE_OVERSEE, Permission.CASE_READ,
        Permission.CONSENT_READ, Permission.CONSENT_RECORD, Permission.HANDOVER_ASK, Permission.HANDOVER_DECIDE,
        Permission.HOLD_ASK, Permission.HOLD_DECIDE, Permission.PERSON_ANSWER, Permission.PERSON_FREEZE,
    }
)  # fmt: skip
"""What is done with frozen data all the same (PIPL 47 stops everything but storing): cases have legal deadlines, a
customer's word and the freeze itself are the customer's rights, and somebody has to answer for what is stored."""

ONLY_LOOK = "这位客户对您是“{relation}”，只能查看，不能办理。请联系客户的客户经理；要替同事办理，请安全管理员“授权”。"
NO_WRITE = "这位客户对您是“{relation}”，可以查看，不能登记“{label}”。请联系客户的客户经理登记。"


@dataclass(frozen=True, slots=True)
class PostRule:
    """What one post may do. `deny` and `hide` beat every allowance, also one that a person is granted; the first of
    `purposes` is the post's own.
    """

    reach: Reach
    allow: frozenset[Permission] = frozenset()
    deny: frozenset[Permission] = frozenset()
    hide: frozenset[Field] = frozenset()
    purposes: tuple[Purpose, ...] = (Purpose.SERVICE,)


@dataclass(frozen=True)
class Policy:
    """All posts' rules and the version that audit records name. `defaults` are the purposes that verbs have where
    nobody says one. `relations` say what alone may be done for customers one stands to that way; without an entry it is
    all that the post may do.
    """

    version: str
    rules: Mapping[Post, PostRule]
    fields: FieldRules = field(default_factory=FieldRules)
    defaults: Mapping[str, Purpose] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    limits: Mapping[LimitKey, Limit] = field(default_factory=dict)
    relations: Mapping[Relation, frozenset[Permission]] = field(default_factory=dict)

    @property
    def post_rules(self) -> PostRules:
        """What posts people may hold: those that have rules here, and no two that exclude each other."""
        return PostRules(tuple(self.rules), self.conflicts)

    def permissions(self, staff: Staff) -> frozenset[Permission]:
        """All that the acting post and personal grants allow; nothing for an unknown post or someone who has left."""
        rule = self._rule(staff)
        if rule is None:
            return frozenset()
        if not staff.grants:
            return rule.allow - rule.deny
        granted, denied = (_permissions(staff.held(kind)) for kind in (GrantKind.PERMISSION, GrantKind.DENY))
        return (rule.allow | granted) - rule.deny - denied

    def check(self, staff: Staff, permission: Permission, purpose: Purpose | None = None) -> Forbidden | None:
        """None when allowed, otherwise the refusal to answer with (or to raise)."""
        rule = self._rule(staff)
        if rule is None:
            text = "您还没有可用的岗位，请联系系统管理员在通讯录里配置岗位。"
        elif permission not in self.permissions(staff):
            text = f"您当前的岗位「{staff.post}」不能做这件事。回复「帮助」看看可以做什么。"
        elif purpose is not None and purpose not in rule.purposes:
            allowed = "、".join(rule.purposes)
            text = f"岗位「{staff.post}」不能以「{purpose}」为目的查看客户，可以用的目的有：{allowed}。"
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

    def scope(
        self, staff: Staff, tree: UnitTree, doing: Permission | None = None, purpose: Purpose = Purpose.SERVICE
    ) -> Scope:
        """The rows the acting post and personal grants let one load, to do that or only to name them. A post that sees
        no customer is granted none.
        """
        rows = self._rows(staff, tree)
        if doing is None:
            return rows
        stops = ((relation, self.stop(staff, relation, doing, purpose)) for relation in Relation)
        shut = {relation: text for relation, text in stops if text is not None}
        return replace(rows, shut=shut, rests=doing not in GOES_ON)

    def stop(
        self, staff: Staff, relation: Relation, doing: Permission, purpose: Purpose = Purpose.SERVICE
    ) -> str | None:
        """Why that is not done for a customer one stands to that way; None where it is."""
        alone, written = self.relations.get(relation), WRITES.get(doing)
        if alone is not None and doing not in alone:
            return ONLY_LOOK.format(relation=RELATION_WORDS[relation])
        if written is None or self.may(staff, Action.WRITE, written, relation, purpose):
            return None
        return NO_WRITE.format(relation=RELATION_WORDS[relation], label=self.fields.label(written))

    def _rows(self, staff: Staff, tree: UnitTree) -> Scope:
        rule = self._rule(staff)
        reach = rule.reach if rule else Reach.NOTHING
        if reach in (Reach.NOTHING, Reach.BANK):
            kind = ScopeKind.NONE if reach is Reach.NOTHING else ScopeKind.ALL
            return Scope(kind, staff.userid, post=staff.post or "", policy=self.version)
        units = _units({reach, *map(Reach, staff.held(GrantKind.REACH))}, staff.unit_id, tree)
        lent = frozenset(unit for top in staff.held(GrantKind.UNIT) for unit in tree.descendants(UnitId(top)))
        tied = reach is not Reach.OWN_BOOK or units or lent
        kind = ScopeKind.UNIT_TREE if tied else ScopeKind.OWN_BOOK
        return Scope(kind, staff.userid, units, lent, staff.post or "", self.version)

    def purposes(self, staff: Staff) -> tuple[Purpose, ...]:
        """Why somebody of the acting post may look; nothing for an unknown post or someone who has left."""
        rule = self._rule(staff)
        return rule.purposes if rule else ()

    def purpose(self, staff: Staff, verb: str) -> Purpose:
        """Why somebody reads who does not say it: as the verb has it, or the first purpose of a post without that."""
        rule = self._rule(staff)
        usual = self.defaults.get(verb) or self.defaults.get(verb.partition(".")[0]) or Purpose.SERVICE
        return usual if rule is None or usual in rule.purposes else rule.purposes[0]

    def audience(
        self, staff: Staff, relation: Relation, purpose: Purpose = Purpose.SERVICE,
        surface: Surface = Surface.WECOM, setting: Setting = Setting.FULL_NAME,
    ) -> Audience:  # fmt: skip
        """What somebody in their acting post sees of a customer they stand to that way; nobody sees anything who may
        not read customers, or for a purpose that the post has not.
        """
        rule = self._reading(staff, purpose)
        if rule is None or staff.post is None:
            return Audience(relation, {})
        return Audience(relation, self.fields.forms(staff.post, purpose, surface, setting, rule.hide))

    def may(
        self, staff: Staff, action: Action, of: Field, relation: Relation, purpose: Purpose = Purpose.SERVICE
    ) -> bool:
        """Whether the acting post may do that with a field of a customer one stands to that way."""
        rule = self._reading(staff, purpose)
        if rule is None or staff.post is None or of in rule.hide:
            return False
        entry = self.fields.rule(of, staff.post, purpose)
        return entry is not None and entry.allows(action, relation)

    def _reading(self, staff: Staff, purpose: Purpose) -> PostRule | None:
        """The rule of somebody who may read customers for that purpose."""
        rule = self._rule(staff)
        reads = Permission.CUSTOMER_READ in self.permissions(staff)
        return rule if rule is not None and reads and purpose in rule.purposes else None

    def _rule(self, staff: Staff) -> PostRule | None:
        return self.rules.get(staff.post) if staff.post is not None else None


def _permissions(words: frozenset[str]) -> frozenset[Permission]:
    """A grant that names what this version no longer knows gives nothing."""
    return frozenset(permission for permission in Permission if permission.value in words)


def _units(reaches: set[Reach], unit_id: UnitId, tree: UnitTree) -> frozenset[UnitId]:
    if Reach.BANK in reaches:
        return frozenset(tree.units)
    return frozenset().union(*(units_within(reach, unit_id, tree) for reach in reaches))
