"""Who is signed in to the pages: opaque random tokens, of which only the digests are kept, with their ends.

A row is either a sign-in under way (no userid, a state, a target; five minutes) or a session (a userid; until it was
idle for so long, and no longer than the policy says). Both kinds of time are business time.
"""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from domain.ids import UserId
from storage import schema
from storage.unit import Unit

SIGN_IN_LIFETIME = timedelta(minutes=5)  # as long as WeCom's code lives (page 91022)
_COLUMNS = schema.web_session.c


class SignIn(NamedTuple):
    """What a browser takes along to WeCom: its own token, and the state that must come back with it."""

    token: str
    state: str


def begin(unit: Unit, target: str) -> SignIn:
    """A sign-in under way; `target` is our own path to go to afterwards. Anybody may begin one: dead rows go."""
    _forget_dead(unit)
    begun = SignIn(secrets.token_urlsafe(32), secrets.token_hex(16))
    unit.execute(
        schema.web_session.insert().values(
            id_hash=digest(begun.token),
            oauth_state=digest(begun.state),
            target=target,
            created_at=unit.now,
            expires_at=unit.now + SIGN_IN_LIFETIME,
        )
    )
    return begun


def _forget_dead(unit: Unit) -> None:
    unit.execute(schema.web_session.delete().where(_COLUMNS.expires_at <= unit.now))


def redeem(unit: Unit, token: str, state: str) -> str | None:
    """The target of this browser's own sign-in, once; None for any other state, browser or time."""
    here = sa.and_(_COLUMNS.id_hash == digest(token), _COLUMNS.oauth_state == digest(state))
    row = unit.row(sa.select(_COLUMNS.target).where(here, _COLUMNS.expires_at > unit.now))
    spent = row is not None and unit.changed(schema.web_session.delete().where(here))
    return row.target if row is not None and spent else None


def open_session(unit: Unit, person: UserId, idle: timedelta) -> str:
    """A session with a token nobody has seen before, so that none can be planted (fixation); it ends when it was `idle`
    for that long. Dead rows go.
    """
    _forget_dead(unit)
    token = secrets.token_urlsafe(32)
    unit.execute(
        schema.web_session.insert().values(
            id_hash=digest(token), userid=person, created_at=unit.now, expires_at=unit.now + idle
        )
    )
    return token


def resume(unit: Unit, token: str, idle: timedelta, within: timedelta) -> UserId | None:
    """Whose session this is, if it was opened `within` that time; looking extends it by `idle`."""
    session = sa.and_(_COLUMNS.id_hash == digest(token), _COLUMNS.userid.is_not(None))
    alive = sa.and_(session, _COLUMNS.expires_at > unit.now, _COLUMNS.created_at > unit.now - within)
    if not unit.changed(schema.web_session.update().where(alive).values(expires_at=unit.now + idle)):
        return None
    return UserId(unit.execute(sa.select(_COLUMNS.userid).where(session)).scalar_one())


def digest(token: str) -> str:
    """What is kept of a token, to know the same session again."""
    return sha256(token.encode()).hexdigest()


def end_all(unit: Unit, person: UserId) -> None:
    """Sign a person out everywhere."""
    unit.execute(schema.web_session.delete().where(_COLUMNS.userid == person))
