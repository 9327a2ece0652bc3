"""What every SMS gateway is to us: hand a message over, or look whether one could."""

from typing import Protocol

from bot.retry import RetryClass


class SmsRefused(Exception):
    """The gateway said no; its text is for operators and names neither the number nor the message."""

    def __init__(self, kind: RetryClass, code: str, explanation: str = "") -> None:
        super().__init__(f"{explanation}（{code}）" if explanation else code)
        self.kind, self.code, self.explanation = kind, code, explanation


class SmsProvider(Protocol):
    """One gateway. Calls raise SmsRefused, Unreached (nothing left) or Unanswered (nobody knows)."""

    repeatable: bool
    """Whether the same id twice is the same message, so that a try without an answer may be repeated."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, id: str, mobile: str, text: str) -> str:
        """Hand a message over; the gateway's own number for it, to ask after it."""

    async def look(self) -> None:
        """Whether a message could be sent now; sends none."""
