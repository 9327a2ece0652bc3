"""The kinds of message the bot sends, each with the JSON body WeCom expects (without receiver and agent)."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict

from cards.fitting import clean, fit_bytes
from cards.parts import Url
from cards.wecom import AnyCard

TEXT_BYTES = 2048  # text and markdown; WeCom truncates beyond it
REFERENCE_BYTES = 64  # room kept for the line that makes every first payload unique
NUMBER_BYTES = 24  # room kept for "（12/34）\n"


def _sendable(content: str) -> str:
    content = clean(content, lines=True)
    if len(content.encode()) > TEXT_BYTES - REFERENCE_BYTES:
        raise ValueError(f"文字最多 {TEXT_BYTES - REFERENCE_BYTES} 字节, 更长的用 texts() 分条发送")
    return content


Content: TypeAlias = Annotated[str, AfterValidator(_sendable)]


class Message(BaseModel):
    """One outgoing message; a value that renders to the same bytes every time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """The object that WeCom expects under the name of the kind."""

    def payload(self) -> dict[str, Any]:
        return {"msgtype": self.kind, self.kind: self.body()}

    def with_reference(self, ref: str) -> Self:
        """The same message made unique by a short reference, or WeCom swallows a repeat within the duplicate window."""
        return self


class Text(Message):
    """Plain text of at most 2048 bytes; `texts` makes several of a longer one."""

    kind: ClassVar[str] = "text"
    content: Content

    def body(self) -> dict[str, Any]:
        return {"content": self.content}

    def with_reference(self, ref: str) -> Self:
        return self.model_copy(update={"content": f"{self.content}\n〔{ref}〕"})


class Markdown(Message):
    """WeCom's markdown subset (headings, bold, links, quotes, three font colours), at most 2048 bytes."""

    kind: ClassVar[str] = "markdown"
    content: Content

    def body(self) -> dict[str, Any]:
        return {"content": self.content}

    def with_reference(self, ref: str) -> Self:
        return self.model_copy(update={"content": f'{self.content}\n<font color="comment">〔{ref}〕</font>'})


class TextCard(Message):
    """A title, a few lines and a link."""

    kind: ClassVar[str] = "textcard"
    title: str
    description: str
    url: Url
    btntxt: str = "详情"

    def body(self) -> dict[str, Any]:
        title, description = fit_bytes(clean(self.title), 128), fit_bytes(self.description, 512)
        return {"title": title, "description": description, "url": self.url, "btntxt": self.btntxt[:4]}

    def with_reference(self, ref: str) -> Self:
        mark = f'<div class="gray">〔{ref}〕</div>'
        return self.model_copy(update={"description": fit_bytes(self.description, 512 - len(mark.encode())) + mark})


class Image(Message):
    """A picture already uploaded; its media id is new with every upload."""

    kind: ClassVar[str] = "image"
    media: str

    def body(self) -> dict[str, Any]:
        return {"media_id": self.media}


class File(Message):
    """A file already uploaded; its media id is new with every upload."""

    kind: ClassVar[str] = "file"
    media: str

    def body(self) -> dict[str, Any]:
        return {"media_id": self.media}


class CardMessage(Message):
    """A template card; its task id already makes it unique."""

    kind: ClassVar[str] = "template_card"
    card: AnyCard

    def body(self) -> dict[str, Any]:
        return self.card.dump()


def texts(content: str) -> tuple[Text, ...]:
    """As many text messages as the content needs, with room for a reference in each."""
    return tuple(Text(content=piece) for piece in split_text(content, TEXT_BYTES - REFERENCE_BYTES))


def split_text(text: str, limit_bytes: int = TEXT_BYTES) -> list[str]:
    """Pieces of at most `limit_bytes` UTF-8 bytes, cut at line ends where possible and numbered when several."""
    text = clean(text, lines=True)
    if len(text.encode()) <= limit_bytes:
        return [text]
    pieces = list(_pieces(text, limit_bytes - NUMBER_BYTES))
    return [f"（{number}/{len(pieces)}）\n{piece}" for number, piece in enumerate(pieces, 1)]


def _pieces(text: str, limit: int) -> Iterator[str]:
    held = ""
    for line in _lines(text, limit):
        if held and len((held + line).encode()) > limit:
            yield held.rstrip("\n")
            held = ""
        held += line
    yield held.rstrip("\n")


def _lines(text: str, limit: int) -> Iterator[str]:
    """Lines with their ends, the overlong ones cut between characters."""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        while len(line.encode()) > limit:
            head = line.encode()[:limit].decode(errors="ignore")
            yield head
            line = line[len(head) :]
        yield line
