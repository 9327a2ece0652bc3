"""A template leaf: one line of Jinja2 that can read plain data and do nothing else."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cards.fitting import fit

Data: TypeAlias = "str | int | bool | list[Data] | dict[str, Data] | None"

SOURCE_LIMIT = 8 * 1024
_DEPTH = 24
_LIST_LIMIT = 200
_DATA_LIMIT = 32 * 1024  # characters, and values, of one context
_INT_LIMIT = 10**18
_SPECIAL = frozenset({"self", "super", "caller", "loop"})  # Jinja's own objects
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test,
    nodes.Tuple, nodes.List,
)  # fmt: skip


class TemplateRefused(ValueError):
    """The template cannot be accepted or rendered; `rule` says why, in Chinese, and `path` where."""

    def __init__(self, rule: str, path: str = "") -> None:
        super().__init__(f"{path}: {rule}" if path else rule)
        self.rule, self.path = rule, path


def _fit(value: object, n: int) -> str:
    return fit(str(value)[: 4 * n + 1], n)


def _join(value: object, separator: str = "、") -> str:
    if not isinstance(value, list):
        raise TemplateRefused("join 只能用于列表")
    return separator.join(str(item) for item in value)


def _default(value: object, other: object = "") -> object:
    return other if isinstance(value, StrictUndefined) or value is None or value == "" else value


def _length(value: object) -> int:
    if isinstance(value, str | list | dict):
        return len(value)
    raise TemplateRefused("length 只能用于文字、列表和字典")


FILTERS: dict[str, Callable[..., object]] = {"default": _default, "fit": _fit, "join": _join, "length": _length}


class _Leaves(ImmutableSandboxedEnvironment):
    """Names lead into dictionaries and lists, never to the methods and attributes of Python objects."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        if isinstance(obj, list) and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def _environment() -> _Leaves:
    environment = _Leaves(undefined=StrictUndefined, autoescape=False, cache_size=0)
    defined = environment.tests["defined"]
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {"defined": defined}
    return environment


_ENVIRONMENT = _environment()


def compile_leaf(source: str) -> Template:
    """The compiled leaf; raises `TemplateRefused` for anything but reading, comparing and the four filters."""
    if len(source.encode(errors="replace")) > SOURCE_LIMIT:
        raise TemplateRefused(f"模板超过 {SOURCE_LIMIT} 字节")
    try:
        tree = _ENVIRONMENT.parse(source)
        _accept(tree)
        return _ENVIRONMENT.from_string(tree)
    except TemplateRefused:
        raise
    except TemplateError as error:
        raise TemplateRefused(f"模板写法有误: {error.message}") from None
    except (RecursionError, MemoryError, ValueError, SyntaxError):
        raise TemplateRefused("模板写法有误或嵌套太深") from None


def _accept(tree: nodes.Template) -> None:
    layer: list[nodes.Node] = [tree]
    for _ in range(_DEPTH):
        for node in layer:
            _accept_node(node)
        layer = [child for node in layer for child in node.iter_child_nodes()]
        if not layer:
            return
    raise TemplateRefused("模板嵌套太深")


def _accept_node(node: nodes.Node) -> None:
    if not isinstance(node, _NODES):
        raise TemplateRefused(f"模板里不能用 {type(node).__name__}")
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        if name.startswith("_") or name in _SPECIAL:
            raise TemplateRefused(f"模板里不能用 {name}")
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        raise TemplateRefused("方括号里只能写固定的序号或名字")
    if isinstance(node, nodes.Filter):
        _accept_filter(node)


def _accept_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise TemplateRefused(f"没有过滤器 {node.name}, 可用: {'、'.join(sorted(FILTERS))}")
    if node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None:
        raise TemplateRefused(f"过滤器 {node.name} 只能带固定的参数")
    values = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
    fits = node.name != "fit" or (len(values) == 1 and type(values[0]) is int and 0 < values[0] <= 200)
    if len(values) != len(node.args) or len(values) > 1 or not fits:
        raise TemplateRefused(f"过滤器 {node.name} 的参数不对")


def accept_data(data: object) -> None:
    """Refuses anything but text, whole numbers, truth values, None, short lists and dictionaries, of a modest size."""
    layer: list[object] = [data]
    size = 0
    for _ in range(_DEPTH):
        size += sum(_weight(value) for value in layer)
        if size > _DATA_LIMIT:
            raise TemplateRefused("模板数据太大")
        layer = [child for value in layer for child in _children(value)]
        if not layer:
            return
    raise TemplateRefused("模板数据嵌套太深")


def _weight(value: object) -> int:
    if type(value) not in (str, int, bool, type(None), list, dict):
        raise TemplateRefused(f"模板数据里不能有 {type(value).__name__}")
    if type(value) is int and abs(value) >= _INT_LIMIT:
        raise TemplateRefused("模板数据里的数太大")
    if type(value) is list and len(value) > _LIST_LIMIT:
        raise TemplateRefused(f"模板数据里的列表超过 {_LIST_LIMIT} 项")
    return len(value) + 1 if type(value) is str else 1


def _children(value: object) -> Iterator[object]:
    if type(value) is dict:
        yield from value.keys()
        yield from value.values()
    elif type(value) is list:
        yield from value
