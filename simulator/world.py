"""The whole simulated world in one place: what exists, and the few things everything else needs to do with it."""

import hashlib
import secrets
from collections import defaultdict
from typing import Any

from simulator.clock import BusinessClock, machine
from simulator.delivery import Callback, Courier
from simulator.directory import Department, Directory, Member
from simulator.faults import Failures
from simulator.feed import Feed
from simulator.ledger import Ledger
from simulator.media import MediaStore
from simulator.settings import AppConfig, Settings
from simulator.sms import Inbox
from simulator.timeline import Sent, Timeline
from simulator.tokens import OAuthCodes, Tokens
from simulator.webview import WebViews


class Rates:
    """How many messages each member got; too many are dropped without a word (machine time)."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = defaultdict(list)

    def fate(self, userid: str, settings: Settings) -> str:
        """Count one message: delivered, dropped_minute or dropped_hour."""
        times, now = self._times[userid], machine()
        if len(times) > 2 * settings.per_hour:
            del times[: -settings.per_hour]
        for limit, seconds, fate in (
            (settings.per_minute, 60, "dropped_minute"),
            (settings.per_hour, 3600, "dropped_hour"),
        ):
            if len(times) >= limit and times[-limit] > now - seconds:
                return fate
        times.append(now)
        return "delivered"


class Duplicates:
    """Bodies seen inside their duplicate-check interval (machine time)."""

    def __init__(self) -> None:
        self._seen: dict[bytes, tuple[float, dict[str, Any]]] = {}

    def find(self, raw: bytes) -> dict[str, Any] | None:
        """The answer to the same body before, while its interval runs."""
        until, answer = self._seen.get(hashlib.sha256(raw).digest(), (0.0, {}))
        return answer if machine() < until else None

    def note(self, raw: bytes, seconds: float, answer: dict[str, Any]) -> None:
        self._seen[hashlib.sha256(raw).digest()] = (machine() + seconds, answer)


class World:
    """State only; what WeCom does with it lives in messages, updates, actions and the two APIs."""

    def __init__(self, app: AppConfig, settings: Settings, clock: BusinessClock) -> None:
        self.app, self.settings, self.clock = app, settings, clock
        self.directory = Directory({}, {1: Department(1, "示例银行")})
        self.menu: dict[str, Any] | None = None
        self.feed = Feed()
        self.failures, self.sms = Failures(), Inbox()
        self.tokens, self.oauth, self.media = Tokens(clock), OAuthCodes(clock), MediaStore(clock)
        self.courier = Courier(clock, lambda: self.app, lambda: self.settings, self._callback_changed)
        self.webviews = WebViews()
        self.url = "http://simulator.invalid"
        self.calls_open = 0
        self.last_call = machine()
        self.clear()

    def clear(self) -> None:
        """Forget what happened; people, application and settings stay."""
        self.timeline, self.ledger = Timeline(self.feed), Ledger()
        self.rates, self.duplicates = Rates(), Duplicates()
        self.sent: dict[str, Sent] = {}
        self.codes: dict[str, ResponseCode] = {}
        self.task_ids: set[str] = set()
        self.callbacks: dict[str, Callback] = {}
        self._awaiting: dict[str, Callback] = {}
        for part in (self.failures, self.sms, self.media):
            part.clear()
        self.feed.publish("reset")

    def member(self, userid: str) -> Member | None:
        return self.directory.find(userid)

    def deliver(self, userid: str, xml: str) -> Callback:
        """Send one plaintext to the application in this person's name."""
        callback = Callback(f"c{len(self.callbacks) + 1}", userid, xml, self.clock.iso())
        self.callbacks[callback.id] = self._awaiting[userid] = callback
        self.courier.accept(callback)
        return callback

    def note_reply(self, userid: str) -> None:
        """The application showed this person something: the latest callback has its answer."""
        callback = self._awaiting.get(userid)
        if callback is not None and callback.sent_at:
            callback.reply_ms = round((machine() - callback.sent_at) * 1000, 2)
            del self._awaiting[userid]
            self._callback_changed(callback)

    def issue_code(self, sent: Sent) -> str:
        """A response_code that may update this message once within 72 hours."""
        code = secrets.token_urlsafe(32)
        self.codes[code] = ResponseCode(sent, self.clock.epoch())
        return code

    def _callback_changed(self, callback: Callback) -> None:
        for bubble in reversed(self.timeline.of.get(callback.userid, ())):
            if bubble.callback is callback:
                self.timeline.touch(bubble)
                return

    @property
    def busy(self) -> bool:
        return self.courier.pending > 0 or self.calls_open > 0

    def quiet_for(self) -> float:
        """Seconds since the last callback or API call."""
        return machine() - max(self.last_call, self.courier.last_activity)


class ResponseCode:
    """Which message a response_code may update, and whether it was spent."""

    __slots__ = ("issued", "sent", "used")

    def __init__(self, sent: Sent, issued: int) -> None:
        self.sent, self.issued, self.used = sent, issued, False
