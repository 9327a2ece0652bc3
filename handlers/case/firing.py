"""A timer of a case came due: reminders and escalations go out, a pause ends."""

from domain.process.definition import Definition
from domain.process.event import Fired, Happening
from handlers.case.moving import Moved, load, move
from handlers.case.naming import case_of
from handlers.case.telling import FIRE, carry_out
from handlers.context import Context
from handlers.reply import Reply

TIME = "到时"


def fire(context: Context) -> Reply:
    """Nobody is answered; what does not fit the case any more changes nothing."""
    case = load(context, case_of(context.update.subject))
    timer = context.update.verb.removeprefix(FIRE)
    armed = case.armed.get(timer)
    if armed is None:
        return ()
    moved = move(context, case, Fired(timer, armed.generation))
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
