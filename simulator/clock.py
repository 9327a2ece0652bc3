"""Two kinds of time: the bank's movable clock, and the machine's, which nobody moves."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class BusinessClock:
    """Wall-clock time plus an offset; it keeps running after every move."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta()
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        return datetime.now(SHANGHAI) + self._offset

    def epoch(self) -> int:
        return int(self.now().timestamp())

    def advance(self, by: timedelta) -> None:
        self._offset += by

    def set(self, moment: datetime) -> None:
        self._offset = moment.astimezone(SHANGHAI) - datetime.now(SHANGHAI)

    def iso(self) -> str:
        return self.now().isoformat(timespec="milliseconds")


def machine() -> float:
    """Seconds of a clock that never jumps: rates, deadlines, the duplicate window."""
    return time.monotonic()
