"""The owner's word on a finding: kept once, and the cards that still ask for it go out of play."""

from domain.care.finding import Verdict
from domain.refusal import Refused
from domain.todo import Todo
from handlers.context import Context
from handlers.reply import Reply
from handlers.retiring import retired
from storage import care
from storage.care import Found

CHANGED_MEANWHILE = "这条提醒刚刚有变化，请发“待办”看最新的列表。"


def judge(context: Context, found: Found, verdict: Verdict) -> Reply:
    """Keep the word."""
    if not care.judge(context.unit, found, verdict):
        raise Refused(CHANGED_MEANWHILE, reason="stale finding")
    return _retired(context, found, verdict)


def completed(context: Context, todo: Todo) -> Reply:
    """已做, wherever the to-do of a finding was completed; who had called it useful has said more already."""
    found = care.of_todo(context.unit, todo.todo_id)
    if found is None:
        return ()
    return judge(context, found, Verdict.DONE) if found.verdict is None else _retired(context, found, Verdict.DONE)


def _retired(context: Context, found: Found, verdict: Verdict) -> Reply:
    return retired(context, f"finding:{found.finding_id}", f"已选：{verdict}")
