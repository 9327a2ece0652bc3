"""Card templates: structures whose texts are sandboxed leaves, compiled once when a pack is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import jinja2

from cards.leaf import SOURCE_LIMIT, Data, TemplateRefused, accept_data, compile_leaf
from cards.limits import CardLimit, Problem
from cards.wecom import read_card

OUTPUT_LIMIT = 64 * 1024
_WORK_LIMIT = 32 * 1024  # characters of template source rendered for one card
_DEPTH = 12
_EACH, _AS, _IF, _SHOW = "$each", "$as", "$if", "$show"
_OMIT = object()

Structure: TypeAlias = "str | int | bool | list[Structure] | dict[str, Structure] | None"


@dataclass(slots=True)
class _Rendering:
    """One rendering under way: what is left of the work and output it may use."""

    work: int = _WORK_LIMIT
    output: int = OUTPUT_LIMIT

    def spend(self, source: int, written: int = 0) -> None:
        self.work -= source
        self.output -= written
        if self.work < 0 or self.output < 0:
            raise TemplateRefused("模板的输出太大")


@dataclass(frozen=True, slots=True)
class _Constant:
    value: object

    def render(self, data: Mapping[str, Data], run: _Rendering) -> object:
        run.spend(8, len(self.value) if isinstance(self.value, str) else 8)
        return self.value


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: str
    cost: int
    compiled: jinja2.Template

    def render(self, data: Mapping[str, Data], run: _Rendering) -> str:
        run.spend(self.cost)
        written: list[str] = []
        try:
            for chunk in self.compiled.generate(data):
                run.spend(0, len(chunk))
                written.append(chunk)
        except jinja2.UndefinedError as error:
            raise TemplateRefused(f"没有这个数据 ({error.message})", self.path) from None
        except TemplateRefused as refused:
            raise TemplateRefused(refused.rule, self.path) from None
        except (jinja2.TemplateError, TypeError) as error:
            raise TemplateRefused(f"模板不能用于这些数据 ({error})", self.path) from None
        return "".join(written)


@dataclass(frozen=True, slots=True)
class _List:
    items: tuple["_Node", ...]

    def render(self, data: Mapping[str, Data], run: _Rendering) -> list[object]:
        made: list[object] = []
        for item in self.items:
            value = item.render(data, run)
            if isinstance(item, _Each):
                made.extend(cast(list[object], value))
            elif value is not _OMIT:
                made.append(value)
        return made


@dataclass(frozen=True, slots=True)
class _Dict:
    items: tuple[tuple[str, "_Node"], ...]

    def render(self, data: Mapping[str, Data], run: _Rendering) -> dict[str, object]:
        rendered = ((name, node.render(data, run)) for name, node in self.items)
        return {name: value for name, value in rendered if value is not _OMIT}


@dataclass(frozen=True, slots=True)
class _Each:
    """`$each: lines`, `$as: line`, `$show: …`: the shown part once for every entry of a list."""

    path: str
    source: str
    name: str
    shown: "_Node"

    def render(self, data: Mapping[str, Data], run: _Rendering) -> list[object]:
        entries = data.get(self.source)
        if not isinstance(entries, list):
            raise TemplateRefused(f"数据里没有列表 {self.source}", self.path)
        made = [self.shown.render({**data, self.name: entry}, run) for entry in entries]
        return [value for value in made if value is not _OMIT]


@dataclass(frozen=True, slots=True)
class _If:
    """`$if: name`, `$show: …`: left out when the value of that name is missing or empty."""

    source: str
    shown: "_Node"

    def render(self, data: Mapping[str, Data], run: _Rendering) -> object:
        return self.shown.render(data, run) if data.get(self.source) else _OMIT


_Node: TypeAlias = _Constant | _Leaf | _List | _Dict | _Each | _If


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled card template."""

    root: _Dict

    def render(self, context: Mapping[str, Data]) -> dict[str, Any]:
        """The card as plain data; raises `TemplateRefused` for missing data, foreign objects or too much output."""
        data = dict(context)
        accept_data(data)
        return self.root.render(data, _Rendering())


@dataclass(slots=True)
class _Compiler:
    left: int = SOURCE_LIMIT

    def node(self, part: object, path: str, depth: int = 0) -> _Node:
        if depth > _DEPTH:
            raise TemplateRefused("模板嵌套太深", path)
        if isinstance(part, dict):
            return self._mapping(part, path, depth)
        if isinstance(part, list):
            return _List(tuple(self.node(item, f"{path}[{place}]", depth + 1) for place, item in enumerate(part)))
        if isinstance(part, str):
            return self._text(part, path)
        if part is None or isinstance(part, int):
            return _Constant(part)
        raise TemplateRefused(f"模板里不能有 {type(part).__name__}", path)

    def _mapping(self, part: dict[str, object], path: str, depth: int) -> _Node:
        words = {name for name in part if str(name).startswith("$")}
        if not words:
            named = ((str(name), self.node(value, f"{path}.{name}", depth + 1)) for name, value in part.items())
            return _Dict(tuple(named))
        names = {name: str(part[name]) for name in words - {_SHOW}}
        shown = self.node(part.get(_SHOW), path, depth + 1)
        if part.keys() == {_EACH, _AS, _SHOW} and not names[_AS].startswith("_"):
            return _Each(path, names[_EACH], names[_AS], shown)
        if part.keys() == {_IF, _SHOW}:
            return _If(names[_IF], shown)
        raise TemplateRefused("只能写 $each、$as、$show 或 $if、$show", path)

    def _text(self, source: str, path: str) -> _Node:
        self.left -= len(source.encode(errors="replace"))
        if self.left < 0:
            raise TemplateRefused(f"模板超过 {SOURCE_LIMIT} 字节", path)
        if "{" not in source:
            return _Constant(source)
        try:
            return _Leaf(path, len(source), compile_leaf(source))
        except TemplateRefused as refused:
            raise TemplateRefused(refused.rule, path) from None


def compile_template(structure: Mapping[str, Structure]) -> Template:
    """Compiles every leaf once (milliseconds each); raises `TemplateRefused` naming the place."""
    root = _Compiler().node(dict(structure), "card")
    if not isinstance(root, _Dict):
        raise TemplateRefused("卡片模板最外层须是字段")
    return Template(root)


def check(structure: Mapping[str, Structure], sample: Mapping[str, Data]) -> tuple[Problem, ...]:
    """What is wrong with a template when it shows the sample data; empty for a good one."""
    try:
        read_card(compile_template(structure).render(sample))
    except TemplateRefused as refused:
        return (Problem(refused.path, refused.rule),)
    except CardLimit as limit:
        return limit.problems
    return ()
