"""One message on its way: to WeCom, and what became of it written on its row (design decision 6)."""

import orjson
import structlog
from prometheus_client import Counter

from bot.clock import HouseClock
from bot.retry import (
    AWAY_PAUSES,
    CERTAIN_WITHIN,
    CONFIG_PAUSES,
    EXPLANATIONS,
    RESPONSE_CODE_USED,
    WAIT_PAUSES,
    RetryClass,
    class_of,
    pause_after,
)
from bot.valve import Valve
from bot.wecom_client import WecomClient, WecomError, WecomUnknown, WecomUnreached
from storage import card_rows, outbox, visits
from storage.database import Database
from storage.outbox import Lane, Outgoing, OutKind
from storage.unit import Unit
from storage.vault import VaultError

SENT = Counter("rmbot_outbox_total", "Outgoing messages by kind and end", ["kind", "end"])

log = structlog.get_logger("sender")


class Delivery:
    """Calls WeCom for a leased row and settles it; tells the valve how the call went."""

    def __init__(self, database: Database, wecom: WecomClient, clock: HouseClock, valve: Valve) -> None:
        self._database, self._wecom, self._clock, self._valve = database, wecom, clock, valve

    async def deliver(self, row: Outgoing) -> None:
        """Call, and write on the row what became of it."""
        try:
            if self._too_doubtful(row):
                log.error("outbox_ambiguous", row=row.id)
                return await self._end(row, outbox.AMBIGUOUS, error="no answer for hours")
            await self._call(row)
            await self._served()
        except WecomError as error:
            await self._refused(row, error)
        except WecomUnreached as error:
            await self._later(row, self._unserved(row, str(error)), str(error), charged=True)
        except WecomUnknown as error:
            await self._unknown(row, self._unserved(row, str(error)), str(error))
        except VaultError as error:
            log.error("payload_unreadable", row=row.id)
            await self._end(row, outbox.DEAD, error=str(error))
        except Exception as error:
            log.error("delivery_failed", row=row.id, error=type(error).__name__)
            await self._unknown(row, pause_after(row.attempts), type(error).__name__)

    def _too_doubtful(self, row: Outgoing) -> bool:
        """A try nobody answered, so long ago that WeCom would not swallow the double: an operator decides."""
        if row.first_try is None or row.kind == OutKind.FETCH:
            return False
        return self._clock.machine() - row.first_try > CERTAIN_WITHIN

    async def _call(self, row: Outgoing) -> None:
        if row.kind == OutKind.FETCH:
            return await self._fetch(row)
        if row.kind == OutKind.UPDATE:
            return await self._update(row)
        answer = await self._wecom.call("POST", "message/send", body=row.body)
        skipped = next((name for name in ("invaliduser", "unlicenseduser") if _names(answer.get(name), row)), None)
        if skipped is not None:
            log.warning("recipient_skipped", row=row.id, why=skipped)
            return await self._end(row, outbox.DEAD, error=skipped)
        await self._sent(row, str(answer.get("msgid", "")), answer.get("response_code"))
        return None

    async def _sent(self, row: Outgoing, msgid: str, response_code: str | None) -> None:
        def settle(unit: Unit) -> None:
            outbox.settle(unit, row, outbox.SENT, wecom_msgid=msgid, errcode=0)
            if row.task_id is not None and response_code:
                card_rows.keep_code(unit, row.task_id, response_code)

        await self._database.do(settle, "outbox.sent")
        SENT.labels(row.kind, outbox.SENT).inc()

    async def _update(self, row: Outgoing) -> None:
        body = orjson.loads(row.body)
        body.pop("fallback")
        await self._wecom.call("POST", "message/update_template_card", body=orjson.dumps(body))
        await self._end(row, outbox.SENT)

    async def _fetch(self, row: Outgoing) -> None:
        wanted = orjson.loads(row.body)
        content, kind = await self._wecom.download(wanted["media_id"])

        def keep(unit: Unit) -> None:
            if outbox.settle(unit, row, outbox.SENT):
                visits.keep_photo(unit, wanted["photo"], content, kind)

        await self._database.do(keep, "photo.keep")
        SENT.labels(row.kind, outbox.SENT).inc()

    async def _end(self, row: Outgoing, state: str, **values: object) -> None:
        await self._database.do(lambda unit: outbox.settle(unit, row, state, **values), f"outbox.{state}")
        SENT.labels(row.kind, state).inc()

    async def _later(self, row: Outgoing, seconds: float, error: str, *, charged: bool) -> None:
        due = self._clock.machine() + seconds
        await self._database.do(lambda unit: outbox.postpone(unit, row, due, error, charged=charged), "outbox.later")

    async def _refused(self, row: Outgoing, error: WecomError) -> None:
        kind = class_of(error.errcode)
        log.warning("wecom_refused", row=row.id, errcode=error.errcode, hint=error.hint, retry=kind.value)
        if kind in (RetryClass.SOON, RetryClass.TOKEN):  # a token refused twice may be good the next second
            pauses = CONFIG_PAUSES if kind is RetryClass.TOKEN else AWAY_PAUSES
            return await self._later(row, self._unserved(row, str(error), pauses), str(error), charged=True)
        if kind in (RetryClass.WAIT, RetryClass.CONFIG):
            return await self._held(row, error, WAIT_PAUSES if kind is RetryClass.WAIT else CONFIG_PAUSES)
        await self._served()
        if error.errcode == RESPONSE_CODE_USED:
            return await self._too_late(row)
        return await self._end(row, outbox.DEAD, errcode=error.errcode, error=str(error))

    async def _held(self, row: Outgoing, error: WecomError, pauses: tuple[float, ...]) -> None:
        """Not the message's fault: everything waits with it, and this one lets another go and see first."""
        if pauses is CONFIG_PAUSES:
            log.error("wecom_misconfigured", errcode=error.errcode, what_to_do=EXPLANATIONS.get(error.errcode, ""))
        self._valve.close(self._clock.machine(), pauses)
        await self._later(row, pauses[-1] + 1, str(error), charged=False)

    def _unserved(self, row: Outgoing, why: str, pauses: tuple[float, ...] = AWAY_PAUSES) -> float:
        """Seconds until this message is tried again: its own pause, or its turn to go and see."""
        self._valve.unserved(self._clock.machine(), pauses)
        log.warning("wecom_unserved", row=row.id, why=why, all_wait=self._valve.closed)
        own = pause_after(row.attempts)
        return min(own, pauses[-1] + 1) if self._valve.closed else own

    async def _served(self) -> None:
        """What waits for WeCom to be back waits no longer."""
        if self._valve.served(self._clock.machine()):
            log.info("wecom_back")
            await self.free()

    async def free(self) -> None:
        """Everything that failed and waits for its next try is due now."""
        await self._database.do(outbox.wake, "outbox.wake")

    async def _unknown(self, row: Outgoing, seconds: float, error: str) -> None:
        """The same bytes again while WeCom would swallow a double."""
        due = self._clock.machine() + seconds
        await self._database.do(lambda unit: outbox.doubt(unit, row, due, error), "outbox.doubt")

    async def _too_late(self, row: Outgoing) -> None:
        """The card takes no update: it was ours if a try before had no answer, else say it in words."""
        if row.first_try is not None:
            return await self._end(row, outbox.SENT, errcode=RESPONSE_CODE_USED)
        body = orjson.loads(row.body)
        if not body["fallback"]:
            return await self._end(row, outbox.SUPERSEDED, errcode=RESPONSE_CODE_USED)

        def say_instead(unit: Unit) -> None:
            if not outbox.settle(unit, row, outbox.SUPERSEDED, errcode=RESPONSE_CODE_USED):
                return
            outbox.put(
                unit,
                msg_key=f"{row.msg_key}:said",
                lane=Lane.INTERACTIVE,
                kind=OutKind.SEND,
                recipient=row.recipient,
                body={
                    "touser": body["userids"][0],
                    "agentid": body["agentid"],
                    "msgtype": "text",
                    "text": {"content": f"{body['fallback']}〔{row.id}〕"},
                    "enable_duplicate_check": 1,
                    "duplicate_check_interval": 14400,
                },
                task_id=None,
            )

        return await self._database.do(say_instead, "outbox.fallback")


def _names(skipped: object, row: Outgoing) -> bool:
    """Whether a `|`-joined list of skipped userids names the recipient (userids come back lower-cased)."""
    return row.recipient in str(skipped or "").lower().split("|")
