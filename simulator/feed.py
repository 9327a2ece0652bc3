"""What changed, in order, and a way to wait for more."""

import asyncio
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `ref` is a bubble id for kind `bubble`."""

    seq: int
    kind: str
    userid: str = ""
    ref: str = ""


class Feed:
    """A bounded list of changes; readers say the last number they know."""

    def __init__(self, keep: int = 20_000) -> None:
        self.seq = 0
        self._changes: deque[Change] = deque(maxlen=keep)
        self._waiters: set[asyncio.Future[None]] = set()

    def publish(self, kind: str, userid: str = "", ref: str = "") -> int:
        self.seq += 1
        self._changes.append(Change(self.seq, kind, userid, ref))
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        return self.seq

    def since(self, after: int, userid: str = "") -> list[Change]:
        """Changes after `after`, the newest of each bubble only."""
        newest: dict[tuple[str, str], Change] = {}
        for change in reversed(self._changes):
            if change.seq <= after:
                break
            if not userid or change.userid in ("", userid):
                newest.setdefault((change.kind, change.ref), change)
        return sorted(newest.values(), key=lambda change: change.seq)

    async def wait(self, after: int, seconds: float, userid: str = "") -> list[Change]:
        """Changes after `after`, waiting up to `seconds` for the first."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (changes := self.since(after, userid)) and (left := deadline - loop.time()) > 0:
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.add(waiter)
            await asyncio.wait([waiter], timeout=left)
            self._waiters.discard(waiter)
        return changes
