"""Buttons of a case: an action done at once or begun as a form, a vote, a task, undo."""

from cards.case import ACT, ACTION_QUESTION, AGREE, FINISH, REJECT
from domain.form import PAGE_KEY
from domain.ids import CaseId
from domain.process.advance import objection
from domain.process.case import Case, Verdict
from domain.process.event import Act, Finish, Undo, Vote
from domain.process.library import asks, form_name
from domain.process.process import Action
from domain.refusal import Refused
from handlers.case.answering import how_it_stands, moved_on, not_done, told_why, what_became
from handlers.case.moving import Moved, bank_of, definition_of, load, move, shown_on
from handlers.case.naming import Matter, case_of
from handlers.case.seeing import seen
from handlers.context import Context
from handlers.reply import Begin, Reply

PICK_ONE = "请先在下拉里选一项操作，再点“办所选”。"
UNKNOWN_ACTION = "没有这项操作，案件的最新情况在下面。"
UNDONE = "已撤销"


def act(context: Context) -> Reply:
    """A button with an action on it."""
    return _begin(context, context.update.verb.removeprefix(ACT))


def more(context: Context) -> Reply:
    """An action picked in the drop-down, or the next page of it."""
    picked = context.update.answers.get(ACTION_QUESTION, ())
    if len(picked) != 1:
        raise Refused(PICK_ONE, reason="nothing chosen")
    if picked[0].startswith(PAGE_KEY):
        return how_it_stands(context, seen(context, _case_id(context)), page=int(picked[0].removeprefix(PAGE_KEY)))
    return _begin(context, picked[0])


def _begin(context: Context, key: str) -> Reply:
    case = seen(context, _case_id(context))
    definition = definition_of(context, case)
    action = definition.actions.get(key)
    if action is None:
        return not_done(context, case, UNKNOWN_ACTION)
    bank = bank_of(context, definition, case)
    why_not = objection(definition, case, action, context.actor.userid, bank, context.now)
    if why_not is not None:
        return not_done(context, case, why_not)
    if asks(action):
        return (_form(context, case, "act", action, action.key),)
    return _done(context, case, Act(key, context.actor.userid, context.update.revision), f"已{action.label}")


def _form(context: Context, case: Case, kind: str, action: Action, thing: str) -> Begin:
    """The form of an action, a rejection or a task, about the case as the card showed it."""
    definition = definition_of(context, case)
    matter = Matter(case.case_id, context.update.revision, kind, thing, shown_on(context))
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
        return not_done(context, case, what_became(context, case, key))
    return (_form(context, case, "reject", definition_of(context, case).actions[asked.action], key),)


def finish(context: Context) -> Reply:
    """答复 on the card of a task."""
    case, key = seen(context, _case_id(context)), context.update.verb.removeprefix(FINISH)
    task = next((each for each in case.tasks if each.task_id == key), None)
    if task is None or task.closed:
        return not_done(context, case, what_became(context, case, key))
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


def _case_id(context: Context) -> CaseId:
    assert context.card is not None
    return case_of(context.card.subject)
