"""Bodies of requests: small ones in memory, long ones in a file that has no name and ends with the request."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.api.problem import Problem

SMALL = 64 * 1024  # bytes of one row
PIECE = 64 * 1024
IDLE_SECONDS = 30.0  # between two pieces
_BROKEN = (web.RequestPayloadError, HttpProcessingError, ConnectionError)


@dataclass(frozen=True)
class Body:
    """What came, to be read from its beginning, and the digest of it."""

    file: IO[bytes]
    digest: str


def media_type(request: web.Request, known: Mapping[str, str]) -> str:
    """What the body says it is, by its short name in `known`. Raises Problem (415)."""
    listed = "、".join(known)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported", "不收压缩过的内容：请去掉 Content-Encoding，原样发送")
    if request.content_type not in known:
        raise Problem("unsupported", f"Content-Type 应为 {listed}")
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported", "只收 UTF-8 编码的内容")
    return known[request.content_type]


async def small(request: web.Request, seconds: float) -> bytes:
    """The body, whole. Raises Problem."""
    pieces = [piece async for piece in _pieces(request, SMALL, seconds)]
    return b"".join(pieces)


@asynccontextmanager
async def spooled(request: web.Request, folder: Path, limit: int, seconds: float) -> AsyncIterator[Body]:
    """The body in a file without a name, so that nothing of it is left whatever happens. Raises Problem."""
    digest = sha256()
    with tempfile.TemporaryFile(dir=folder) as file:
        async for piece in _pieces(request, limit, seconds):
            digest.update(piece)
            file.write(piece)
        file.seek(0)
        yield Body(file, digest.hexdigest())


async def _pieces(request: web.Request, limit: int, seconds: float) -> AsyncIterator[bytes]:
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    received, loop = 0, asyncio.get_running_loop()
    until = loop.time() + seconds
    while piece := await _piece(request, min(until, loop.time() + IDLE_SECONDS)):
        received += len(piece)
        if received > limit:
            raise _too_large(limit)
        yield piece


async def _piece(request: web.Request, until: float) -> bytes:
    try:
        async with asyncio.timeout_at(until):
            return await request.content.read(PIECE)
    except TimeoutError as error:
        raise Problem("too_slow", "内容没有按时发完：请检查网络，或分成几次发") from error
    except _BROKEN as error:
        raise Problem("malformed", "内容没有发完整就断了") from error


def _too_large(limit: int) -> Problem:
    return Problem("too_large", f"内容超过 {limit // 1024:,} KB 的上限：请分成几次发")
