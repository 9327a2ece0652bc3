"""The sender: takes leased rows from the outbox to WeCom, and settles what became of them (design decision 6)."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import structlog

from bot import drawing
from bot.channel import SENT, Channel
from bot.clock import HouseClock
from bot.menu import Menu
from bot.retry import CERTAIN_WITHIN, EXPLANATIONS, MEDIA_GONE, RESPONSE_CODE_USED, RetryClass, class_of
from bot.sweep import MemberSweep
from bot.wecom_client import WecomClient, WecomError
from domain.ids import UserId
from handlers import photo
from handlers.context import House
from handlers.speaking import tell, unmade
from storage import card_rows, outbox, paper_files, photos, wecom
from storage.database import Database
from storage.outbox import Lane, Outgoing, OutKind
from storage.unit import Unit
from storage.wecom import Allowance

BUSY_MICROSECONDS = 10 * 60 * 1_000_000  # how long an open conversation holds back what is not an answer

_MADE = frozenset({OutKind.DRAW, OutKind.FILE})
"""What becomes a message once it is uploaded."""
_GONE = f"errcode {MEDIA_GONE}"
_HARMLESS = _MADE | frozenset({OutKind.FETCH, OutKind.MEMBERS, OutKind.MENU})
"""What may be done twice."""

log = structlog.get_logger("sender")


class Sender(Channel):
    """WeCom's way out."""

    def __init__(
        self,
        database: Database,
        wecom: WecomClient,
        clock: HouseClock,
        house: House,
        allowance: Allowance,
        menu: Menu,
        sweep: MemberSweep,
        fonts: Path | None = None,
    ) -> None:
        super().__init__(database, clock)
        self._wecom, self._allowance, self._menu, self._house = wecom, allowance, menu, house
        self._sweep, self._fonts = sweep, fonts

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._database.on_outgoing = lambda: _wake(loop, self._wake)
        await self.free()  # a restart may be the cure: settings are read anew
        await super().start()

    def _claim(self, unit: Unit, token: str, lease_seconds: float, limit: int) -> list[Outgoing]:
        return wecom.claim(
            unit,
            token=token,
            lease_seconds=lease_seconds,
            limit=limit,
            allowance=self._allowance,
            busy_microseconds=BUSY_MICROSECONDS,
        )

    def _too_doubtful(self, row: Outgoing) -> bool:
        """A try nobody answered, so long ago that WeCom would not swallow the double."""
        if row.first_try is None or row.kind in _HARMLESS:
            return False
        return self._clock.machine() - row.first_try > CERTAIN_WITHIN

    def _wake_all(self, unit: Unit) -> None:
        outbox.wake(unit)

    async def _attempt(self, row: Outgoing) -> bool:
        try:
            await self._call(row)
        except WecomError as error:
            await self._turned_down(row, error)
            return False
        return True

    async def _call(self, row: Outgoing) -> None:
        if row.kind == OutKind.FETCH:
            return await self._fetch(row)
        if row.kind == OutKind.UPDATE:
            return await self._update(row)
        if row.kind == OutKind.DRAW:
            return await self._draw(row)
        if row.kind == OutKind.FILE:
            return await self._attach(row)
        if row.kind == OutKind.MENU:
            await self._menu.renew()
            return await self._end(row, outbox.SENT)
        if row.kind == OutKind.MEMBERS:
            return await self._sweep.go_on(row)
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
                photos.keep(unit, wanted["photo"], content, kind)

        await self._database.do(keep, "photo.keep")
        SENT.labels(row.kind, outbox.SENT).inc()

    async def _draw(self, row: Outgoing) -> None:
        """Drawn and uploaded, the row becomes the message that shows it."""
        body = orjson.loads(row.body)
        try:
            content = await asyncio.to_thread(drawing.draw, body.pop("picture"), self._fonts)
        except drawing.CannotDraw as error:
            log.error("picture_not_drawn", row=row.id, why=str(error))
            return await self._end(row, outbox.DEAD, error=str(error))
        media = await self._wecom.upload("image", "chart.png", "image/png", content)
        return await self._becomes(row, body, "image", media)

    async def _attach(self, row: Outgoing) -> None:
        """Uploaded anew for each message: the same file to the same person twice is two messages, not a double."""
        body = orjson.loads(row.body)
        wanted = body.pop("file")
        content = await self._database.read(lambda unit: paper_files.content(unit, wanted["digest"]))
        if content is None:
            log.error("file_unknown", row=row.id, digest=wanted["digest"])
            return await self._end(row, outbox.DEAD, error="no such file")
        media = await self._wecom.upload("file", wanted["name"], "application/pdf", content)
        return await self._becomes(row, body, "file", media)

    async def _becomes(self, row: Outgoing, body: dict[str, Any], kind: str, media: str) -> None:
        message = {**body, "msgtype": kind, kind: {"media_id": media}}
        await self._database.do(lambda unit: outbox.becomes(unit, row, message), "outbox.drawn")

    def _ended(self, unit: Unit, row: Outgoing, state: str, why: str) -> None:
        """In the commit that gives something up, so that who waits for it hears of it once."""
        if row.kind == OutKind.FETCH and state == outbox.DEAD:
            tell(unit, self._house, f"lost:{row.msg_key}", photo.lost(unit, row.msg_key))
        if state == outbox.DEAD and (row.kind in _MADE or (row.kind == OutKind.SEND and why.startswith(_GONE))):
            unmade(unit, self._house, row.kind, UserId(row.recipient), f"unmade:{row.msg_key}")

    async def _turned_down(self, row: Outgoing, error: WecomError) -> None:
        kind = class_of(error.errcode)
        log.warning("wecom_refused", row=row.id, errcode=error.errcode, hint=error.hint, retry=kind.value)
        if error.errcode == RESPONSE_CODE_USED:
            await self._served()
            return await self._too_late(row)
        if kind is RetryClass.CONFIG:
            log.error("wecom_misconfigured", errcode=error.errcode, what_to_do=EXPLANATIONS.get(error.errcode, ""))
        return await self._refused(row, kind, str(error), errcode=error.errcode)

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
