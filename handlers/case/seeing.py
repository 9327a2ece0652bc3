"""Which cases somebody may see, asked again at every step: loading is authorising (design decision 10)."""

from domain.ids import CaseId
from domain.policy import Permission
from domain.process.case import Case
from domain.refusal import Refused
from handlers.case.moving import UNKNOWN, load
from handlers.context import Context
from storage import case_lists, cases, stand_ins
from storage.case_lists import Sight


def sight_of(context: Context) -> Sight:
    """How far this person sees: what they or those they stand in for take part in, and the reach of their post."""
    oversees = Permission.CASE_OVERSEE in context.house.policy.permissions(context.actor)
    lent = stand_ins.principals(context.unit, context.actor.userid)
    principals = tuple(each.principal for each in lent if each.from_at <= context.now)
    return Sight(context.actor.userid, context.scope, oversees, principals)


def seen(context: Context, case_id: CaseId) -> Case:
    """The case, if this person may see it; raises Refused, the same for one that is not there."""
    if not case_lists.may_see(context.unit, sight_of(context), case_id):
        raise Refused(UNKNOWN, reason="case not in sight")
    return load(context, case_id, lock=False)


def takes_part(context: Context, case_id: CaseId) -> bool:
    """Whether the words of the case are for this person, and not only how it stands."""
    sight = sight_of(context)
    return cases.takes_part(context.unit, case_id, (sight.person, *sight.principals))
