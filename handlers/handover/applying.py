"""A plan that was agreed to is carried out, in one unit of work; and taken back the same way."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import orjson

from domain.handover import Handover, Plan, TeamSeat
from domain.ids import CaseId, UserId
from domain.process.event import Succeed
from domain.process.succeeding import parts_of
from handlers.case.moving import Moved, load, move
from handlers.case.telling import carry_out
from handlers.context import Context
from handlers.handover.planning import talks_of
from handlers.handover.staying import stayed
from handlers.reply import Reply
from storage import books, directory, estate, handovers, team_seats
from storage.handovers import CASE, CUSTOMER, FINDING, SEAT, TALK, TODO, Item

TAKES_OVER = "{name} 接手"


def carry_out_plan(context: Context, handover: Handover, plan: Plan) -> Reply:
    """Everything of the plan that is still the leaver's; what moved is kept, so that it can be moved back."""
    unit, before, after = context.unit, handover.leaver, handover.successor
    held = estate.in_hand(unit, before)
    moved = books.give_customers(unit, plan.customers, before, after, f"handover:{handover.handover_id}")
    moved += team_seats.give(unit, plan.seats, before, after)
    moved += books.give_findings(unit, plan.findings, before, after)
    moved += books.give_todos(unit, plan.todos, before, after)
    moved += _talks(context, handover, plan, held)
    replies, cases = _cases(context, plan.cases, before, after)
    handovers.keep_items(unit, handover.handover_id, [*moved, *cases])
    _record(context, handover, "handover.applied", [*moved, *cases])
    return (*replies, *stayed(context, handover, plan.customers))


def _talks(context: Context, handover: Handover, plan: Plan, held: estate.InHand) -> list[Item]:
    parked = talks_of(context, held, set(plan.customers))
    return [
        books.give_talk(
            context.unit, talk, handover.successor, timedelta(minutes=context.house.form_of(talk).idle_minutes)
        )
        for talk in parked
    ]


def _cases(context: Context, cases: Iterable[CaseId], before: UserId, after: UserId) -> tuple[Reply, list[Item]]:
    """Each case moves by itself; one that has moved on meanwhile stays as it is."""
    replies: Reply = ()
    items = []
    for case_id in cases:
        reply, parts = _succeed(context, case_id, before, after, None)
        replies += reply
        items += [Item(CASE, case_id, orjson.dumps(parts).decode(), moved=True)] if parts else []
    return replies, items


def _succeed(
    context: Context, case_id: CaseId, before: UserId, after: UserId, parts: Sequence[str] | None
) -> tuple[Reply, list[str]]:
    """What goes on from the move, and the parts that changed hands; `parts`: only these, or all there are."""
    case = load(context, case_id)
    theirs, had = parts_of(case, before), set(parts_of(case, after))
    wanted = theirs if parts is None else tuple(each for each in theirs if each in parts)
    if context.house.processes.definition(case.process, case.version).closed(case.state) or not wanted:
        return (), []
    moved = move(context, case, Succeed(before, after, wanted, context.actor.userid))
    if not isinstance(moved, Moved):
        return (), []
    name = directory.names(context.unit, [after])[after]
    went = [each for each in parts_of(moved.case, after) if each not in had]
    return carry_out(context, moved, TAKES_OVER.format(name=name)), went


def take_back(context: Context, handover: Handover) -> Reply:
    """Exactly what went and has not gone on since goes back; what the successor did in between stays done."""
    unit, before, after = context.unit, handover.leaver, handover.successor
    went: dict[str, list[Item]] = {}
    for item in handovers.items(unit, handover.handover_id):
        went.setdefault(item.kind, []).append(item)

    def things(kind: str) -> list[str]:
        return [item.thing for item in went.get(kind, ())]

    back = books.give_customers(unit, things(CUSTOMER), after, before, f"handover:{handover.handover_id}:reversed")
    back += team_seats.give(unit, map(TeamSeat.of, things(SEAT)), after, before)
    back += books.give_todos(unit, things(TODO), after, before)
    findings = books.give_findings(unit, things(FINDING), after, before)
    returned = {item.thing for item in findings}
    books.tell_again(unit, [item for item in went.get(FINDING, ()) if item.thing in returned])
    back += findings
    back += [item for item in went.get(TALK, ()) if books.give_back_talk(unit, item)]
    replies: Reply = ()
    for item in went.get(CASE, ()):
        reply, parts = _succeed(context, CaseId(item.thing), after, before, orjson.loads(item.before or "[]"))
        replies += reply
        back += [item] if parts else []
    _record(context, handover, "handover.taken_back", back)
    return replies


def _record(context: Context, handover: Handover, action: str, items: Sequence[Item]) -> None:
    """One record with every customer as its subject: whose they were, whose they are."""
    detail = {"from": handover.leaver, "to": handover.successor, "things": len(items)}
    kept = [item.thing for item in items if item.kind == CUSTOMER]
    served = [TeamSeat.of(item.thing).customer_id for item in items if item.kind == SEAT]
    subjects = list(dict.fromkeys([*kept, *served]))
    context.unit.audit(action, f"handover:{handover.handover_id}", detail, subjects)
