"""A form laid aside: by a new command, by waiting too long, or because the pack changed under it."""

from dataclasses import replace

from cards.form import put_away_card
from cards.key import Seal
from domain import pause
from domain.command import Verb
from domain.conversation import Conversation
from domain.ids import ConversationId
from domain.pack_checks import CASE_VERB
from domain.policy import Permission
from domain.refusal import Refused
from handlers.case.naming import Matter
from handlers.context import Context
from handlers.reply import Reply, new_task_id, say, show
from handlers.retiring import retired
from handlers.rights import NEEDS, barred, barred_from_filing
from storage import conversations, timers

EXPIRY = "talk.expire"
_NEEDED = {True: Permission.CASE_FILE, False: Permission.CASE_ACT}  # to file a case; to act in one
NEW_FORM = "表单刚刚更新了，之前填到一半的那份请重新填。"
PUT_AWAY, ASIDE, ENDED, OVER = "已收起", "先搁下了", "已换成别的操作", "不能接着填了"


def subject_of(conversation: Conversation) -> str:
    """What the cards and the timer of a talk are about."""
    return f"talk:{conversation.id}"


def named(subject: str) -> ConversationId:
    return ConversationId(subject.removeprefix("talk:"))


def keep(context: Context, conversation: Conversation) -> None:
    """Save where the talk stands, with the timer of its patience while it is open."""
    conversations.save(context.unit, conversation)
    subject, person = subject_of(conversation), conversation.person
    if conversation.live:
        timers.arm(context.unit, subject=subject, kind=EXPIRY, person=person, due_at=conversation.expires_at)
    else:
        timers.cancel(context.unit, subject=subject, kind=EXPIRY)


def put_aside(context: Context, conversation: Conversation) -> Context:
    """A new command while a form is open: park the form and say so first; a bare 查 that is still empty just ends."""
    form = context.house.form_of(conversation)
    if not (form.confirm or conversation.answers or conversation.subject):
        keep(context, pause.cancel(conversation, context.now).conversation)
        return replace(context, talk=None, notes=(*context.notes, *retired(context, subject_of(conversation), ENDED)))
    keep(context, pause.park(conversation, context.now).conversation)
    note = say(context.house.pack.texts.fill("parked", title=form.title))
    older = retired(context, subject_of(conversation), ASIDE)
    return replace(context, talk=None, notes=(*context.notes, *note, *older))


def expire(context: Context) -> Reply:
    """The timer of an idle talk: put away, and the person is told and offered to get it back."""
    conversation = conversations.load(context.unit, named(context.update.subject))
    if conversation is None or not conversation.overdue(context.now) or over(context, conversation):
        return ()
    put_away = pause.expire(conversation, context.now).conversation
    keep(context, put_away)
    older = retired(context, subject_of(conversation), PUT_AWAY)
    title = context.house.form_of(conversation).title
    said = context.house.pack.texts.fill("expired", title=title)
    card = put_away_card(title, said, Seal(new_task_id(), put_away.revision))
    return (show(card, subject=subject_of(put_away), revision=put_away.revision), *older)


def drop(context: Context, conversation: Conversation, why: str) -> Context:
    """A form that cannot go on ends, and the person is told why."""
    keep(context, pause.cancel(conversation, context.now).conversation)
    older = retired(context, subject_of(conversation), OVER)
    return replace(context, notes=(*context.notes, *say(why), *older))


def over(context: Context, conversation: Conversation) -> str | None:
    """Why a form cannot go on: its questions may be others in a newer pack, or its command was stopped meanwhile."""
    if not context.house.goes_on(conversation):
        return NEW_FORM
    refusal = _stopped(context, conversation)
    return refusal.text if refusal else None


def _stopped(context: Context, conversation: Conversation) -> Refused | None:
    """The post lost the permission; or the command was stopped, a new case with the one that files it. What goes on in
    a case is called by no command."""
    verb = context.house.form_of(conversation).verb
    filing = verb == CASE_VERB and not Matter.read(conversation.subject or "").case_id
    needed = _NEEDED[filing] if verb == CASE_VERB else NEEDS[Verb(verb)]
    if refusal := context.house.policy.check(context.actor, needed):
        return refusal
    if filing:
        return barred_from_filing(context, conversation.form.partition(".")[0])
    return barred(context, verb)
