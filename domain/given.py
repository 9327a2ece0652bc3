"""What a person can give as an answer, before anybody knows whether it is a good one."""

from dataclasses import dataclass

from domain.normalise import normalise

SKIPPING = frozenset({"跳过", "不填", "略过", "skip"})
FINISHED = frozenset({"完成", "好了", "没有了", "没了", "够了"})


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words."""

    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Option keys that came back from a card, or the words of a quick button."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that was sent, by WeCom's media id or the reference under which it is kept."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """A location that was sent, in degrees."""

    lat: float
    lng: float
    label: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A customer that a search found and the person meant."""

    customer: str
    shown: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The wish to leave the question out."""


Given = Text | Chosen | Picture | Place | Picked | Skip


def plain(text: str) -> str:
    """A short utterance without what people put around it."""
    return normalise(text).strip(" 。.!！~").casefold()


def is_finished(given: Given) -> bool:
    """Whether a person says that there is nothing more to send."""
    return isinstance(given, Skip) or (isinstance(given, Text) and plain(given.text) in FINISHED | SKIPPING)
