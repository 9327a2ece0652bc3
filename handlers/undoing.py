"""撤销 in words: the latest thing of one's own that can still be taken back, a decision or a visit."""

from handlers import visit
from handlers.case import acting
from handlers.context import Context
from handlers.reply import Reply
from storage import cases


def undo_latest(context: Context) -> Reply:
    """A decision on a case while its window is open, else the latest visit."""
    case_id = cases.undoable_by(context.unit, context.actor.userid)
    return acting.undo_of(context, case_id) if case_id is not None else visit.undo(context)
