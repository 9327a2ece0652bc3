"""Signing in to the pages with WeCom's word for who somebody is; what they may see is decided at every page anew."""

from datetime import timedelta

from domain.ids import UserId
from domain.limit import LimitKey
from domain.refusal import Refused
from handlers.context import House
from storage import directory, sessions
from storage.sessions import SignIn
from storage.unit import Unit

FRESH = timedelta(minutes=5)
"""For so long after a sign-in WeCom's word counts as given just now."""
EXPIRED = "登录已失效，请从企业微信里的卡片重新打开。"


def begin(unit: Unit, target: str) -> SignIn:
    """Send a browser off to WeCom; `target` is our own path to come back to."""
    return sessions.begin(unit, target)


def returned(unit: Unit, token: str, state: str) -> str:
    """Where the browser that just came back from WeCom wanted to go; raises Refused for a strange or spent state."""
    target = sessions.redeem(unit, token, state)
    if target is None:
        raise Refused(EXPIRED, reason="sign-in not ours")
    return target


def finish(unit: Unit, house: House, person: UserId) -> str | Refused:
    """The token of a new session, for an active member alone: WeCom names people outside our range too (page 91023).

    A refusal is returned, not raised, so that it stays on record.
    """
    unit.actor = person
    member = directory.member(unit, person)
    if member is None or not member.active:
        unit.audit("session.refused", f"staff:{person}", {"reason": "not an active member"})
        return Refused(house.pack.texts.unknown_member, reason="not an active member")
    unit.audit("session.opened", f"staff:{person}")
    return sessions.open_session(unit, person, _idle(house))


def signed_in(unit: Unit, house: House, token: str) -> UserId | None:
    """Whose session this is, as long as it lasts; looking extends it."""
    return sessions.resume(unit, token, _idle(house), house.policy.limits[LimitKey.SESSION_HOURS].hours)


def vouched_for(unit: Unit, house: House, token: str) -> UserId | None:
    """The same where WeCom vouched for them just now: who picks up a phone that was left open is not meant."""
    return sessions.resume(unit, token, _idle(house), FRESH)


def _idle(house: House) -> timedelta:
    return house.policy.limits[LimitKey.SESSION_MINUTES].minutes
