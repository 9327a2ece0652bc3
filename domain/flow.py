"""How a conversation gets from one state to the next: what every function of `talk` ends with."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from domain.answer import Rejected
from domain.conversation import Conversation, Status, Turn, present_ask, values
from domain.form import Field, Form
from domain.pause import changed
from domain.steps import plan


def forward(form: Form, conv: Conversation, now: datetime, **changes: Any) -> Turn:
    """With these changes: the first question that is still open, else the confirmation, else done."""
    draft = conv.model_copy(update=changes)
    for fields in plan(form, draft.answers):
        if left := _open(draft, fields):
            return ask(form, at(form, conv, now, Status.ASKING, left, **changes))
    if form.confirm:
        return ask(form, at(form, conv, now, Status.CONFIRMING, (), **changes))
    return complete(form, conv, now, **changes)


def complete(form: Form, conv: Conversation, now: datetime, **changes: Any) -> Turn:
    """Through: what was answered goes to the form's verb."""
    done = at(form, conv, now, Status.DONE, (), **changes)
    return Turn(done, completed=values(form, done))


def _open(conv: Conversation, fields: Iterable[Field]) -> tuple[str, ...]:
    wanted = (field for field in fields if field.required or not conv.brief)
    return tuple(field.key for field in wanted if field.key not in conv.answers)


def ask(form: Form, conv: Conversation, *, problems: tuple[Rejected, ...] = (), note: str | None = None) -> Turn:
    """The turn that asks what the conversation now waits for."""
    return Turn(conv, present_ask(form, conv), problems, note)


def at(
    form: Form, conv: Conversation, now: datetime, status: Status, asked: tuple[str, ...], **changes: Any
) -> Conversation:
    """The conversation moved to the step that asks these fields."""
    return moved(form, conv, now, status=status, asked=asked, page=0, lookup=None, **changes)


def moved(form: Form, conv: Conversation, now: datetime, **changes: Any) -> Conversation:
    """Changed, and with its patience renewed."""
    renewed = now + timedelta(minutes=form.idle_minutes)
    return changed(conv, now, **changes).model_copy(update={"expires_at": renewed})
