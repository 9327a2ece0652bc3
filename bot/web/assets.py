"""Style sheets and scripts under names that change with their content, so that a browser may keep them for ever."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.web.headers import FOR_EVER

FOLDER = Path(__file__).parent / "static"
PREFIX = "/h5/static/"
_TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True)
class Asset:
    """One file, ready to be sent."""

    content: bytes
    packed: bytes
    kind: str


@cache
def published() -> dict[str, str]:
    """The address of each file, by its path below the folder (`page.css`, `vendor/weui/weui.min.css`)."""
    return {name: PREFIX + hashed for hashed, (name, _) in _files().items()}


@cache
def _files() -> dict[str, tuple[str, Asset]]:
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            hashed = f"{path.stem}.{sha256(content).hexdigest()[:16]}{path.suffix}"
            packed = gzip.compress(content, mtime=0)
            found[hashed] = (path.relative_to(FOLDER).as_posix(), Asset(content, packed, _TYPES[path.suffix]))
    return found


async def serve(request: web.Request) -> web.Response:
    """Only names we published exist; a request never becomes a path on disk."""
    name = request.match_info["name"]
    if name not in _files():
        raise web.HTTPNotFound
    _, asset = _files()[name]
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = asset.packed if packed else asset.content
    return web.Response(body=body, content_type=asset.kind, charset="utf-8", headers=headers)
