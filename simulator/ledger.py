"""The account of everything the application asked WeCom to do; crash tests take their verdict from it."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Delivery:
    """What became of one message for one person: delivered, dropped_minute, dropped_hour."""

    userid: str
    fate: str
    bubble: str = ""


@dataclass(slots=True)
class Call:
    """One API call. `violations` are documented limits that WeCom does not refuse (it truncates or ignores)."""

    id: int
    at: str
    path: str
    body: Any
    response: Any = None
    status: int = 200
    ms: float = 0.0
    fault: str | None = None
    duplicate: bool = False
    violations: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        return asdict(self)


class Ledger:
    """All calls in order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._last = 0

    def open(self, at: str, path: str, body: Any) -> Call:
        self._last += 1
        call = Call(self._last, at, path, body)
        self.calls.append(call)
        return call

    def since(self, after: int, path: str) -> list[Call]:
        return [call for call in self.calls if call.id > after and path in ("", call.path)]

    def violations(self) -> list[dict[str, Any]]:
        return [{"ledger": c.id, "path": c.path, "text": text} for c in self.calls for text in c.violations]

    def deliveries(self) -> list[dict[str, Any]]:
        return [
            {"ledger": call.id, "at": call.at, "body": call.body, **asdict(delivery)}
            for call in self.calls
            for delivery in call.deliveries
        ]

    def clear(self) -> None:
        self.calls.clear()
