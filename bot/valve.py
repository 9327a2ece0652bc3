"""How much may leave on a way out now: everything; nothing for a while; then one message at a time, to see whether it
is served again.
"""

import math

from bot.retry import AWAY_PAUSES, pause_after

AWAY_AFTER = 3  # calls in a row without service; one or two are the trouble of those messages


class Valve:
    """One per way out, in machine time. What closes it is no message's fault: an outage, a limit, a setting."""

    def __init__(self) -> None:
        self._until = -math.inf
        self._closings = self._unserved = 0

    @property
    def closed(self) -> bool:
        return self._closings > 0

    def room(self, now: float, running: int, at_once: int) -> int:
        """How many more calls may begin."""
        if now < self._until:
            return 0
        return max(0, (1 if self.closed else at_once) - running)

    def unserved(self, now: float, pauses: tuple[float, ...] = AWAY_PAUSES) -> None:
        """A call ended without service: the first two are put down to their messages."""
        self._unserved += 1
        if self.closed or self._unserved >= AWAY_AFTER:
            self.close(now, pauses)

    def close(self, now: float, pauses: tuple[float, ...]) -> None:
        """Nothing leaves for a pause, longer after each message that went to see in vain."""
        if now >= self._until:
            self._closings += 1
        self._until = max(self._until, now + pause_after(self._closings, pauses))

    def served(self, now: float) -> bool:
        """The other side did its work; True when that opens the valve. A call from before it closed says nothing."""
        if now < self._until:
            return False
        opened = self.closed
        self._closings = self._unserved = 0
        return opened
