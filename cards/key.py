"""Event keys: what a click says (`verb.revision`), so that a button of an older state never acts."""

from typing import Literal, NamedTuple

from cards.fitting import shown
from cards.parts import Button, SubmitButton

Style = Literal[1, 2, 3, 4]


class EventKey(NamedTuple):
    """The verb that was clicked and the revision of what the card showed."""

    verb: str
    revision: int

    def __str__(self) -> str:
        return f"{self.verb}.{self.revision}"


class Seal(NamedTuple):
    """What a card is issued under: its random task id and the revision of what it shows."""

    task_id: str
    revision: int

    def button(self, text: str, verb: str, style: Style = 1) -> Button:
        return Button(text=shown(text), key=str(EventKey(verb, self.revision)), style=style)

    def submit(self, text: str, verb: str) -> SubmitButton:
        return SubmitButton(text=shown(text), key=str(EventKey(verb, self.revision)))


def link(text: str, url: str, style: Style = 2) -> Button:
    """A button that opens a page."""
    return Button(text=shown(text), type=1, url=url, style=style)


def read_key(key: str) -> EventKey | None:
    """The verb and revision in an event key, or None when it is none of ours."""
    verb, dot, revision = key.rpartition(".")
    plain = revision.isascii() and revision.isdecimal() and len(revision) <= 18
    return EventKey(verb, int(revision)) if dot and verb and plain else None
