"""A day of races: two complaints in every branch at once, each raced over again until it is withdrawn."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from storage.inbox import Received
from storage.timers import DueTimer
from tests.races.bank import Cell
from tests.races.racing import Course, Race, Races
from tests.races.replicas import Hand, Replicas

ROUNDS = 3
VOTE, ACT, UNDO = frozenset({"vote"}), frozenset({"act"}), frozenset({"undo"})
ACCEPTED, AGREED, REJECTED, UNDONE, WITHDRAWN = ("已受理",), ("已同意",), ("已退回",), ("已撤销",), ("已撤回",)
Make: TypeAlias = Callable[[Replicas, Course], Race | None]


def a_day(races: Races, cells: Sequence[Cell]) -> None:
    """A wave races all cases at once, some by clicks and others by timers, and is over before the next begins."""
    one, two = races.file(cells), races.file(cells)
    wave(races, (two, accepting))
    wave(races, (to_next_timer(races, one), due_timers))
    wave(races, (to_next_timer(races, one), timer_and_accepting))
    races.does([*one, *two], "extend1", reason="情况复杂")
    begin_rejecting(races, two)
    wave(races, (one, two_agreements), (two, agreement_and_rejection))
    races.does([*one, *two], "propose", plan="赔付并道歉")
    for _ in range(ROUNDS):
        wave(races, (one, same_agreement), (two, agreement_twice))
        wave(races, (one, same_undoing), (two, undoing_twice))
    begin_withdrawing(races, to_next_timer(races, one))
    wave(races, (one, agreement_and_withdrawal), (two, timers_and_agreement))
    races.replicas.passes(hours=30)
    wave(races, ([*one, *two], due_timers))
    races.does(still_open(races, [*one, *two]), "withdraw", reason="客户撤回", withdrawn_how="v_phone")


def wave(races: Races, *groups: tuple[Sequence[Course], Make]) -> None:
    made = [(course, make(races.replicas, course)) for courses, make in groups for course in courses]
    races.race([(course, race) for course, race in made if race is not None])


def to_next_timer(races: Races, courses: Sequence[Course]) -> Sequence[Course]:
    """When the first timer of these cases is due."""
    due = races.replicas.next_due([course.case_id for course in courses])
    races.replicas.clocks.now = max(races.replicas.clocks.now, due)
    return courses


def still_open(races: Races, courses: Sequence[Course]) -> list[Course]:
    return [course for course in courses if not races.closed(course)]


# --- who races what ------------------------------------------------------------------------------------------------


def accepting(replicas: Replicas, course: Course) -> Race:
    clicks = [acting(replicas, course, person, "受理") for person in (course.cell.rm, course.cell.sup)]
    return Race("受理：处理人与主管", each(replicas, *clicks), ACT, ACCEPTED)


def timer_and_accepting(replicas: Replicas, course: Course) -> Race:
    click = acting(replicas, course, course.cell.rm, "受理")
    return Race("受理与计时", each(replicas, replicas.due(course.subject)[0], click), ACT, ACCEPTED)


def due_timers(replicas: Replicas, course: Course) -> Race | None:
    """All that are due, each at both, as two ticks do."""
    found = replicas.due(course.subject)
    hands = [hand for timer in found for hand in both(replicas, timer)]
    return Race("同一计时" if len(found) == 1 else "几个计时", hands) if found else None


def two_agreements(replicas: Replicas, course: Course) -> Race:
    clicks = [agreeing(replicas, course, judge) for judge in course.cell.judges]
    return Race("审批：两人同意", each(replicas, *clicks), VOTE, AGREED)


def agreement_and_rejection(replicas: Replicas, course: Course) -> Race:
    first, second = course.cell.judges
    saving = replicas.click(replicas.talk_card(second), "保存")
    return Race("审批：同意与退回", each(replicas, agreeing(replicas, course, first), saving), VOTE, AGREED + REJECTED)


def same_agreement(replicas: Replicas, course: Course) -> Race:
    click = agreeing(replicas, course, course.cell.sup)
    return Race("同一次同意", both(replicas, click), VOTE, AGREED)


def agreement_twice(replicas: Replicas, course: Course) -> Race:
    clicks = [agreeing(replicas, course, course.cell.sup) for _ in range(2)]
    return Race("同意点了两下", each(replicas, *clicks), VOTE, AGREED)


def same_undoing(replicas: Replicas, course: Course) -> Race:
    click = acting(replicas, course, course.cell.sup, "撤销")
    return Race("同一次撤销", both(replicas, click), UNDO, UNDONE)


def undoing_twice(replicas: Replicas, course: Course) -> Race:
    clicks = [acting(replicas, course, course.cell.sup, "撤销") for _ in range(2)]
    return Race("撤销点了两下", each(replicas, *clicks), UNDO, UNDONE)


def timers_and_agreement(replicas: Replicas, course: Course) -> Race:
    click = agreeing(replicas, course, course.cell.sup)
    hands = [hand for timer in replicas.due(course.subject) for hand in both(replicas, timer)]
    return Race("同意与计时", [*hands, (replicas.number() % 2, click)], VOTE, AGREED)


def agreement_and_withdrawal(replicas: Replicas, course: Course) -> Race:
    saving = replicas.click(replicas.talk_card(course.cell.rm), "保存")
    click = agreeing(replicas, course, course.cell.sup)
    return Race("同意与撤回", each(replicas, click, saving), VOTE | ACT, AGREED + WITHDRAWN)


def begin_rejecting(races: Races, courses: Sequence[Course]) -> None:
    """The second judge is about to send it back."""
    replicas = races.replicas
    races.prepare(replicas.click(replicas.asked(course.cell.judges[1], course.case_id), "退回") for course in courses)
    races.prepare(replicas.said(course.cell.judges[1], "理由不足") for course in courses)


def begin_withdrawing(races: Races, courses: Sequence[Course]) -> None:
    """The RM is about to write down that the customer withdraws."""
    replicas = races.replicas
    races.prepare(replicas.said(course.cell.rm, f"案件 {course.case_id}") for course in courses)
    cards = [replicas.card(course.cell.rm, course.subject) for course in courses]
    races.prepare(replicas.click(card, "办所选", action=["withdraw"]) for card in cards)
    races.prepare(replicas.said(course.cell.rm, "电话") for course in courses)
    races.prepare(replicas.said(course.cell.rm, "客户说不投诉了") for course in courses)


# --- hands ---------------------------------------------------------------------------------------------------------


def both(replicas: Replicas, what: Received | DueTimer) -> list[Hand]:
    """The very same thing at both, in either order."""
    return each(replicas, what, what)


def each(replicas: Replicas, one: Received | DueTimer, other: Received | DueTimer) -> list[Hand]:
    """One thing at one of them, another at the other."""
    first = replicas.number() % 2
    return [(first, one), (1 - first, other)]


def acting(replicas: Replicas, course: Course, person: str, label: str) -> Received:
    return replicas.click(replicas.card(person, course.subject), label)


def agreeing(replicas: Replicas, course: Course, person: str) -> Received:
    return replicas.click(replicas.asked(person, course.case_id), "同意")
