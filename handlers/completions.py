"""What a form does once it is confirmed: one line a verb."""

from collections.abc import Callable, Mapping

from domain.conversation import Conversation
from handlers import (
    break_glass,
    command_change,
    consent,
    customer,
    granting,
    labelling,
    preview,
    recommending,
    relation,
    restriction,
    stand_in,
    suitability,
    tier_override,
    todo,
    visit,
)
from handlers.case import completing
from handlers.context import Context
from handlers.export import asking as exporting
from handlers.handover import asking
from handlers.personal_data import registering
from handlers.reply import Reply
from handlers.retention import holding
from handlers.staffing import returning, stopping

COMPLETIONS: Mapping[str, Callable[[Context, Conversation], Reply]] = {
    "customer.query": customer.asked_for,
    "glass.break": break_glass.save,
    "labels.show": labelling.asked_for,
    "tier.ask": tier_override.save,
    "consent.show": consent.asked_for,
    "consent.record": consent.save,
    "restriction.ask": restriction.save,
    "restriction.lift": restriction.save_lift,
    "hold.ask": holding.save,
    "hold.release": holding.save_release,
    "subject.ask": registering.save,
    "visit.log": visit.save,
    "relation.show": relation.asked_for,
    "relation.add": relation.save,
    "todo.snooze": todo.snooze_until,
    "case.act": completing.completed,
    "export.ask": exporting.save,
    "handover.ask": asking.save,
    "staff.stop": stopping.save,
    "staff.return": returning.save,
    "stand_in.set": stand_in.save,
    "grant.new": granting.save,
    "policy.preview": preview.save,
    "suitability.ask": suitability.asked_for,
    "suitability.recommend": recommending.asked_for,
    "command.aliases": command_change.aliases_given,
    "command.posts": command_change.posts_given,
}
