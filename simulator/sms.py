"""What the SMS gateway took: the same id twice is the same message."""

from dataclasses import asdict, dataclass
from typing import Any

from simulator.errors import Refused


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

    def take(self, id_: str, mobile: str, text: str, at: str) -> None:
        """Keep a new one, count a known one; the same id with other words is a mistake of who sends, and is told."""
        known = self._by_id.get(id_)
        if known is None:
            self._by_id[id_] = Sms(id_, mobile, text, at)
        elif (known.mobile, known.text) != (mobile, text):
            raise Refused("同一个 id 是同一条短信，号码和内容不能变", 400)
        else:
            known.copies += 1

    def all(self) -> list[Sms]:
        return list(self._by_id.values())

    def json(self) -> list[dict[str, Any]]:
        return [asdict(sms) for sms in self._by_id.values()]

    def clear(self) -> None:
        self._by_id.clear()
