"""撤销 in words: the latest of one's own, a decision, a visit or a relation."""

from handlers import relation, visit
from handlers.case import acting
from handlers.context import Context
from handlers.reply import Reply
from storage import cases, ties, visits


def undo_latest(context: Context) -> Reply:
    """Whichever was latest; what is taken back already leaves the one before."""
    unit, me = context.unit, context.actor.userid
    decided, logged, tied = cases.undoable_by(unit, me), visits.latest_of(unit, me), ties.latest_of(unit, me)
    visited_at = logged.logged_at if logged is not None and logged.undone_at is None else None
    if tied is not None and all(at is None or tied.at > at for at in (visited_at, decided and decided[1])):
        return relation.undo_of(context, tied)
    if decided is None or (visited_at is not None and visited_at > decided[1]):
        return visit.undo(context)
    return acting.undo_of(context, decided[0])
