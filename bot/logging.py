"""What the operator reads: one line an event, as text or JSON, with ids and never with personal data or secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from bot.sections import Log

MASKED = "***"
_PRIVATE_KEYS = frozenset({
    "name", "mobile", "phone", "id_number", "address", "text", "content", "body", "payload", "notes", "note", "summary",
    "token", "access_token", "secret", "corpsecret", "aes_key", "password", "msg_signature", "echostr", "code",
    "response_code",
})  # fmt: skip
_TALKATIVE = ("aiohttp", "alembic", "apscheduler", "asyncio")
_PATTERNS = (
    # ?access_token=…, "secret": "…", msg_signature: …
    (
        re.compile(
            r"""(?i)\b(access_token|corpsecret|secret|token|aes_?key|password|msg_signature"""
            r"""|echostr|response_code|code)"""
            r"""(["']?\s*[=:]\s*["']?)[^\s"'&,;)}\]]+"""
        ),
        rf"\1\2{MASKED}",
    ),
    (re.compile(r"(?<=://)([^\s:/@]*):[^\s@/]+@"), rf"\1:{MASKED}@"),
    # A resident's identity number: region, birth date, sequence, check character (GB 11643).
    (
        re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"),
        MASKED,
    ),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), MASKED),
)


def configure(settings: Log, stream: TextIO | None = None) -> None:
    """Set up structlog and the libraries' loggers alike; lines go to `stream` (default: standard error)."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, _renderer(settings.format)])
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(max(level, logging.WARNING))


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what must not be read in a log: by the name of a value, and by the look of a text."""
    return {name: MASKED if name in _PRIVATE_KEYS else masked(value) for name, value in event.items()}


def masked(value: Any) -> Any:
    """The value with mobiles, identity numbers and secrets hidden, however deep."""
    if isinstance(value, str):
        for pattern, instead in _PATTERNS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return mask(None, "", dict(value))
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(each) for each in value]
    return masked(str(value)) if isinstance(value, bytes | Exception) else value


def _renderer(form: str) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
