"""A pack's YAML with the place of every value, so that an error can name line and column."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.invalid import words
from domain.yaml_fault import fault_of

Path = tuple[str | int, ...]

_DISPUTED = re.compile(r"[\t\x85\u2028\u2029]|!!|!<|<<|&\w*[^\w\s]|^%", re.MULTILINE)
"""What only one of the two readers lets stand: tabs, rare ends of lines, tags, merged keys, odd anchors, directives."""
_UNREADABLE = (YAMLError, ValueError, TypeError, AttributeError)
"""The last two where a key is a structure, or a !!set is none: ruamel.yaml trips over them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack; line and column count from 1."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"（{self.path}）" if self.path else ""
        return f"第 {self.line} 行第 {self.column} 列{where}：{self.message}"


class PackError(Exception):
    """A pack cannot be used; `problems` lists everything found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Source:
    """A parsed file: plain values, and, once something is wrong, where they stand."""

    text: str
    plain: Mapping[str, Any]
    plainly: bool
    """Whether the quick reader can be asked for the places too."""

    @cached_property
    def root(self) -> Node:
        """The parts with their places."""
        root: Node = YAML(typ="safe", pure=not self.plainly).compose(self.text)
        return root

    def problem(self, path: Path, message: str) -> Problem:
        """The message with the place of what `path` names, or of its nearest enclosing part."""
        line, column = _place(self.root, path)
        return Problem(line, column, dotted(path), message)

    def problems(self, error: ValidationError) -> list[Problem]:
        """What pydantic found, in Chinese and with places; a list is not too short because its parts are wrong."""
        details = error.errors()
        inner = {path[:size] for path in (each["loc"] for each in details) for size in range(len(path))}
        real = (each for each in details if each["type"] != "too_short" or each["loc"] not in inner)
        return [self.problem(_as_written(self.plain, each["loc"]), words(each)) for each in real]


def read(text: str) -> Source:
    """Parse the YAML; raises PackError where it cannot be read or is no mapping.

    The quick reader is in C where the platform has it, seven times as fast as the thorough one, which is asked only
    where the quick one finds anything strange.
    """
    quick = _quick(text)
    return Source(text, quick or _plain(_thorough(text)), plainly=bool(quick))


def _quick(text: str) -> dict[str, Any] | None:
    """The values; None where the two readers might not agree, a part that holds itself among that."""
    try:
        read = None if _DISPUTED.search(text) else YAML(typ="safe").load(text)
        return _plain(read) if isinstance(read, dict) else None
    except (*_UNREADABLE, RecursionError):
        return None


def _thorough(text: str) -> CommentedMap:
    try:
        marked = YAML(typ="rt", pure=True).load(StringIO(text))
    except _UNREADABLE as error:
        fault = fault_of(error)
        raise PackError([Problem(fault.line, fault.column, "", f"YAML 写法不对：{fault.reason}")]) from None
    if not isinstance(marked, CommentedMap):
        raise PackError([Problem(1, 1, "", "文件应当是“键: 值”的结构")])
    return marked


def dotted(path: Path) -> str:
    """forms[0].fields[2].when: as people write it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _as_written(plain: Any, path: Path) -> Path:
    """Without the names of the kinds that pydantic puts between a part with several kinds and its keys."""
    kept: list[str | int] = []
    for part, after in zip(path, (*path[1:], None), strict=True):
        if isinstance(plain, Mapping) and part not in plain and after is not None:
            continue
        kept.append(part)
        found = part in plain if isinstance(plain, Mapping) else isinstance(part, int) and isinstance(plain, list)
        plain = plain[part] if found else None
    return tuple(kept)


def _place(node: Node, path: Path) -> tuple[int, int]:
    """Walk down while the file follows; the deepest part that exists has the place, by its key unless it is a word."""
    mark = node.start_mark
    for part in path:
        if (below := _below(node, part)) is None:
            break
        key, node = below
        mark = (node if isinstance(node, ScalarNode) and node.value else key).start_mark
    return mark.line + 1, mark.column + 1


def _below(node: Node, part: str | int) -> tuple[Node, Node] | None:
    """The key and the value that a step of a path leads to; a part of a list is its own key."""
    if isinstance(node, MappingNode):
        return next((each for each in node.value if each[0].value == part), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None
