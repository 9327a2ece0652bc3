"""Buttons of a case: an action done at once or begun as a form, a vote, a task, undo."""

from cards.case import ACT, ACTION_QUESTION, AGREE, FINISH, REJECT
from domain.ids import CaseId
from domain.process.advance import possible
from domain.process.case import Case, Verdict
from domain.process.event import Act, Finish, Undo, Vote
from domain.process.library import asks, form_name
from domain.process.process import Action
from domain.refusal import Refused
from handlers.case.answering import NO_EFFECT, faces_of, moved_on, told_why
from handlers.case.moving import Moved, bank_of, definition_of, load, move
from handlers.case.naming import Matter, case_of
from handlers.case.seeing import seen
from handlers.context import Context
from handlers.reply import Begin, Reply, say
from handlers.speaking import final_face

PICK_ONE = "请先在下拉里选一项操作，再点“办所选”。"
NOT_NOW = "“{label}”现在不能办，案件的最新情况在下面。"
OVER = "这一项已经不用办了，案件的最新情况在下面。"
UNDONE, NOTHING_TO_UNDO = "已撤销", "没有可以撤销的决定。"


def act(context: Context) -> Reply:
    """A button with an action on it."""
    return _begin(context, context.update.verb.removeprefix(ACT))


def more(context: Context) -> Reply:
    """An action picked in the drop-down."""
    picked = context.update.answers.get(ACTION_QUESTION, ())
    if len(picked) != 1:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return _begin(context, picked[0])


def _begin(context: Context, key: str) -> Reply:
    case = seen(context, _case_id(context))
    definition = definition_of(context, case)
    action = definition.actions.get(key)
    bank = bank_of(context, definition, case)
    if action is None or action not in possible(definition, case, context.actor.userid, bank, context.now):
        return _not_now(context, case, NOT_NOW.format(label=action.label if action else key))
    if asks(action):
        return (_form(context, case, "act", action, action.key),)
    return _done(context, case, Act(key, context.actor.userid, context.update.revision), f"已{action.label}")


def _form(context: Context, case: Case, kind: str, action: Action, thing: str) -> Begin:
    """The form of an action, a rejection or a task, about the case as the card showed it."""
    definition = definition_of(context, case)
    matter = Matter(case.case_id, context.update.revision, kind, thing)
    note = f"{definition.process.label} {case.case_id}"
    return Begin(form_name(definition, kind, action.key), subject=str(matter), note=note, version=case.version)


def agree(context: Context) -> Reply:
    """同意 on the card of an approval."""
    case = seen(context, _case_id(context))
    vote = Vote(context.update.verb.removeprefix(AGREE), context.actor.userid, context.update.revision, agree=True)
    return _done(context, case, vote, "已同意")


def reject(context: Context) -> Reply:
    """退回: first the reason."""
    case, key = seen(context, _case_id(context)), context.update.verb.removeprefix(REJECT)
    asked = next((each for each in case.approvals if each.approval_id == key), None)
    if asked is None or asked.verdict is not Verdict.OPEN:
        vote = Vote(key, context.actor.userid, context.update.revision, agree=False, reason=OVER)
        return _done(context, case, vote, "已退回")  # refused, with who decided when
    return (_form(context, case, "reject", definition_of(context, case).actions[asked.action], key),)


def finish(context: Context) -> Reply:
    """答复 on the card of a task."""
    case, key = seen(context, _case_id(context)), context.update.verb.removeprefix(FINISH)
    task = next((each for each in case.tasks if each.task_id == key), None)
    if task is None or task.closed:
        return _not_now(context, case, OVER)
    action = definition_of(context, case).actions[task.action]
    if action.tasks is not None and action.tasks.form is not None:
        return (_form(context, case, "finish", action, key),)
    return _done(context, case, Finish(key, context.actor.userid, context.update.revision), "已答复")


def undo(context: Context) -> Reply:
    """撤销 on a case's card."""
    case = seen(context, _case_id(context))
    return _done(context, case, Undo(context.actor.userid, context.update.revision), UNDONE)


def undo_of(context: Context, case_id: CaseId) -> Reply:
    """撤销 in words: the decision as it stands."""
    case = load(context, case_id)
    return _done(context, case, Undo(context.actor.userid, case.revision), UNDONE)


def _done(context: Context, case: Case, event: Act | Vote | Finish | Undo, done: str) -> Reply:
    locked = load(context, case.case_id)
    moved = move(context, locked, event)
    return moved_on(context, moved, done) if isinstance(moved, Moved) else told_why(context, moved)


def _not_now(context: Context, case: Case, said: str) -> Reply:
    grey = (final_face(context.card, context.update, NO_EFFECT),) if context.card is not None else ()
    return (*grey, *say(said), faces_of(context, case).say(context.actor.userid))


def _case_id(context: Context) -> CaseId:
    assert context.card is not None
    return case_of(context.card.subject)
