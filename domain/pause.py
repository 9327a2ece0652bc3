"""What ends or lays aside a conversation, whatever its form: 取消, a new command, and waiting too long."""

from datetime import datetime
from typing import Any

from domain.conversation import Conversation, Status, Turn

CLOSED = {
    Status.DONE: "这一份已经保存过了。",
    Status.CANCELLED: "这一份已经取消了。",
    Status.PARKED: "这一份先搁下了，发“继续”接着填。",
    Status.EXPIRED: "这一份已经收起来了，发“继续”可接着填。",
}


def cancel(conv: Conversation, now: datetime) -> Turn:
    """取消: nothing is kept; a finished one stays finished."""
    if conv.status in (Status.DONE, Status.CANCELLED):
        return Turn(conv, note=CLOSED[conv.status])
    return Turn(changed(conv, now, status=Status.CANCELLED, lookup=None))


def park(conv: Conversation, now: datetime) -> Turn:
    """Lay it aside for something else; it can be taken up again until a day after its expiry."""
    return Turn(changed(conv, now, status=Status.PARKED, lookup=None) if conv.live else conv)


def expire(conv: Conversation, now: datetime) -> Turn:
    """Close it when it has waited too long; before that nothing happens."""
    if not conv.overdue(now):
        return Turn(conv)
    return Turn(changed(conv, now, status=Status.EXPIRED, lookup=None), note=CLOSED[Status.EXPIRED])


def closed(conv: Conversation, now: datetime) -> Turn | None:
    """The answer to anything said to a conversation that is over, laid aside or overdue; None for a live one."""
    if conv.live:
        return expire(conv, now) if conv.overdue(now) else None
    return Turn(conv, note=CLOSED[conv.status])


def changed(conv: Conversation, now: datetime, **changes: Any) -> Conversation:
    """A new value; its revision grows if anything but the time is different."""
    after = conv.model_copy(update=changes)
    bump = 0 if after == conv else 1
    return after.model_copy(update={"revision": conv.revision + bump, "touched_at": now})
