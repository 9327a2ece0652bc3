"""撤销 in words: the latest of one's own, a decision or a visit."""

from handlers import visit
from handlers.case import acting
from handlers.context import Context
from handlers.reply import Reply
from storage import cases, visits


def undo_latest(context: Context) -> Reply:
    """Whichever was later; a visit that is taken back already leaves the decision."""
    me = context.actor.userid
    decided, logged = cases.undoable_by(context.unit, me), visits.latest_of(context.unit, me)
    if decided is None:
        return visit.undo(context)
    case_id, at = decided
    visited_later = logged is not None and logged.undone_at is None and logged.logged_at > at
    return visit.undo(context) if visited_later else acting.undo_of(context, case_id)
