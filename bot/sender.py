"""The sender: takes leased rows from the outbox to WeCom, and settles what became of them (design decision 6)."""

import asyncio
import secrets

import orjson
import structlog
from prometheus_client import Counter

from bot.clock import HouseClock
from bot.menu import Menu
from bot.retry import (
    CERTAIN_WITHIN,
    CONFIG_SECONDS,
    EXPLANATIONS,
    RESPONSE_CODE_USED,
    WAIT_SECONDS,
    RetryClass,
    class_of,
    pause_after,
)
from bot.wecom_client import WecomClient, WecomError, WecomUnknown, WecomUnreached
from storage import card_rows, outbox, visits
from storage.database import Database
from storage.outbox import Allowance, Lane, Outgoing, OutKind
from storage.unit import Unit
from storage.vault import VaultError

LEASE_SECONDS = 40.0  # more than three times a call's limit
AT_ONCE = 32
IDLE_SECONDS = 1.0
BUSY_MICROSECONDS = 10 * 60 * 1_000_000  # how long an open conversation holds back what is not an answer
SENT = Counter("rmbot_outbox_total", "Outgoing messages by kind and end", ["kind", "end"])

log = structlog.get_logger("sender")


class Sender:
    """One per process; replicas share the work by leases."""

    def __init__(
        self, database: Database, wecom: WecomClient, clock: HouseClock, allowance: Allowance, menu: Menu
    ) -> None:
        self._database, self._wecom, self._clock, self._allowance = database, wecom, clock, allowance
        self._menu = menu
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._hold_until = 0.0
        self._stopping = False

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._database.on_outgoing = lambda: _wake(loop, self._wake)
        self._loop = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Finish what is on its way. A claim is not broken off: its rows would wait for the end of their lease."""
        self._stopping = True
        self._wake.set()
        if self._loop is not None:
            await asyncio.gather(self._loop, return_exceptions=True)
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _serve(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                taken = await self._take()
            except Exception as error:
                log.error("outbox_unreadable", error=type(error).__name__)
                taken = 0
            if not taken:
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return

    async def _take(self) -> int:
        """Lease what may go now and send it, several persons side by side."""
        room = AT_ONCE - len(self._running)
        if room <= 0 or self._clock.machine() < self._hold_until:
            return 0
        rows = await self._database.do(lambda unit: self._claim(unit, room), "outbox.claim")
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._running.add(task)
            task.add_done_callback(self._finished)
        return len(rows)

    def _claim(self, unit: Unit, room: int) -> list[Outgoing]:
        return outbox.claim(
            unit,
            token=secrets.token_hex(8),
            lease_seconds=LEASE_SECONDS,
            limit=room,
            allowance=self._allowance,
            busy_microseconds=BUSY_MICROSECONDS,
        )

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("delivery_failed", error=type(task.exception()).__name__)

    async def _deliver(self, row: Outgoing) -> None:
        try:
            if self._too_doubtful(row):
                log.error("outbox_ambiguous", row=row.id)
                return await self._end(row, outbox.AMBIGUOUS, error="no answer for hours")
            await self._call(row)
        except WecomError as error:
            await self._refused(row, error)
        except WecomUnreached as error:
            await self._later(row, pause_after(row.attempts), str(error), charged=True)
        except WecomUnknown as error:
            await self._unknown(row, str(error))
        except VaultError as error:
            log.error("payload_unreadable", row=row.id)
            await self._end(row, outbox.DEAD, error=str(error))
        except Exception as error:
            log.error("delivery_failed", row=row.id, error=type(error).__name__)
            await self._unknown(row, type(error).__name__)

    def _too_doubtful(self, row: Outgoing) -> bool:
        """A try nobody answered, so long ago that WeCom would not swallow the double: an operator decides."""
        if row.first_try is None or row.kind in (OutKind.FETCH, OutKind.MENU):
            return False
        return self._clock.machine() - row.first_try > CERTAIN_WITHIN

    async def _call(self, row: Outgoing) -> None:
        if row.kind == OutKind.FETCH:
            return await self._fetch(row)
        if row.kind == OutKind.UPDATE:
            return await self._update(row)
        if row.kind == OutKind.MENU:
            await self._menu.renew()
            return await self._end(row, outbox.SENT)
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
        if error.errcode == RESPONSE_CODE_USED:
            return await self._too_late(row)
        if kind in (RetryClass.SOON, RetryClass.TOKEN):  # a token refused twice may be good the next second
            return await self._later(row, pause_after(row.attempts), str(error), charged=True)
        if kind is RetryClass.WAIT:
            self._hold_until = self._clock.machine() + WAIT_SECONDS
            return await self._later(row, WAIT_SECONDS, str(error), charged=False)
        if kind is RetryClass.CONFIG:
            log.error("wecom_misconfigured", errcode=error.errcode, what_to_do=EXPLANATIONS.get(error.errcode, ""))
            self._hold_until = self._clock.machine() + CONFIG_SECONDS
            return await self._later(row, CONFIG_SECONDS, str(error), charged=False)
        return await self._end(row, outbox.DEAD, errcode=error.errcode, error=str(error))

    async def _unknown(self, row: Outgoing, error: str) -> None:
        """The same bytes again while WeCom would swallow a double."""
        due = self._clock.machine() + pause_after(row.attempts)
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


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """From the writer's thread; a loop that is already closed has nobody left to wake."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)


def _names(skipped: object, row: Outgoing) -> bool:
    """Whether a `|`-joined list of skipped userids names the recipient (userids come back lower-cased)."""
    return row.recipient in str(skipped or "").lower().split("|")
