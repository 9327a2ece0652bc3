"""Media files, uploaded by the application or sent by members: types, sizes, three days (wecom-protocol §9.3)."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from mimetypes import guess_type

from simulator.clock import BusinessClock
from simulator.errors import ApiError

MB = 1024 * 1024
LIFE = 3 * 24 * 3600
LIMITS = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}
LOOKS: dict[str, Callable[[bytes], bool]] = {
    "image": lambda data: data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")),
    "voice": lambda data: data.startswith(b"#!AMR"),
    "video": lambda data: data[4:8] == b"ftyp",
    "file": lambda data: True,
}
CONTENT = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}
RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True, slots=True)
class Media:
    """One file and what it was uploaded as."""

    id: str
    kind: str
    name: str
    data: bytes
    created: int

    @property
    def content_type(self) -> str:
        if self.kind == "file":
            return guess_type(self.name)[0] or CONTENT["file"]
        return "image/jpeg" if self.data.startswith(b"\xff\xd8\xff") else CONTENT[self.kind]


class MediaStore:
    """All files that WeCom still keeps."""

    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock
        self._files: dict[str, Media] = {}

    def upload(self, kind: str, name: str, data: bytes) -> Media:
        """Keep an uploaded file, or refuse it as media/upload does."""
        if kind not in LIMITS:
            raise ApiError(40004, "invalid media type")
        if not data:
            raise ApiError(44001, "empty media data")
        if len(data) <= 5:
            raise ApiError(40006, "media file must be larger than 5 bytes")
        if len(data) > LIMITS[kind]:
            raise ApiError(45001, "media file too large")
        if not LOOKS[kind](data):
            raise ApiError(40005, f"file is no {kind}")
        return self.keep(kind, name, data)

    def keep(self, kind: str, name: str, data: bytes) -> Media:
        media = Media(secrets.token_urlsafe(32), kind, name, data, self._clock.epoch())
        self._files[media.id] = media
        return media

    def get(self, media_id: str) -> Media:
        """The file, while it is not older than three days."""
        media = self._files.get(media_id)
        if media is None or self._clock.epoch() - media.created > LIFE:
            raise ApiError(40007, "invalid media_id")
        return media

    def clear(self) -> None:
        self._files.clear()


def part(data: bytes, header: str | None) -> tuple[bytes, str] | None:
    """The bytes a Range header asks for with their Content-Range, or None for the whole file."""
    found = RANGE.fullmatch(header or "")
    if not found:
        return None
    start, end = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    return data[start : end + 1], f"bytes {start}-{end}/{len(data)}"
