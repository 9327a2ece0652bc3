"""Commands as data: which words call them, who may, and what was probably meant when none matches."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.normalise import normalise
from domain.part import Key, Part, Words
from domain.pinyin import sounds_like

ANYONE = "*"
_SLASHES = "/／"
_ALIKE = 65.0  # of 100; less is chance
_AFTER_WORD = " \t\n\u3000:：,，、-—"


class Verb(StrEnum):
    """What can be done; the only point where a pack touches code."""

    CASE_FILE = "case.file"
    CASE_SHOW = "case.show"
    CUSTOMER_QUERY = "customer.query"
    GLASS_BREAK = "glass.break"
    RELATION_ADD = "relation.add"
    RELATION_SHOW = "relation.show"
    LABELS_SHOW = "labels.show"
    TIER_ASK = "tier.ask"
    CONSENT_RECORD = "consent.record"
    PRIVACY_SHOW = "consent.show"
    FREEZE_ASK = "restriction.ask"
    FREEZE_LIFT = "restriction.lift"
    HOLD_ASK = "hold.ask"
    HOLD_RELEASE = "hold.release"
    RETENTION_SHOW = "retention.show"
    SUBJECT_ASK = "subject.ask"
    VISIT_LOG = "visit.log"
    TODO_LIST = "todo.list"
    TODO_SNOOZE = "todo.snooze"
    HANDOVER_ASK = "handover.ask"
    HANDOVER_REVERSE = "handover.back"
    EXPORT_ASK = "export.ask"
    MINE_SHOW = "mine.show"
    POLICY_PREVIEW = "policy.preview"
    POST_SWITCH = "post.switch"
    STAFF_STOP = "staff.stop"
    STAFF_RETURN = "staff.return"
    STAND_IN_SHOW = "stand_in.show"
    STAND_IN_SET = "stand_in.set"
    GRANT_SHOW = "grant.show"
    GRANT_NEW = "grant.new"
    SUITABILITY_ASK = "suitability.ask"
    SUITABILITY_RECOMMEND = "suitability.recommend"
    HELP_SHOW = "help.show"
    ADMIN_SHOW = "admin.show"
    AUDIT_ASK = "audit.ask"
    COMMAND_ALIASES = "command.aliases"
    COMMAND_POSTS = "command.posts"


ALWAYS_ON = frozenset({Verb.HELP_SHOW, Verb.ADMIN_SHOW})
"""Whoever stopped one of these could not find the way back."""


MOST_CHARACTERS = 10
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS, pattern=r"^[^\s/／:：]+$"),
]


class Spoken(Part):
    """Something called by a word. `glued` are the words that need no space before what follows (查王秀兰)."""

    word: Word
    aliases: tuple[Word, ...] = ()
    glued: tuple[Word, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (self.word, *self.aliases)


class Command(Spoken):
    """A command of the chat. Without a form, what follows the word is the argument of its verb. A stopped one keeps
    its words, so that who calls it hears that it is stopped.
    """

    key: Key
    verb: Verb
    enabled: bool = True
    posts: tuple[Words, ...] = Limited(default=(ANYONE,), min_length=1)
    usage: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    example: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    help: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    button: Annotated[str, StringConstraints(min_length=1, max_length=10)] | None = None
    form: Key | None = None
    process: Key | None = None

    @property
    def event_key(self) -> str:
        """What a menu entry or a button of this command sends back."""
        return f"cmd.{self.key}"

    @property
    def label(self) -> str:
        """The words on a button."""
        return self.button or self.word


class ControlKey(StrEnum):
    """What can be said in any conversation."""

    CANCEL = "cancel"
    BACK = "back"
    RESTART = "restart"
    RESUME = "resume"
    UNDO = "undo"
    CONFIRM = "confirm"
    EDIT = "edit"


class Control(Spoken):
    """A control word; with `rest` it may name something, as in 改 备注."""

    key: ControlKey
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """A command was called; `rest` is what followed, as it was written."""

    command: Command
    rest: str


@dataclass(frozen=True, slots=True)
class Controlled:
    """A control word was said."""

    key: ControlKey
    rest: str = ""


def match(text: str, commands: Iterable[Command]) -> Matched | None:
    """The command with the longest word that begins the text; a leading slash and full-width forms change nothing."""
    text = text.strip().lstrip(_SLASHES).lstrip()
    heads = _heads(text)
    calls = ((word, command) for command in commands for word in command.words)
    for word, command in sorted(calls, key=lambda call: -len(call[0])):
        rest = _rest(text, heads, word, glued=word in command.glued)
        if rest is not None:
            return Matched(command, rest)
    return None


def match_control(text: str, controls: Iterable[Control]) -> Controlled | None:
    """The control word that the whole text is (a closing 。 or ！ is allowed)."""
    said = text.strip().lstrip(_SLASHES).rstrip(" 。.!！~")
    heads = _heads(said)
    for control in controls:
        for word in sorted(control.words, key=len, reverse=True):
            rest = _rest(said, heads, word, glued=word in control.glued)
            if rest == "" or (rest is not None and control.rest):
                return Controlled(control.key, rest)
    return None


def allowed(commands: Iterable[Command], posts: Iterable[str]) -> tuple[Command, ...]:
    """The commands in service that somebody with these posts may use, in the order of the pack."""
    held = {*posts, ANYONE}
    return tuple(command for command in commands if command.enabled and held & set(command.posts))


def by_event_key(key: str, commands: Iterable[Command]) -> Command | None:
    """The command behind a menu entry or a button."""
    return next((command for command in commands if command.event_key == key), None)


def suggest(text: str, commands: Sequence[Command], limit: int = 3) -> tuple[Command, ...]:
    """The commands that were most likely meant, by sound, then in the order of the pack, for chance likeness means
    nothing; always `limit` of them while there are as many.
    """
    said = normalise(text).lstrip(_SLASHES)[:20]
    return tuple(sorted(commands, key=lambda command: -_likeness(said, command))[:limit])


def _likeness(said: str, command: Command) -> float:
    likeness = max(_word_likeness(said, word) for word in command.words)
    return likeness if likeness >= _ALIKE else 0.0


def _word_likeness(said: str, word: str) -> float:
    if word in said:
        return 100.0
    tries = {said, said[: len(word)], *said.split(" ")[:1]} - {""}
    return max((sounds_like(attempt, word) for attempt in tries), default=0.0)


def _heads(text: str) -> Sequence[str]:
    """How the text begins, by length: every word is met with one of these."""
    return [_folded(text[:size]) for size in range(MOST_CHARACTERS + 1)]


def _rest(text: str, heads: Sequence[str], word: str, *, glued: bool) -> str | None:
    if heads[len(word)] != _folded_word(word):
        return None
    tail = text[len(word) :]
    if tail and not glued and not _breaks(tail[0]):
        return None
    return tail.lstrip(_AFTER_WORD).rstrip()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache
def _folded_word(word: str) -> str:
    return _folded(word)


def _breaks(character: str) -> bool:
    return unicodedata.category(character)[0] in "ZPSC"
