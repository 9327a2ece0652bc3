"""Deciding a grant: the first decision counts, every copy shows it, and who it is about hears of it."""

from dataclasses import replace

from cards.grant import QUESTION
from domain.approval import OWN, State
from domain.daytext import moment_text
from domain.grant import GrantKind
from domain.granting import Grant, check
from domain.refusal import Refused
from handlers.context import Context
from handlers.grant_face import SUBJECT, UNKNOWN, line_of, load, outcome, subject_of, verdict, what
from handlers.granting import show_grants
from handlers.reply import Reply, say
from handlers.retiring import retired_everywhere
from handlers.speaking import final_face
from storage import directory, grants
from storage.outbox import Lane

PICK_ONE = "请先在下拉里选一项，再点按钮。"
FOR_YOURSELF = "这是给您自己的授权，要由别人确认。"
GIVEN = "您获得授权：{what}，到 {until} 为止。原因：{reason}"
TAKEN = "您的授权已收回：{what}。"


def agree(context: Context) -> Reply:
    """同意: in force from this commit on."""
    grant = _clicked(context)
    if grant.userid == context.actor.userid:
        raise Refused(FOR_YOURSELF, reason="grants oneself")
    grantee = directory.member(context.unit, grant.userid)
    if grant.state is State.WAITING and grantee is not None:
        check(context.house.policy, replace(grant, asked_at=context.now), grantee)
    return _decided(context, grant, State.AGREED)


def reject(context: Context) -> Reply:
    return _decided(context, _clicked(context), State.REJECTED)


def withdraw(context: Context) -> Reply:
    """撤回: whoever asked takes it back before anybody decided."""
    grant = _clicked(context)
    if grant.given_by != context.actor.userid:
        raise Refused(UNKNOWN, reason="not the requester's")
    return _settled(context, grant, State.WITHDRAWN, "access.withdrawn")


def revoke(context: Context) -> Reply:
    """收回: over from this commit on; to take away needs no second person."""
    assert context.card is not None
    picked = context.update.answers.get(QUESTION, ())
    number = context.card.context.get("options", {}).get(picked[0]) if len(picked) == 1 else None
    if number is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    grant = load(context, number)
    reply = _settled(context, grant, State.WITHDRAWN, "access.revoked")
    return (*reply, *show_grants(context))


def _decided(context: Context, grant: Grant, state: State) -> Reply:
    if grant.given_by == context.actor.userid:
        raise Refused(OWN, reason="four eyes")
    return _settled(context, grant, state, f"access.{state.value}")


def _settled(context: Context, grant: Grant, state: State, action: str) -> Reply:
    """The first decision counts; every copy shows it, who asked and who it is about hear of it."""
    over = grant.state not in (State.WAITING, State.AGREED) or (state is not State.WITHDRAWN and _is_decided(grant))
    began = context.now if state is State.AGREED else grant.from_at
    after = replace(grant, state=state, from_at=began, decided_by=context.actor.userid, decided_at=context.now)
    if over or not grants.settle(context.unit, grant, after, action):
        return _came_late(context, load(context, grant.grant_id))
    face = verdict(context, after)
    others = retired_everywhere(context, subject_of(after), face)
    text = f"{line_of(context, after)}：{face}。"
    own = after.given_by == context.actor.userid or after.given_by.startswith("cli:")
    told = () if own else say(text, to=after.given_by, lane=Lane.DEADLINE)
    return (*_greyed(context, face), *say(text), *others, *told, *_to_grantee(context, grant, after))


def _is_decided(grant: Grant) -> bool:
    return grant.state is not State.WAITING


def _to_grantee(context: Context, before: Grant, after: Grant) -> Reply:
    until = moment_text(after.until_at, context.now)
    if after.state is State.AGREED and after.kind is not GrantKind.DENY:
        text = GIVEN.format(what=what(after), until=until, reason=after.reason)
    elif before.state is State.AGREED and after.kind is not GrantKind.DENY:
        text = TAKEN.format(what=what(after))
    else:
        return ()
    return say(text, to=after.userid, lane=Lane.DEADLINE)


def _came_late(context: Context, grant: Grant) -> Reply:
    return (*_greyed(context, verdict(context, grant)), *say(outcome(context, grant)))


def _greyed(context: Context, face: str) -> Reply:
    return (final_face(context.card, context.update, face),) if context.card is not None else ()


def present(context: Context, subject: str) -> Reply:
    """What became of a grant whose old card was clicked."""
    return say(outcome(context, load(context, subject.removeprefix(SUBJECT))))


def present_list(context: Context, _subject: str) -> Reply:
    return show_grants(context)


def _clicked(context: Context) -> Grant:
    assert context.card is not None
    return load(context, context.card.subject.removeprefix(SUBJECT))
