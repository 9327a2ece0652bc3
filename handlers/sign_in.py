"""Signing in to the pages with WeCom's word for who somebody is; what they may see is decided at every page anew."""

from domain.ids import UserId
from domain.refusal import Refused
from handlers.context import House
from storage import directory, sessions
from storage.sessions import SignIn
from storage.unit import Unit

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
    return sessions.open_session(unit, person)
