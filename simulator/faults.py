"""Switches that make the next API calls fail in a chosen way."""

from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("errcode", "http", "timeout_before", "timeout_after", "delay")


@dataclass(slots=True)
class Failure:
    """`times` calls of `path` (or `*`) fail as `kind` says; `value` is an errcode, a status or seconds."""

    path: str
    kind: str
    value: float
    times: int = 1


class Failures:
    """The failures still to come."""

    def __init__(self) -> None:
        self._queue: list[Failure] = []

    def add(self, failure: Failure) -> None:
        if failure.kind not in KINDS:
            raise ValueError(f"kind 只能是 {'、'.join(KINDS)}")
        self._queue.append(failure)

    def take(self, path: str) -> Failure | None:
        """The failure that hits this call, used up once."""
        for failure in self._queue:
            if failure.path in (path, "*"):
                failure.times -= 1
                if failure.times <= 0:
                    self._queue.remove(failure)
                return failure
        return None

    def clear(self) -> None:
        self._queue.clear()

    def json(self) -> list[dict[str, Any]]:
        return [asdict(failure) for failure in self._queue]
