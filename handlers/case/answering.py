"""What somebody hears who did something to a case, or could not."""

from domain.ids import UserId
from domain.process.case import Case
from handlers.case.faces import Faces
from handlers.case.moving import Moved, Unmoved, bank_of, definition_of
from handlers.case.telling import carry_out, heading_for
from handlers.context import Context
from handlers.reply import Reply, say
from handlers.speaking import final_face

NO_EFFECT = "没有生效"
KEPT_OUT = "{case} 已登记。这件事与您本人有关，由其他同事办理，经过对您不显示。"


def moved_on(context: Context, moved: Moved, done: str, *, heading: str = "") -> Reply:
    """The case as it is now for who moved it, and everything that follows for others."""
    me = context.actor.userid
    followed = carry_out(context, moved, f"{context.actor.name} {done}")
    if me in moved.case.excluded:
        return (*say(KEPT_OUT.format(case=moved.case.case_id)), *followed)
    words = "；".join(part for part in (heading or done, heading_for(moved, me)) if part)
    return (faces_of(context, moved.case).say(me, words), *followed)


def told_why(context: Context, unmoved: Unmoved) -> Reply:
    """Why nothing happened, and how the case stands; the pressed card must not look as if it had worked."""
    said = _with_names(context, unmoved)
    grey = (final_face(context.card, context.update, NO_EFFECT),) if context.card is not None else ()
    me = context.actor.userid
    if me in unmoved.case.excluded:
        return (*grey, *say(said))
    return (*grey, *say(said), faces_of(context, unmoved.case).say(me))


def faces_of(context: Context, case: Case) -> Faces:
    definition = definition_of(context, case)
    return Faces(context, definition, bank_of(context, definition, case), case)


def _with_names(context: Context, unmoved: Unmoved) -> str:
    """The engine knows people by userid; readers know them by name."""
    said = unmoved.refusal.text
    for asked in unmoved.case.approvals:
        for ballot in asked.ballots:
            said = said.replace(f"{ballot.voter} 已于", f"{_name(unmoved, ballot.voter)}已于")
    return said


def _name(unmoved: Unmoved, person: UserId) -> str:
    member = unmoved.bank.member(person)
    return member.name if member else person
