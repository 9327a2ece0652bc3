"""What somebody may do and see now: commands, customers and how plainly, each asked of the policy in one place."""

from collections.abc import Mapping, Sequence

from domain.command import Command, Verb, allowed
from domain.policy import Permission, Purpose, Relation
from domain.refusal import Refused
from domain.sharing import Audience, Surface
from domain.staff import Staff
from handlers.context import Context, House
from storage import directory

NEEDS: Mapping[Verb, Permission] = {
    Verb.CASE_FILE: Permission.CASE_FILE,
    Verb.CASE_SHOW: Permission.CASE_READ,
    Verb.STAFF_STOP: Permission.STAFF_STOP,
    Verb.STAFF_RETURN: Permission.STAFF_STOP,
    Verb.STAND_IN_SHOW: Permission.STAND_IN_SET,
    Verb.STAND_IN_SET: Permission.STAND_IN_SET,
    Verb.SUITABILITY_ASK: Permission.SUITABILITY_ASK,
    Verb.SUITABILITY_RECOMMEND: Permission.SUITABILITY_RECOMMEND,
    Verb.CUSTOMER_QUERY: Permission.CUSTOMER_SEARCH,
    Verb.GLASS_BREAK: Permission.CUSTOMER_BREAK_GLASS,
    Verb.RELATION_ADD: Permission.RELATION_RECORD,
    Verb.RELATION_SHOW: Permission.CUSTOMER_READ,
    Verb.LABELS_SHOW: Permission.CUSTOMER_SEARCH,
    Verb.TIER_ASK: Permission.TIER_ASK,
    Verb.CONSENT_RECORD: Permission.CONSENT_RECORD,
    Verb.PRIVACY_SHOW: Permission.CONSENT_READ,
    Verb.FREEZE_ASK: Permission.PERSON_FREEZE,
    Verb.FREEZE_LIFT: Permission.PERSON_FREEZE,
    Verb.HOLD_ASK: Permission.HOLD_ASK,
    Verb.HOLD_RELEASE: Permission.HOLD_ASK,
    Verb.RETENTION_SHOW: Permission.RETENTION_CONFIRM,
    Verb.SUBJECT_ASK: Permission.PERSON_ANSWER,
    Verb.VISIT_LOG: Permission.VISIT_LOG,
    Verb.TODO_LIST: Permission.TODO_LIST,
    Verb.TODO_SNOOZE: Permission.TODO_SNOOZE,
    Verb.HANDOVER_ASK: Permission.HANDOVER_ASK,
    Verb.HANDOVER_REVERSE: Permission.HANDOVER_DECIDE,
    Verb.EXPORT_ASK: Permission.EXPORT_ASK,
    Verb.MINE_SHOW: Permission.MINE_READ,
    Verb.GRANT_SHOW: Permission.GRANT_LIST,
    Verb.GRANT_NEW: Permission.GRANT_REQUEST,
    Verb.POLICY_PREVIEW: Permission.POLICY_PREVIEW,
    Verb.POST_SWITCH: Permission.POST_SWITCH,
    Verb.HELP_SHOW: Permission.HELP_READ,
    Verb.ADMIN_SHOW: Permission.COMMAND_LIST,
    Verb.AUDIT_ASK: Permission.AUDIT_READ,
    Verb.COMMAND_ALIASES: Permission.COMMAND_CHANGE,
    Verb.COMMAND_POSTS: Permission.COMMAND_CHANGE,
}

PART_OF: Mapping[str, Verb] = {
    "customer.choose": Verb.CUSTOMER_QUERY,
    "customer.look": Verb.CUSTOMER_QUERY,
    "visit.customer": Verb.CUSTOMER_QUERY,
    "todo.customer": Verb.CUSTOMER_QUERY,
    "customer.visit": Verb.VISIT_LOG,
    "audit.detail": Verb.AUDIT_ASK,
    "audit.older": Verb.AUDIT_ASK,
    "audit.newest": Verb.AUDIT_ASK,
    "export.confirm": Verb.EXPORT_ASK,
    "relation.customer": Verb.CUSTOMER_QUERY,
    "relation.new": Verb.RELATION_SHOW,
    "relation.reverse": Verb.RELATION_SHOW,
    "suitability.choose": Verb.SUITABILITY_ASK,
    "suitability.open": Verb.SUITABILITY_ASK,
    "suitability.papers": Verb.SUITABILITY_ASK,
    "suitability.customer": Verb.CUSTOMER_QUERY,
    "suitability.suggest": Verb.SUITABILITY_RECOMMEND,
    "suitability.page": Verb.SUITABILITY_RECOMMEND,
    "care.recommend": Verb.SUITABILITY_RECOMMEND,
    "retention.ask": Verb.RETENTION_SHOW,
    "labels.why": Verb.LABELS_SHOW,
    "policy.explain": Verb.POLICY_PREVIEW,
}
"""Buttons that do what a command does: they stop with it."""

_OF_CASES: Mapping[str, Permission] = {"case.act": Permission.CASE_ACT}
_MOST_HOLDERS = 50


def needed(verb: str) -> Permission | None:
    """The permission that a form with this verb is about, from its first question to what comes of it."""
    return _OF_CASES.get(verb) or next((permission for named, permission in NEEDS.items() if named == verb), None)


def stops(context: Context, relation: Relation, doing: Permission) -> bool:
    """Whether there is no use in offering that for a customer the actor stands to that way."""
    policy = context.house.policy
    allowed = doing in policy.permissions(context.actor)
    return not allowed or policy.stop(context.actor, relation, doing, context.purpose) is not None


def audience(
    context: Context, relation: Relation, *, surface: Surface = Surface.WECOM, purpose: Purpose | None = None
) -> Audience:
    """How plainly the actor may read a customer they stand to that way, in the post in which they act."""
    return audience_of(context.house, context.actor, relation, purpose or context.purpose, surface)


def audience_of(
    house: House, reader: Staff, relation: Relation, purpose: Purpose, surface: Surface = Surface.WECOM
) -> Audience:
    """The same for any reader: a card may go to somebody else than who caused it."""
    return house.policy.audience(reader, relation, purpose, surface, house.sharing)


def commands_of(context: Context) -> tuple[Command, ...]:
    """What this person may do: offered to their post by the pack, and permitted by the policy."""
    permissions = context.house.policy.permissions(context.actor)
    offered = allowed(context.pack.commands, [context.actor.post or ""])
    return tuple(command for command in offered if NEEDS[command.verb] in permissions)


def barred(context: Context, verb: str) -> Refused | None:
    """Why this person may do nothing of a command's verb now; a verb that no command calls is nobody's to bar."""
    return unavailable(context, [command for command in context.pack.commands if command.verb == verb])


def barred_from_filing(context: Context, process: str) -> Refused | None:
    """The same of filing cases of one process, however it is begun."""
    return unavailable(context, [command for command in context.pack.commands if command.process == process])


def unavailable(context: Context, commands: Sequence[Command]) -> Refused | None:
    """Why none of these commands can be called by this person: stopped, or for other posts."""
    if not commands or allowed(commands, [context.actor.post or ""]):
        return None
    stopped = not any(command.enabled for command in commands)
    text, reason = ("disabled", "command disabled") if stopped else ("not_permitted", "command not for this post")
    return Refused(context.house.pack.texts.fill(text, command=commands[0].word), reason=reason)


def administrators(context: Context) -> list[str]:
    """The posts of those who can change commands today."""
    return sorted({str(member.post) for member in entitled(context, Permission.COMMAND_CHANGE)})


def entitled(context: Context, permission: Permission) -> list[Staff]:
    """The active members whose acting post has the permission."""
    policy, unit = context.house.policy, context.unit
    holders = {
        userid
        for post in policy.posts_with(permission)
        for userid in directory.holders(unit, post, limit=_MOST_HOLDERS)
    }
    members = [directory.member(unit, userid) for userid in sorted(holders)]
    return [member for member in members if member and permission in policy.permissions(member)]
