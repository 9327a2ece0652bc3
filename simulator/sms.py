"""The SMS gateway: the same id twice is the same message."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Sms:
    """One short message; `copies` counts how often it was handed in."""

    id: str
    mobile: str
    text: str
    at: str
    copies: int = 1


class Inbox:
    """Everything the gateway took."""

    def __init__(self) -> None:
        self._by_id: dict[str, Sms] = {}

    def take(self, id_: str, mobile: str, text: str, at: str) -> bool:
        """True when it is new."""
        if known := self._by_id.get(id_):
            known.copies += 1
            return False
        self._by_id[id_] = Sms(id_, mobile, text, at)
        return True

    def all(self) -> list[Sms]:
        return list(self._by_id.values())

    def json(self) -> list[dict[str, Any]]:
        return [asdict(sms) for sms in self._by_id.values()]

    def clear(self) -> None:
        self._by_id.clear()
