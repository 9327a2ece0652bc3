"""access_token and OAuth codes: who may call, for how long (business time)."""

import secrets
from collections import deque

from simulator.clock import BusinessClock, machine
from simulator.errors import ApiError

LIFE = 7200
CODE_LIFE = 300
BAN_SECONDS = 3600


class Tokens:
    """One token at a time; asking again within its life gives the same one."""

    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock
        self._token, self._until = "", 0
        self._expired: set[str] = set()
        self._failures: deque[float] = deque()
        self._banned_until = 0.0

    def issue(self) -> tuple[str, int]:
        """The token and the seconds it has left."""
        now = self._clock.epoch()
        if now >= self._until:
            self._expired.add(self._token)
            self._token, self._until = secrets.token_urlsafe(64), now + LIFE
        return self._token, self._until - now

    def check(self, token: str | None) -> None:
        if not token:
            raise ApiError(41001, "access_token missing")
        if token in self._expired or (token == self._token and self._clock.epoch() >= self._until):
            raise ApiError(42001, "access_token expired")
        if token != self._token:
            raise ApiError(40014, "invalid access_token")

    def reset(self) -> None:
        """Invalidate early; the old token becomes 40014, not 42001."""
        self._token, self._until = "", 0

    def note_wrong_secret(self, limit: int) -> None:
        now = machine()
        self._failures.append(now)
        while self._failures and self._failures[0] < now - BAN_SECONDS:
            self._failures.popleft()
        if len(self._failures) >= limit:
            self._banned_until = now + BAN_SECONDS

    def check_ban(self) -> None:
        if machine() < self._banned_until:
            raise ApiError(45009, "api freq out of limit")


class OAuthCodes:
    """Codes of the login redirect: one use, five minutes."""

    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock
        self._codes: dict[str, tuple[str, int]] = {}

    def issue(self, userid: str) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = (userid, self._clock.epoch() + CODE_LIFE)
        return code

    def redeem(self, code: str) -> str:
        userid, until = self._codes.pop(code, ("", 0))
        if self._clock.epoch() >= until:
            raise ApiError(40029, "invalid code")
        return userid
