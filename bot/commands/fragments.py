"""What a leaked file says of itself: the numbers of the copies it came from, out of whatever form it has by now."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from domain.export.watermark import copies_in
from domain.refusal import Refused

LARGEST = 200 * 1024 * 1024  # bytes, unpacked: an export is a hundred times smaller
ENCODINGS = ("utf-8", "utf-16", "gb18030")
"""What office programs, browsers and Chinese Windows write; all three know the signs of a mark."""
NOT_READ = "读不了 {file}：请核对文件名和权限"
TOO_LARGE = "{file} 太大，不像是导出的清单：请只取其中几行，粘贴成文字再查"
NO_MARK = (
    "这里没有副本号：可能不是本系统导出的，或者只抄了没有标记的格子（客户号、手机号、金额）。请多取几行，带上姓名和机构"
)
AT_MOST = 20


def copies_of(file: str) -> list[str]:
    """The numbers in a file (`-`: in what is piped in), the most frequent first. Raises Refused without any."""
    found = copies_in("\n".join(_texts(file, _content(file))))[:AT_MOST]
    if not found:
        raise Refused(NO_MARK, reason="no mark")
    return found


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(LARGEST)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST)
    except OSError as error:
        raise Refused(NOT_READ.format(file=file), reason="unreadable") from error


def _texts(file: str, content: bytes) -> Iterator[str]:
    """The text of a file, or of all that an Office file holds (Open XML is a ZIP of XML)."""
    if not is_zipfile(BytesIO(content)):
        yield from (content.decode(encoding, errors="ignore") for encoding in ENCODINGS)
        return
    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(each.file_size for each in parts.infolist()) > LARGEST:
                raise Refused(TOO_LARGE.format(file=file), reason="too large")
            yield from (parts.read(each).decode(errors="ignore") for each in parts.infolist())
    except BadZipFile as error:
        raise Refused(NOT_READ.format(file=file), reason="unreadable") from error
