"""The pack in force: what the bank said of its commands, laid over whatever pack is installed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.overlay import Terms, overlay, with_change
from domain.pack import Pack, load_pack

DEFAULT = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))


def pack_of(*commands: dict[str, Any], version: int = 1) -> Pack:
    said = {"verb": "todo.list", "usage": "…", "example": "…", "help": "…"}
    return DEFAULT.model_copy(
        update={
            "version": version,
            "commands": tuple(type(DEFAULT.commands[0]).model_validate(said | each) for each in commands),
            "entry": (),
            "menu": (),
        }
    )


def words(pack: Pack) -> list[str]:
    return [word for command in pack.commands for word in command.words]


# --- against a model that knows nothing of overlays: what was last said of each thing, else the pack ------------------

KEYS = ("query", "visit", "todo")
FREE = ("甲词", "乙词", "丙词", "丁词")
VALUES = {
    "enabled": st.booleans(),
    "aliases": st.lists(st.sampled_from(FREE), max_size=2, unique=True).map(tuple),
    "posts": st.lists(st.sampled_from(["客户经理", "主管", "*"]), min_size=1, max_size=2, unique=True).map(tuple),
}
CHANGES = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(sorted(VALUES))).flatmap(
        lambda named: st.tuples(st.just(named[0]), st.just(named[1]), VALUES[named[1]])
    ),
    max_size=12,
)


@given(CHANGES)
def test_what_was_said_last_holds_and_all_else_is_the_packs(changes) -> None:
    said: dict[tuple[str, str], Any] = {}
    changed: dict[str, Terms] = {}
    for key, name, value in changes:
        others = [held for (other, what), held in said.items() if what == "aliases" and other != key]
        if name == "aliases" and set(value) & {word for held in others for word in held}:
            continue  # no change may take a word that is taken
        said[key, name] = value
        changed = with_change(DEFAULT, changed, key, Terms(**{name: value}))
    result = overlay(DEFAULT, changed, version=len(changes))
    assert result.ignored == ()
    for before, after in zip(DEFAULT.commands, result.pack.commands, strict=True):
        for name in type(before).model_fields:
            if name == "glued":
                assert list(after.glued) == [word for word in before.glued if word in (after.word, *after.aliases)]
            else:
                assert getattr(after, name) == said.get((before.key, name), getattr(before, name)), (before.key, name)
    assert result.pack.model_copy(update={"commands": DEFAULT.commands}) == DEFAULT


@given(CHANGES)
def test_saying_what_the_pack_says_leaves_nothing_behind(changes) -> None:
    changed: dict[str, Terms] = {}
    for key, name, value in changes:
        changed = with_change(DEFAULT, changed, key, Terms(**{name: value}))
    for command in DEFAULT.commands:
        same = Terms(enabled=command.enabled, aliases=command.aliases, posts=command.posts)
        changed = with_change(DEFAULT, changed, command.key, same)
    assert changed == {}


# --- another pack under the same terms --------------------------------------------------------------------------------


def test_a_command_the_new_pack_lacks_is_named() -> None:
    result = overlay(pack_of({"key": "a", "word": "甲"}), {"gone": Terms(enabled=False), "a": Terms(enabled=False)})
    assert result.ignored == ("包里没有“gone”这个命令，行内对它的改动不起作用",)
    assert [command.enabled for command in result.pack.commands] == [False]


def test_a_word_the_new_pack_took_stays_the_packs_and_the_rest_of_the_terms_holds() -> None:
    newer = pack_of({"key": "a", "word": "甲"}, {"key": "b", "word": "新词"}, {"key": "c", "word": "丙"})
    terms = {
        "a": Terms(aliases=("新词",), enabled=False, posts=("主管",)),
        "c": Terms(aliases=("别的",)),
    }
    result = overlay(newer, terms)
    assert words(result.pack) == ["甲", "新词", "丙", "别的"]
    assert (result.pack.command("a").enabled, result.pack.command("a").posts) == (False, ("主管",))
    assert result.ignored == ("“甲”的别名与包里别的词重复，按包里的别名",)


def test_a_control_word_is_taken_too() -> None:
    result = overlay(pack_of({"key": "a", "word": "甲", "aliases": ["乙"]}), {"a": Terms(aliases=("取消",))})
    assert (words(result.pack), len(result.ignored)) == (["甲", "乙"], 1)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_word_handed_from_one_command_to_another_holds_in_any_order(order) -> None:
    """What was agreed one after the other is one state; the order in which it is kept means nothing."""
    pack = pack_of({"key": "a", "word": "甲", "aliases": ["词"]}, {"key": "b", "word": "乙"})
    terms = {"a": Terms(aliases=()), "b": Terms(aliases=("词",))}
    result = overlay(pack, {key: terms[key] for key in order})
    assert (words(result.pack), result.ignored) == (["甲", "乙", "词"], ())
    clash = {**terms, "c": Terms(aliases=("甲",))}
    both = pack_of(
        {"key": "a", "word": "甲", "aliases": ["词"]}, {"key": "b", "word": "乙"}, {"key": "c", "word": "丙"}
    )
    result = overlay(both, {key: clash[key] for key in (*order, "c")})
    assert words(result.pack) == ["甲", "乙", "词", "丙"], "what fits beside the clash is kept"
    assert len(result.ignored) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from([*FREE, "甲", "取消"]), max_size=3, unique=True))
    )
)
def test_no_terms_make_a_pack_whose_words_clash(said) -> None:
    pack = pack_of(
        {"key": "a", "word": "甲"}, {"key": "b", "word": "乙", "aliases": ["丙词"]}, {"key": "c", "word": "丙"}
    )
    result = overlay(pack, {key: Terms(aliases=tuple(aliases)) for key, aliases in said})
    controls = [word for control in pack.controls for word in control.words]
    everything = [*words(result.pack), *controls]
    assert len(everything) == len(set(everything))
