"""The quick reader of a pack tells what the thorough one tells, value for value; strange texts go to the latter."""

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.pack_source import PackError, read

pytestmark = pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")

PACKS = {path.name: path.read_text("utf-8") for path in (Path(__file__).parents[2] / "deploy/packs").glob("*.yaml")}
PARTS = [part for text in PACKS.values() for part in re.split(r"(?m)^(?=\w)", text) if 40 < len(part) < 800]
SCALARS = [
    *("yes", "no", "on", "True", "~", "0o17", "017", "0x1f", "1_000", "08:30", "12:30:45", "1e3", ".5", "1.", ".inf"),
    *("+1", "007", "-0", "0.10", "2026-01-01", "2026-13-01", "2026-01-01T10:00:00Z", "'it''s'", '"a\\nb"', '"\\u4e2d"'),
    *("[a,b]", "{a:1}", "{a: 1}", "[a: 1]", '"1"', "!foo", "!!str", "<<", "&x", "&x:", "*x", "-", "?", ":", "#", "%"),
    *("@", "`", "|", ">", "|-", ">+", "=", "...", "---", "中文", "“中”", "，", "a:b", "a#c", "a b", "a #c"),
]
ODD = [*SCALARS, *" \n\t\x85\u2028\xa0😀[]{}", "\n  ", "  ", ": ", "- ", " #", ", "]


def thorough(text: str) -> Any:
    """The values as the pure reader with places has them; None where it refuses or finds no mapping."""
    try:
        return plain(YAML(typ="rt", pure=True).load(text))
    except (YAMLError, ValueError, TypeError, AttributeError):
        return None


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def quick(text: str) -> Any:
    try:
        return read(text).plain
    except PackError:
        return None


def told(value: Any) -> Any:
    """With the kind of each value: 1, true and "1" are not the same, and not-a-number is itself."""
    if isinstance(value, dict):
        return [(key, told(each)) for key, each in value.items()]
    if isinstance(value, list):
        return [told(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    kinds = (bool, int, float, str)
    kind = next((kind for kind in kinds if isinstance(value, kind)), None)
    return (kind.__name__, str(kind(value))) if kind else str(value)


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_reads_the_same(name: str) -> None:
    assert told(quick(PACKS[name])) == told(thorough(PACKS[name]))


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 0, 2, 4]),
            st.sampled_from(["", "- ", "- - "]),
            st.sampled_from(["a: ", "b: ", "中: ", "1: ", "~: ", "1.50: ", '"q": ', "? "]),
            st.sampled_from(["", *SCALARS]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_made_up_file_reads_the_same(lines: list[tuple[int, str, str, str]]) -> None:
    text = "".join(f"{' ' * indent}{dash}{key}{value}\n" for indent, dash, key, value in lines)
    wanted = thorough(text)
    assert told(quick(text)) == told(wanted if isinstance(wanted, dict) else None)


@settings(max_examples=150)
@given(st.sampled_from(PARTS), st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_spoilt_pack_reads_the_same(part: str, chance: random.Random, changes: int) -> None:
    text = part
    for _ in range(changes):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(["", *ODD]) + text[at + chance.choice([0, 1]) :]
    wanted = thorough(text)
    assert told(quick(text)) == told(wanted if isinstance(wanted, dict) else None)


@pytest.mark.parametrize(
    "text",
    [
        "a: \t\n",
        "a: !!str 1\n",
        "a: 中\u2028文\n",
        "a: {&b: c}\n",
        "a: &b [*b]\n",
        "<<: {a, b}\nkey: 1\nkey: 2\n",
        "%YAML 1.1\n---\na: yes\n",
    ],
    ids=["tab", "tag", "line end", "anchor", "itself", "merged key", "directive"],
)
def test_what_the_readers_dispute_is_read_thoroughly(text: str) -> None:
    assert told(quick(text)) == told(thorough(text))
