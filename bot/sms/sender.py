"""The SMS channel: text messages from the outbox to the gateway, and the operators told when one is lost."""

from datetime import datetime

import orjson
import structlog

from bot.channel import Channel
from bot.clock import HouseClock
from bot.retry import RetryClass
from bot.sms.port import SmsProvider, SmsRefused
from handlers.context import House
from handlers.speaking import tell
from handlers.texting import undelivered
from storage import outbox, sms
from storage.database import Database
from storage.outbox import Outgoing, OutKind
from storage.unit import Unit

log = structlog.get_logger("sms")


class SmsSender(Channel):
    """Knows nothing of WeCom: neither its outages nor its limits nor an open talk hold a text message back."""

    def __init__(self, database: Database, provider: SmsProvider, clock: HouseClock, house: House) -> None:
        super().__init__(database, clock)
        self._provider, self._house = provider, house

    async def start(self) -> None:
        await self._provider.start()
        await super().start()

    async def stop(self) -> None:
        await super().stop()
        await self._provider.stop()

    def _claim(self, unit: Unit, token: str, lease_seconds: float, limit: int) -> list[Outgoing]:
        return sms.claim(unit, token=token, lease_seconds=lease_seconds, limit=limit)

    def _too_doubtful(self, row: Outgoing) -> bool:
        """A sender died with it in hand; where a repeat is a second message, nobody repeats it."""
        return row.first_try is not None and not self._provider.repeatable

    def _wake_all(self, unit: Unit) -> None:
        sms.wake(unit)

    async def _attempt(self, row: Outgoing) -> bool:
        message = orjson.loads(row.body)
        if row.kind == OutKind.CODE and self._clock.business() >= datetime.fromisoformat(message["until"]):
            await self._end(row, outbox.DEAD, error="too late")
            return True
        try:
            receipt = await self._provider.send(row.msg_key, message["mobile"], message["text"])
        except SmsRefused as refusal:
            await self._turned_down(row, refusal)
            return False
        log.info("sms_sent", id=row.msg_key, receipt=receipt)
        await self._end(row, outbox.SENT)
        return True

    async def _turned_down(self, row: Outgoing, refusal: SmsRefused) -> None:
        log.warning("sms_refused", id=row.msg_key, why=refusal.code, retry=refusal.kind.value)
        if refusal.kind is RetryClass.CONFIG:
            log.error("sms_misconfigured", why=refusal.code, what_to_do=refusal.explanation)
        await self._refused(row, refusal.kind, str(refusal))

    async def _leave_to_operator(self, row: Outgoing, why: str) -> None:
        """A code in doubt is nobody's to send again: who did not get it asks for another."""
        if row.kind == OutKind.CODE:
            return await self._end(row, outbox.DEAD, error=why)
        return await super()._leave_to_operator(row, why)

    async def _unknown(self, row: Outgoing, error: str) -> None:
        if not self._provider.repeatable:
            return await self._leave_to_operator(row, error)
        log.warning("sms_unanswered", id=row.msg_key, why=error)
        return await super()._unknown(row, error)

    def _ended(self, unit: Unit, row: Outgoing, state: str, why: str) -> None:
        """In the commit that gives it up, so that the operators hear of it once; who waits for a code sees that none
        came, and nothing of it stays.
        """
        if row.kind == OutKind.CODE:
            sms.forget(unit, row)
            if state != outbox.SENT:
                unit.audit("code.dead", row.msg_key, {"to": row.recipient, "why": why})
        elif state != outbox.SENT:
            tell(unit, self._house, f"lost:{row.msg_key}:{row.lease_token}", undelivered(unit, row, state, why))
