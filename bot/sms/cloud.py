"""What both clouds have in common: a template of theirs filled with number and level, and no second try in doubt."""

from collections.abc import Callable
from typing import Any

import orjson
from yarl import URL

from bot.outside import Answer, Line, Unanswered
from bot.retry import RetryClass
from bot.sections import Sms
from bot.sms.port import SmsRefused
from bot.sms.secret import Secret
from domain.text_message import code_in, number_and_level

MOST_BYTES = 64 * 1024
Machine = Callable[[], float]


class Cloud:
    """Neither cloud takes the same message twice for one: their SessionContext and OutId are only echoed."""

    repeatable = False

    def __init__(self, settings: Sms, base: str, machine: Machine) -> None:
        self._settings, self._machine = settings, machine
        self._base = URL(settings.url or base)
        self._secret = Secret(settings.secret_id, settings.secret_key.get_secret_value())
        # A held connection that the other side just dropped would leave a message in doubt.
        self._line = Line(ca_file=settings.ca_file, proxy=settings.proxy, most_bytes=MOST_BYTES, keep=False)

    async def start(self) -> None:
        await self._line.start()

    async def stop(self) -> None:
        await self._line.stop()

    @property
    def _host(self) -> str:
        return str(self._base.host_port_subcomponent)


def filled(text: str, settings: Sms) -> tuple[str, dict[str, str]]:
    """The template of this sentence, and its variables in order."""
    if (values := number_and_level(text)) is not None:
        return settings.template_id, {"number": values[0], "level": values[1]}
    if settings.code_template_id and (code := code_in(text)) is not None:
        return settings.code_template_id, {"code": code}
    raise SmsRefused(RetryClass.DEAD, "text", "这句话不是“案件…已升级”或验证码，短信模板里填不进去")


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object that came back; whatever else came leaves the message in doubt."""
    try:
        content = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise Unanswered(f"HTTP {answer.status}, no JSON object")
    return content
