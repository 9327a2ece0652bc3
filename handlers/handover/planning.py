"""What a handover would move now: of the whole book, or of the customers that were listed."""

from collections.abc import Collection, Iterable, Iterator

from domain.conversation import WAITING, Conversation
from domain.form import Kind
from domain.handover import Handover, Plan
from domain.ids import CaseId, CustomerId, UserId
from domain.policy import Permission
from domain.process.succeeding import parts_of
from domain.staff import Staff
from handlers.context import Context
from storage import cases, conversations, estate, handovers
from storage.estate import InHand


def plan_of(context: Context, handover: Handover) -> Plan:
    """The plan as things stand in this unit."""
    listed = None if handover.whole else [
        item.thing for item in handovers.items(context.unit, handover.handover_id) if item.kind == handovers.CUSTOMER
    ]  # fmt: skip
    return plan(context, handover, None if listed is None else set(listed))


def plan(context: Context, handover: Handover, listed: Collection[str] | None) -> Plan:
    """`listed` are the customers it is about; None is the whole book, and all other work too."""
    held = estate.in_hand(context.unit, handover.leaver)
    customers = tuple(each for each in held.customers if listed is None or each in listed)
    chosen = set(customers)

    def goes(customer_id: CustomerId | None) -> bool:
        return listed is None or customer_id in chosen

    todos = [todo for todo in held.todos if goes(todo.customer_id)]
    moving, recused = _cases(context, handover, (case_id for case_id, about in held.cases if goes(about)))
    return Plan(
        customers=customers,
        seats=tuple(seat for seat in held.seats if listed is None or seat.customer_id in chosen),
        todos=tuple(todo.todo_id for todo in todos),
        visits=sum(todo.source == "visit" for todo in todos),
        findings=tuple(finding for finding, about in held.findings if goes(about)),
        cases=moving,
        recused=recused,
        talks=tuple(talk.id for talk in talks_of(context, held, chosen)),
    )


def _cases(
    context: Context, handover: Handover, candidates: Iterable[CaseId]
) -> tuple[tuple[CaseId, ...], tuple[CaseId, ...]]:
    """Those that can go, and those that the successor must keep out of. One that the requester or the approver must
    keep out of is in neither: not even its number may tell them of it.
    """
    moving: list[CaseId] = []
    recused: list[CaseId] = []
    for case_id in candidates:
        case = cases.load_case(context.unit, case_id)
        if case is None or case.excluded & {handover.requester, handover.approver} or not parts_of(
            case, handover.leaver
        ):  # fmt: skip
            continue
        (recused if handover.successor in case.excluded else moving).append(case_id)
    return tuple(moving), tuple(recused)


def talks_of(context: Context, held: InHand, customers: Collection[CustomerId]) -> Iterator[Conversation]:
    """Forms put aside that are about one of the customers, and can be gone on with."""
    for talk_id in held.talks:
        talk = conversations.load(context.unit, talk_id)
        if talk is not None and talk.status in WAITING and customer_of(context, talk) in customers:
            yield talk


def customer_of(context: Context, talk: Conversation) -> CustomerId | None:
    """Whom a form is about; None where it is about a case or a setting, or cannot be gone on with."""
    if talk.subject is not None or not context.house.goes_on(talk):
        return None
    fields = context.house.form_of(talk).fields
    key = next((field.key for field in fields if field.type is Kind.CUSTOMER and field.key in talk.answers), None)
    return CustomerId(str(talk.answers[key].value)) if key is not None else None


def keeps_a_book(context: Context, member: Staff) -> bool:
    """Whether the post is one that has customers."""
    return Permission.CARE_READ in context.house.policy.permissions(member)


def subject_of(handover_id: str) -> str:
    return f"handover:{handover_id}"


def is_party(handover: Handover, person: UserId) -> bool:
    return person in (handover.requester, handover.approver, handover.successor)
