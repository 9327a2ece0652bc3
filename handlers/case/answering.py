"""What somebody hears who did something to a case, or could not; and how a case stands for who asks."""

from domain.process.case import Case, Verdict
from domain.process.deciding import already
from handlers.case.faces import Faces
from handlers.case.moving import Moved, Unmoved, bank_of, definition_of
from handlers.case.naming import thing_subject
from handlers.case.seeing import takes_part
from handlers.case.telling import carry_out, heading_for
from handlers.context import Context
from handlers.reply import Reply, say
from handlers.retiring import retired
from handlers.speaking import final_face
from storage import directory

NO_EFFECT, SEE_BELOW = "没有生效", "请看下面"
KEPT_OUT = "{case} 已登记。这件事与您本人有关，由其他同事办理，经过对您不显示。"
PRESENT = "这张卡片已经过时，案件的最新情况："
ANSWERED = "这项协办已由{name}答复，不用再办。"
GONE = "这项协办已经不用办了。"


def moved_on(context: Context, moved: Moved, done: str, *, heading: str = "") -> Reply:
    """The case as it is now for who moved it, and everything that follows for others."""
    me = context.actor.userid
    followed = carry_out(context, moved, f"{context.actor.name} {done}")
    if me in moved.case.excluded:
        return (*say(KEPT_OUT.format(case=moved.case.case_id)), *followed)
    words = "；".join(part for part in (heading or done, heading_for(moved, me)) if part)
    return (faces_of(context, moved.case).say(me, words), *followed)


def told_why(context: Context, unmoved: Unmoved) -> Reply:
    """Why nothing happened, and how the case stands."""
    return not_done(context, unmoved.case, _with_names(context, unmoved.case, unmoved.refusal.text))


def not_done(context: Context, case: Case, said: str) -> Reply:
    """The pressed card must not look as if it had worked; a reader who has to keep out sees no more than the words."""
    grey = (final_face(context.card, context.update, NO_EFFECT),) if context.card is not None else ()
    kept_out = context.actor.userid in case.excluded
    return (*grey, *say(said), *(() if kept_out else how_it_stands(context, case)))


def how_it_stands(context: Context, case: Case, heading: str = "", page: int = 0) -> Reply:
    """The case's card, and a card for each decision and each task in it that waits for this person."""
    faces, me = faces_of(context, case), context.actor.userid
    seen = faces.viewed(me)
    in_full = takes_part(context, case.case_id)
    shown: Reply = (faces.say(me, heading, in_full=in_full, page=page),)
    for thing in (*seen.votes, *seen.tasks):
        older = retired(context, thing_subject(case.case_id, thing), SEE_BELOW)
        card = faces.ask(me, thing) if thing in seen.votes else faces.hand(me, thing)
        shown = (*shown, *card, *older)
    return shown


def what_became(context: Context, case: Case, thing: str) -> str:
    """What an old card is answered with: of a decision who took it, of a task who did it."""
    asked = next((each for each in case.approvals if each.approval_id == thing), None)
    task = next((each for each in case.tasks if each.task_id == thing), None)
    if asked is not None and asked.verdict is not Verdict.OPEN:
        return _with_names(context, case, already(asked))
    if task is not None and task.closed:
        by = task.done_by
        return ANSWERED.format(name=directory.names(context.unit, [by])[by]) if by is not None else GONE
    return PRESENT


def faces_of(context: Context, case: Case) -> Faces:
    definition = definition_of(context, case)
    return Faces(context, definition, bank_of(context, definition, case), case)


def _with_names(context: Context, case: Case, said: str) -> str:
    """The engine knows people by userid; readers know them by name."""
    voters = [ballot.voter for asked in case.approvals for ballot in asked.ballots]
    for person, name in directory.names(context.unit, voters).items():
        said = said.replace(f"{person} 已于", f"{name}已于")
    return said
