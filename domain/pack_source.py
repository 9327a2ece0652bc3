"""A pack's YAML with the place of every value, so that an error can name line and column."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

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

    @cached_property
    def marked(self) -> CommentedMap:
        """The values with their places."""
        return _marked(self.text)

    def problem(self, path: Path, message: str) -> Problem:
        """The message with the place of what `path` names, or of its nearest enclosing part."""
        line, column = _place(self.marked, path)
        return Problem(line, column, dotted(path), message)

    def problems(self, error: ValidationError) -> list[Problem]:
        """What pydantic found, in Chinese and with places; a list is not too short because its parts are wrong."""
        details = error.errors()
        inner = {path[:size] for path in (each["loc"] for each in details) for size in range(len(path))}
        real = (each for each in details if each["type"] != "too_short" or each["loc"] not in inner)
        return [self.problem(_as_written(self.plain, each["loc"]), words(each)) for each in real]


def read(text: str) -> Source:
    """Parse the YAML; raises PackError where it cannot be read or is no mapping.

    The quick reader, in C where the platform has it, knows values alone. The thorough one knows places too and takes
    some seven times as long, so it is asked only where the quick one finds anything strange.
    """
    return Source(text, _quick(text) or _plain(_marked(text)))


def _quick(text: str) -> dict[str, Any] | None:
    """The values; None where the two readers might not agree, a part that holds itself among that."""
    try:
        read = None if _DISPUTED.search(text) else YAML(typ="safe").load(text)
        return _plain(read) if isinstance(read, dict) else None
    except (*_UNREADABLE, RecursionError):
        return None


def _marked(text: str) -> CommentedMap:
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


def _place(marked: Any, path: Path) -> tuple[int, int]:
    """Walk down while the file follows; the deepest part that exists has the place."""
    line, column = marked.lc.line, marked.lc.col
    for part in path:
        if isinstance(marked, CommentedMap) and part in marked:
            line, column = marked.lc.value(part) if _is_leaf(marked[part]) else marked.lc.key(part)
        elif isinstance(marked, CommentedSeq) and isinstance(part, int) and part < len(marked):
            line, column = marked.lc.item(part)
        else:
            break
        marked = marked[part]
    return line + 1, column + 1


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, CommentedMap | CommentedSeq)
