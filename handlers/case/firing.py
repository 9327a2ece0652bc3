"""A timer of a case came due: reminders and escalations go out, a pause ends; or the calendar has changed."""

from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.event import Event, Fired, Happening, Reckon
from handlers.case.moving import Moved, load, move
from handlers.case.naming import case_of
from handlers.case.telling import FIRE, carry_out
from handlers.context import HOUSE_ITSELF, Context
from handlers.reply import Reply
from storage import timers
from storage.unit import Unit

TIME = "到时"
RECKON = "case.reckon"


def fire(context: Context) -> Reply:
    """Nobody is answered; what does not fit the case any more changes nothing."""
    case = load(context, case_of(context.update.subject))
    timer = context.update.verb.removeprefix(FIRE)
    armed = case.armed.get(timer)
    if armed is None:
        return ()
    return _by_itself(context, case, Fired(timer, armed.generation))


def reckon(context: Context) -> Reply:
    """The working calendar has changed: the timers of the case are set anew."""
    return _by_itself(context, load(context, case_of(context.update.subject)), Reckon())


def reckon_all(unit: Unit) -> None:
    """Every open case asks the calendar again."""
    timers.arm_for_all(unit, kind=RECKON, person=HOUSE_ITSELF)


def _by_itself(context: Context, case: Case, event: Event) -> Reply:
    moved = move(context, case, event)
    if not isinstance(moved, Moved):
        return ()
    return carry_out(context, moved, TIME, at_once=_cannot_wait(moved.definition, moved.advanced.events))


def _cannot_wait(definition: Definition, happenings: tuple[Happening, ...]) -> bool:
    """A level that always goes does not wait for somebody's open form either."""
    for happening in happenings:
        if happening.kind == "escalated":
            ladder = definition.deadlines[str(happening.detail["deadline"])].ladder
            if any(level.always for level in ladder if level.key == happening.detail["level"]):
                return True
    return False
