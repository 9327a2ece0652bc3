"""How long to wait after failures in a row: 10 ms, doubling to a second, never in step with others."""

import random

FIRST, LONGEST = 0.010, 1.0


class Patience:
    """One per thread that tries again."""

    def __init__(self) -> None:
        self._failures = 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> float:
        """Seconds to wait now."""
        seconds = min(FIRST * 2.0 ** min(self._failures, 10), LONGEST)
        self._failures += 1
        return seconds * random.uniform(0.5, 1.0)
