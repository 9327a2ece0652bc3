"""Which cases somebody may see, asked again at every step: loading is authorising (design decision 10)."""

import re

from domain.ids import CaseId
from domain.normalise import normalise
from domain.policy import Permission, Scope
from domain.process.case import Case
from domain.refusal import Refused
from domain.staff import Staff
from handlers.case.moving import UNKNOWN, load
from handlers.context import Context, House
from storage import case_lists, cases, directory, stand_ins
from storage.case_lists import Sight
from storage.unit import Unit

_NUMBER = re.compile(r"([A-Z]{1,3})?\s?(\d{9,})", re.ASCII)


def sight_of(context: Context) -> Sight:
    """How far this person sees: what they or those they stand in for take part in, and the reach of their post."""
    return _sight(context.unit, context.house, context.actor, context.scope)


def sight_for(unit: Unit, house: House, member: Staff) -> Sight:
    """The same for the reader of a page."""
    return _sight(unit, house, member, house.policy.scope(member, directory.units(unit)))


def _sight(unit: Unit, house: House, member: Staff, scope: Scope) -> Sight:
    oversees = Permission.CASE_OVERSEE in house.policy.permissions(member)
    lent = stand_ins.principals(unit, member.userid)
    principals = tuple(each.principal for each in lent if each.from_at <= unit.now)
    return Sight(member.userid, scope, oversees, principals)


def seen(context: Context, case_id: CaseId) -> Case:
    """The case, if this person may see it; raises Refused, the same for one that is not there."""
    if not case_lists.may_see(context.unit, sight_of(context), case_id):
        raise Refused(UNKNOWN, reason="case not in sight")
    return load(context, case_id, lock=False)


def numbered(context: Context, words: str) -> CaseId | None:
    """The case whose number this is, also without its letter, in small or full-width signs; None for no number."""
    number = _NUMBER.fullmatch(normalise(words).upper())
    if number is None:
        return None
    letters = [number[1]] if number[1] else context.house.processes.letters
    tried = [CaseId(f"{letter}{number[2]}") for letter in letters]
    return next((each.case_id for each in case_lists.these(context.unit, sight_of(context), tried)), tried[0])


def takes_part(context: Context, case_id: CaseId) -> bool:
    """Whether the words of the case are for this person, and not only how it stands."""
    sight = sight_of(context)
    return cases.takes_part(context.unit, case_id, (sight.person, *sight.principals))
