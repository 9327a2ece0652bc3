"""Every verb with its handler and the permission it needs: the table behind `permitted` and `done`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.command import Verb
from domain.policy import Permission
from handlers import (
    admin,
    audit,
    break_glass,
    care,
    command_change,
    consent,
    customer,
    filling,
    granting,
    guide,
    labelling,
    mine,
    pausing,
    photo,
    post,
    preview,
    recommending,
    relation,
    restriction,
    stand_in,
    suitability,
    suitability_line,
    suitability_papers,
    tier_override,
    todo,
    undoing,
    visit,
)
from handlers.approval import deciding as approving
from handlers.approval import passing_on
from handlers.case import acting, filing, firing, looking
from handlers.context import Context
from handlers.export import asking as exporting
from handlers.handover import asking, briefing, deciding
from handlers.personal_data import answering, registering
from handlers.reply import Reply
from handlers.retention import holding, reporting
from handlers.rights import NEEDS
from handlers.staffing import leaving, returning, stopping


@dataclass(frozen=True)
class Rule:
    """What a verb does, and who may (None: whoever got as far as this, because the step before was checked)."""

    handle: Callable[[Context], Reply]
    permission: Permission | None = None


@dataclass(frozen=True)
class Present:
    """How things stand with what an old card was about, for who may still see it."""

    show: Callable[[Context, str], Reply]
    permission: Permission | None = None


VERBS: Mapping[str, Rule] = {
    "case.file": Rule(filing.file, NEEDS[Verb.CASE_FILE]),
    "case.file_for": Rule(filing.file_for, Permission.CASE_FILE),
    "case.show": Rule(looking.look, NEEDS[Verb.CASE_SHOW]),
    "case.look": Rule(looking.opened, Permission.CASE_READ),
    "case.open": Rule(looking.open_listed, Permission.CASE_READ),
    "case.list": Rule(looking.listed, Permission.CASE_READ),
    "case.page": Rule(looking.next_page, Permission.CASE_READ),
    "case.trail": Rule(looking.show_trail, Permission.CASE_READ),
    "case.customer": Rule(looking.show_customer, Permission.CUSTOMER_READ),
    "case.act": Rule(acting.act, Permission.CASE_ACT),
    "case.more": Rule(acting.more, Permission.CASE_ACT),
    "case.agree": Rule(acting.agree, Permission.CASE_ACT),
    "case.reject": Rule(acting.reject, Permission.CASE_ACT),
    "case.finish": Rule(acting.finish, Permission.CASE_ACT),
    "case.undo": Rule(acting.undo, Permission.CASE_ACT),
    "case.fire": Rule(firing.fire),
    "case.reckon": Rule(firing.reckon),
    "stand_in.show": Rule(stand_in.show_stand_in, NEEDS[Verb.STAND_IN_SHOW]),
    "stand_in.new": Rule(stand_in.new, Permission.STAND_IN_SET),
    "stand_in.end": Rule(stand_in.end, Permission.STAND_IN_SET),
    "suitability.ask": Rule(suitability_line.ask, NEEDS[Verb.SUITABILITY_ASK]),
    "suitability.choose": Rule(suitability.choose, Permission.SUITABILITY_ASK),
    "suitability.replay": Rule(suitability.replay, Permission.SUITABILITY_ASK),
    "suitability.papers": Rule(suitability_papers.give, Permission.SUITABILITY_ASK),
    "suitability.customer": Rule(suitability.show_customer, Permission.CUSTOMER_READ),
    "suitability.recommend": Rule(recommending.ask, NEEDS[Verb.SUITABILITY_RECOMMEND]),
    "suitability.suggest": Rule(recommending.suggest, Permission.SUITABILITY_RECOMMEND),
    "suitability.page": Rule(recommending.next_page, Permission.SUITABILITY_RECOMMEND),
    "suitability.open": Rule(recommending.opened, Permission.SUITABILITY_ASK),
    "undo.latest": Rule(undoing.undo_latest, Permission.HELP_READ),
    "photo.again": Rule(photo.again, Permission.HELP_READ),
    "labels.show": Rule(labelling.show, NEEDS[Verb.LABELS_SHOW]),
    "labels.why": Rule(labelling.explain, NEEDS[Verb.LABELS_SHOW]),
    "tier.ask": Rule(tier_override.ask, NEEDS[Verb.TIER_ASK]),
    "approval.agree": Rule(approving.agree),
    "approval.reject": Rule(approving.reject),
    "approval.withdraw": Rule(approving.withdraw),
    "approval.expire": Rule(approving.expire),
    "approval.pass_on": Rule(passing_on.pass_on),
    "consent.show": Rule(consent.show, NEEDS[Verb.PRIVACY_SHOW]),
    "consent.record": Rule(consent.record, NEEDS[Verb.CONSENT_RECORD]),
    "restriction.ask": Rule(restriction.ask, NEEDS[Verb.FREEZE_ASK]),
    "subject.ask": Rule(registering.ask, NEEDS[Verb.SUBJECT_ASK]),
    "subject.answered": Rule(answering.answered, Permission.PERSON_ANSWER),
    "subject.remind": Rule(answering.remind),
    "restriction.lift": Rule(restriction.ask_lift, NEEDS[Verb.FREEZE_LIFT]),
    "hold.ask": Rule(holding.ask, NEEDS[Verb.HOLD_ASK]),
    "hold.release": Rule(holding.ask_release, NEEDS[Verb.HOLD_RELEASE]),
    "retention.show": Rule(reporting.show, NEEDS[Verb.RETENTION_SHOW]),
    "retention.ask": Rule(reporting.ask, Permission.RETENTION_CONFIRM),
    "customer.query": Rule(customer.query, NEEDS[Verb.CUSTOMER_QUERY]),
    "customer.choose": Rule(customer.choose, Permission.CUSTOMER_READ),
    "customer.look": Rule(customer.look, Permission.CUSTOMER_READ),
    "customer.visit": Rule(visit.log_for, Permission.VISIT_LOG),
    "visit.log": Rule(visit.log, NEEDS[Verb.VISIT_LOG]),
    "visit.undo": Rule(visit.undo, Permission.VISIT_UNDO),
    "visit.customer": Rule(visit.show_customer, Permission.CUSTOMER_READ),
    "relation.show": Rule(relation.show_relations, NEEDS[Verb.RELATION_SHOW]),
    "relation.new": Rule(relation.new, Permission.RELATION_RECORD),
    "relation.undo": Rule(relation.undo, Permission.RELATION_RECORD),
    "relation.reverse": Rule(relation.reverse, Permission.RELATION_RECORD),
    "relation.customer": Rule(relation.show_customer, Permission.CUSTOMER_READ),
    "todo.list": Rule(todo.show_list, NEEDS[Verb.TODO_LIST]),
    "todo.page": Rule(todo.next_page, Permission.TODO_LIST),
    "todo.done": Rule(todo.done, Permission.TODO_COMPLETE),
    "todo.later": Rule(todo.later, Permission.TODO_SNOOZE),
    "todo.customer": Rule(todo.show_customer, Permission.CUSTOMER_READ),
    "todo.remind": Rule(todo.remind, Permission.TODO_LIST),
    "todo.why": Rule(care.why, Permission.CARE_READ),
    "care.digest": Rule(care.digest, Permission.TODO_LIST),
    "care.open": Rule(care.look, Permission.CARE_READ),
    "care.useful": Rule(care.useful, Permission.CARE_JUDGE),
    "care.wrong": Rule(care.wrong, Permission.CARE_JUDGE),
    "care.done": Rule(care.done, Permission.TODO_COMPLETE),
    "care.later": Rule(care.later, Permission.TODO_SNOOZE),
    "care.visit": Rule(care.log_visit, Permission.VISIT_LOG),
    "care.recommend": Rule(care.recommend, Permission.SUITABILITY_RECOMMEND),
    "care.customer": Rule(care.show_customer, Permission.CUSTOMER_READ),
    "export.ask": Rule(exporting.ask, NEEDS[Verb.EXPORT_ASK]),
    "export.confirm": Rule(exporting.confirm, Permission.EXPORT_ASK),
    "export.drop": Rule(exporting.drop, Permission.EXPORT_ASK),
    "mine.show": Rule(mine.show_mine, NEEDS[Verb.MINE_SHOW]),
    "glass.break": Rule(break_glass.ask, NEEDS[Verb.GLASS_BREAK]),
    "glass.seen": Rule(break_glass.seen, Permission.GLASS_REVIEW),
    "glass.revoke": Rule(break_glass.revoke, Permission.GLASS_REVIEW),
    "glass.review": Rule(break_glass.review),
    "glass.fine": Rule(break_glass.fine, Permission.GLASS_REVIEW),
    "glass.doubt": Rule(break_glass.doubt, Permission.GLASS_REVIEW),
    "grant.show": Rule(granting.show_grants, NEEDS[Verb.GRANT_SHOW]),
    "grant.new": Rule(granting.new, NEEDS[Verb.GRANT_NEW]),
    "grant.revoke": Rule(granting.revoke, Permission.GRANT_REQUEST),
    "policy.preview": Rule(preview.ask, NEEDS[Verb.POLICY_PREVIEW]),
    "policy.explain": Rule(preview.explain, NEEDS[Verb.POLICY_PREVIEW]),
    "post.switch": Rule(post.switch, NEEDS[Verb.POST_SWITCH]),
    "post.take": Rule(post.take, Permission.POST_SWITCH),
    "help.show": Rule(guide.help_, NEEDS[Verb.HELP_SHOW]),
    "admin.show": Rule(admin.show_admin, NEEDS[Verb.ADMIN_SHOW]),
    "admin.commands": Rule(admin.show_commands, Permission.COMMAND_LIST),
    "admin.waiting": Rule(admin.show_waiting, Permission.COMMAND_LIST),
    "command.page": Rule(admin.next_page, Permission.COMMAND_LIST),
    "command.detail": Rule(admin.detail, Permission.COMMAND_LIST),
    "command.enable": Rule(command_change.enable, Permission.COMMAND_CHANGE),
    "command.disable": Rule(command_change.disable, Permission.COMMAND_CHANGE),
    "command.aliases": Rule(command_change.aliases, NEEDS[Verb.COMMAND_ALIASES]),
    "command.posts": Rule(command_change.posts, NEEDS[Verb.COMMAND_POSTS]),
    "handover.ask": Rule(asking.ask, NEEDS[Verb.HANDOVER_ASK]),
    "handover.withdraw": Rule(deciding.withdraw, Permission.HANDOVER_ASK),
    "handover.agree": Rule(deciding.agree, Permission.HANDOVER_DECIDE),
    "handover.reject": Rule(deciding.reject, Permission.HANDOVER_DECIDE),
    "handover.decline": Rule(deciding.decline, Permission.CUSTOMER_READ),
    "handover.back": Rule(deciding.show_reversible, NEEDS[Verb.HANDOVER_REVERSE]),
    "handover.reverse": Rule(deciding.take_it_back, Permission.HANDOVER_DECIDE),
    "handover.brief": Rule(briefing.brief, Permission.CUSTOMER_READ),
    "handover.page": Rule(briefing.next_page, Permission.CUSTOMER_READ),
    "staff.follow": Rule(leaving.follow),
    "staff.gone": Rule(leaving.gone_from_wecom),
    "staff.back": Rule(returning.back_in_wecom),
    "staff.unsubscribed": Rule(leaving.unsubscribed),
    "staff.stop": Rule(stopping.ask, Permission.STAFF_STOP),
    "staff.return": Rule(returning.ask, Permission.STAFF_STOP),
    "audit.ask": Rule(audit.ask, NEEDS[Verb.AUDIT_ASK]),
    "audit.detail": Rule(audit.detail, Permission.AUDIT_READ),
    "audit.older": Rule(audit.older, Permission.AUDIT_READ),
    "audit.newest": Rule(audit.newest, Permission.AUDIT_READ),
    "entry.greet": Rule(guide.greet, Permission.HELP_READ),
    "suggest.show": Rule(guide.suggest_, Permission.HELP_READ),
    "form.answer": Rule(filling.answer),
    "form.pick": Rule(filling.press),
    "form.choose": Rule(filling.choose, Permission.CUSTOMER_SEARCH),
    "form.skip": Rule(filling.skip),
    "form.back": Rule(filling.back),
    "form.restart": Rule(filling.restart),
    "form.resume": Rule(filling.resume),
    "form.edit": Rule(filling.edit),
    "form.save": Rule(filling.confirm),
    "form.cancel": Rule(filling.cancel),
    "talk.expire": Rule(pausing.expire),
}
"""A verb with more after it (`form.pick.call`) is found by its first two words."""

PRESENT: Mapping[str, Present] = {
    "finding": Present(care.present, Permission.CARE_READ),
    "findings": Present(care.present_list, Permission.CARE_READ),
    "approval": Present(approving.present),
    "admin": Present(admin.present_overview, Permission.COMMAND_LIST),
    "commands": Present(admin.present, Permission.COMMAND_LIST),
    "export": Present(exporting.present, Permission.EXPORT_ASK),
    "glass": Present(break_glass.present, Permission.GLASS_REVIEW),
    "grants": Present(granting.present_list, Permission.GRANT_LIST),
    "handover": Present(deciding.present),
    "book": Present(briefing.present, Permission.CUSTOMER_READ),
    "talk": Present(filling.present),
    "subject": Present(answering.present, Permission.PERSON_ANSWER),
    "todo": Present(todo.present, Permission.TODO_LIST),
    "todos": Present(todo.present, Permission.TODO_LIST),
    "visit": Present(visit.present),
    "relations": Present(relation.present, Permission.CUSTOMER_READ),
    "tie": Present(relation.present_tie),
    "retention": Present(reporting.present, Permission.RETENTION_CONFIRM),
    "case": Present(looking.present, Permission.CASE_READ),
    "cases": Present(looking.present_lists, Permission.CASE_READ),
    "standin": Present(stand_in.present, Permission.STAND_IN_SET),
    "suitability": Present(suitability.present, Permission.SUITABILITY_ASK),
}
"""What an old card's click is answered with, by the family of the card's subject."""


def is_verb(verb: str) -> bool:
    return _name(verb) in VERBS


def rule_of(verb: str) -> Rule:
    return VERBS[_name(verb)]


def _name(verb: str) -> str:
    return verb if verb in VERBS else ".".join(verb.split(".")[:2])
