"""Cases that stay behind when a book goes over: told to who may see them, and to nobody else.

They stay because somebody of the handover must keep out of them, or because they are confidential: who asked and who
agreed may not even learn their number.
"""

from collections.abc import Collection, Sequence

from domain.handover import Handover
from domain.ids import CaseId, CustomerId, UserId
from domain.policy import Permission
from domain.staff import Staff
from handlers.case.seeing import sight_for
from handlers.context import Context
from handlers.operators import AT_MOST
from handlers.reply import Reply, say
from handlers.rights import entitled
from storage import case_lists, cases, directory, estate
from storage.outbox import Lane

STAYED = "案件 {cases}：{name}的工作已移交，这几件没有随同移交，请转办。"
FIRST = "投诉管理岗"


def stayed(context: Context, handover: Handover, customers: Collection[CustomerId]) -> Reply:
    """Word of each open case in which the leaver still has a part; of a part of the book, of its customers alone."""
    left = [
        case_id
        for case_id, about in estate.cases_of(context.unit, handover.leaver)
        if handover.whole or about in customers
    ]
    if not left:
        return ()
    overseers = sorted(entitled(context, Permission.CASE_OVERSEE), key=lambda each: (each.post != FIRST, each.userid))
    told: dict[UserId, list[CaseId]] = {}
    for case_id in left:
        for person in _who_may_know(context, handover, case_id, overseers):
            told.setdefault(person, []).append(case_id)
    name = directory.names(context.unit, [handover.leaver])[handover.leaver]
    said = ((person, STAYED.format(cases="、".join(them), name=name)) for person, them in sorted(told.items()))
    return tuple(part for person, text in said for part in say(text, to=person, lane=Lane.DEADLINE))


def _who_may_know(
    context: Context, handover: Handover, case_id: CaseId, overseers: Sequence[Staff]
) -> Sequence[UserId]:
    """A few who oversee and may see it; where nobody does, as of a confidential one, who else works on it."""
    unit, case = context.unit, cases.load_case(context.unit, case_id)
    away = {handover.leaver, *(case.excluded if case is not None else ())}
    able = (
        each.userid
        for each in overseers
        if each.userid not in away and case_lists.may_see(unit, sight_for(unit, context.house, each), case_id)
    )
    found = [userid for userid, _ in zip(able, range(AT_MOST), strict=False)]
    return found or [each for each in estate.working_on(unit, case_id) if each not in away]
