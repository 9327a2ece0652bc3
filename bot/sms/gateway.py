"""The bank's own SMS gateway: POST {"id", "mobile", "text"}; the same id twice is the same message (design §5)."""

import orjson
from yarl import URL

from bot.outside import Line, Unanswered
from bot.retry import RetryClass
from bot.sections import Sms
from bot.sms.port import SmsRefused

MOST_BYTES = 64 * 1024
JSON = {"Content-Type": "application/json"}
# Of the refusals only these two may turn out otherwise next time: request timeout, too many requests.
PASSING = frozenset({408, 429})


class GatewayProvider:
    """2xx is taken, 4xx is refused for good, everything else is asked again with the same id."""

    repeatable = True

    def __init__(self, settings: Sms) -> None:
        self._url = URL(settings.url)
        self._line = Line(ca_file=settings.ca_file, proxy=settings.proxy, most_bytes=MOST_BYTES, keep=False)

    async def start(self) -> None:
        await self._line.start()

    async def stop(self) -> None:
        await self._line.stop()

    async def send(self, id: str, mobile: str, text: str) -> str:
        body = orjson.dumps({"id": id, "mobile": mobile, "text": text})
        status = (await self._line.call("POST", self._url, JSON, body)).status
        if status // 100 == 4 and status not in PASSING:
            raise SmsRefused(RetryClass.DEAD, f"HTTP {status}", "短信网关拒收")
        if status // 100 != 2:
            raise Unanswered(f"HTTP {status}")
        return ""

    async def look(self) -> None:
        status = (await self._line.call("OPTIONS", self._url, {}, None)).status
        if status // 100 == 5:
            raise Unanswered(f"HTTP {status}")
