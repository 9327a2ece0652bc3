"""撤销 in words: the latest thing of one's own that can still be taken back, a decision or a visit."""

from handlers import visit
from handlers.case import acting
from handlers.context import Context
from handlers.reply import Reply
from storage import cases, visits


def undo_latest(context: Context) -> Reply:
    """A decision on a case or the latest visit, whichever can be taken back longer; where neither can any more, the
    later one says why not.
    """
    decided = cases.undoable_by(context.unit, context.actor.userid)
    logged = visits.latest_of(context.unit, context.actor.userid)
    if decided is None:
        return visit.undo(context)
    case_id, until = decided
    still_open = until >= context.now
    visited_later = logged is not None and logged.undo_until > until
    return visit.undo(context) if visited_later and not still_open else acting.undo_of(context, case_id)
