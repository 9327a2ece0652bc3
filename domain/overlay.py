"""The pack in force: the installed one, with what the bank itself changed of its commands laid over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.command import Command
from domain.pack import Pack
from domain.pack_checks import unique_words
from domain.part import Part


class Terms(Part):
    """What the bank says about a command; None is whatever the pack says."""

    enabled: bool | None = None
    aliases: tuple[str, ...] | None = None
    posts: tuple[str, ...] | None = None

    @property
    def said(self) -> dict[str, bool | tuple[str, ...]]:
        """What is said, by name."""
        return {name: value for name, value in self if value is not None}


@dataclass(frozen=True, slots=True)
class InForce:
    """The pack as it holds now; `version` counts the bank's changes, `ignored` says in Chinese which of them the pack
    leaves no room for.
    """

    pack: Pack
    version: int = 0
    ignored: tuple[str, ...] = ()


def terms_of(command: Command) -> Terms:
    """What holds of a command, in full."""
    return Terms(enabled=command.enabled, aliases=command.aliases, posts=command.posts)


def amend(command: Command, terms: Terms) -> Command:
    """The command under these terms; a word it no longer has is no longer glued either."""
    words = (command.word, *(terms.aliases if terms.aliases is not None else command.aliases))
    return command.model_copy(update={**terms.said, "glued": tuple(word for word in command.glued if word in words)})


def overlay(pack: Pack, changed: Mapping[str, Terms], version: int = 0) -> InForce:
    """The pack under the bank's terms. What a newer pack leaves no room for is left out, and named."""
    known = {command.key: command for command in pack.commands}
    ignored = [f"包里没有“{key}”这个命令，行内对它的改动不起作用" for key in changed if key not in known]
    terms = {key: each for key, each in changed.items() if key in known}
    commands = _amended(pack, terms)
    if word_fault(pack, commands) is not None:
        terms, left_out = _without_clashes(pack, terms)
        commands = _amended(pack, terms)
        ignored += [f"“{known[key].word}”的别名与包里别的词重复，按包里的别名" for key in left_out]
    return InForce(pack.model_copy(update={"commands": commands}), version, tuple(ignored))


def with_change(pack: Pack, changed: Mapping[str, Terms], key: str, after: Terms) -> dict[str, Terms]:
    """The bank's terms with one more. What says the same as the pack is no term: a newer pack may say it anew."""
    before = changed.get(key, Terms()).said
    packed = next((terms_of(command).said for command in pack.commands if command.key == key), {})
    both = {**before, **after.said}
    terms = Terms.model_validate({name: value for name, value in both.items() if value != packed.get(name)})
    others = {other: each for other, each in changed.items() if other != key}
    return {**others, key: terms} if terms.said else others


def word_fault(pack: Pack, commands: Iterable[Command]) -> str | None:
    """What is wrong with the words of these commands beside each other and the pack's controls."""
    faults = unique_words({"commands": tuple(commands), "controls": pack.controls})
    return next((message for _, message in faults), None)


def _amended(pack: Pack, terms: Mapping[str, Terms]) -> tuple[Command, ...]:
    return tuple(amend(each, terms[each.key]) if each.key in terms else each for each in pack.commands)


def _without_clashes(pack: Pack, terms: Mapping[str, Terms]) -> tuple[dict[str, Terms], list[str]]:
    """As many of the aliases as fit, whatever the order in which they were given; all else of the terms stays."""
    kept = {key: each.model_copy(update={"aliases": None}) for key, each in terms.items()}
    left = [key for key, each in terms.items() if each.aliases is not None]
    while fitting := [key for key in left if word_fault(pack, _amended(pack, {**kept, key: terms[key]})) is None]:
        kept[fitting[0]] = terms[fitting[0]]
        left.remove(fitting[0])
    return kept, left
