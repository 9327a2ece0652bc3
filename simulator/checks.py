"""The small language the rule tables are written in: walk a path, apply a predicate, name the errcode."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

MISSING: Any = object()
Check = Callable[[Any, Mapping[str, Any]], bool]
When = Callable[[Mapping[str, Any]], bool]


class Fault(NamedTuple):
    """One broken rule, and what WeCom answers for it."""

    errcode: int
    path: str
    text: str


class Rule(NamedTuple):
    """A row of a rule table. `on` holds the letters of the kinds it applies to; `documented`: WeCom names the
    errcode.
    """

    on: str
    path: str
    check: Check
    errcode: int
    documented: bool
    text: str
    when: When | None = None
    send_only: bool = False


def places(tree: Any, path: str) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Every value at `path` (`a.b[].c`) with the object that holds it; MISSING where the object lacks it."""
    head, _, rest = path.partition(".")
    name, many = head.removesuffix("[]"), head.endswith("[]")
    if not isinstance(tree, Mapping):
        return
    value = tree.get(name, MISSING)
    if not rest and not many:
        yield value, tree
        return
    for item in value if many and isinstance(value, list) else [] if many else [value]:
        yield from places(item, rest) if rest else ((item, tree),)


def broken(rules: tuple[Rule, ...], letter: str, tree: Any, *, update: bool = False) -> Fault | None:
    """The first rule that `tree` breaks."""
    for rule in rules:
        if letter not in rule.on or (update and rule.send_only):
            continue
        for value, holder in places(tree, rule.path):
            if (rule.when is None or rule.when(holder)) and not rule.check(value, holder):
                return Fault(rule.errcode, rule.path, rule.text)
    return None


def misshapen(shape: Any, tree: Any, path: str = "") -> Fault | None:
    """A value of the wrong JSON type (40035), or a field the page does not list (40058)."""
    if isinstance(shape, dict):
        return _misshapen_object(shape, tree, path)
    if isinstance(shape, list):
        if not isinstance(tree, list):
            return Fault(40035, path, "应为数组")
        return next((f for n, item in enumerate(tree) if (f := misshapen(shape[0], item, f"{path}[{n}]"))), None)
    if shape is float and isinstance(tree, int | float) and not isinstance(tree, bool):
        return None
    fits = isinstance(tree, shape) and (shape is bool or not isinstance(tree, bool))
    return None if fits else Fault(40035, path, f"应为 {shape.__name__}")


def _misshapen_object(shape: dict[str, Any], tree: Any, path: str) -> Fault | None:
    if not isinstance(tree, dict):
        return Fault(40035, path, "应为对象")
    for name, value in tree.items():
        where = f"{path}.{name}".lstrip(".")
        fault = misshapen(shape[name], value, where) if name in shape else Fault(40058, where, "文档里没有这个字段")
        if fault:
            return fault
    return None


def filled(value: Any, _: Mapping[str, Any]) -> bool:
    return value is not MISSING and value not in ("", [], {}, None)


def present(value: Any, _: Mapping[str, Any]) -> bool:
    return value is not MISSING


def absent(value: Any, _: Mapping[str, Any]) -> bool:
    return value is MISSING


def length(low: int, high: int) -> Check:
    """A list of `low` to `high` entries; a missing one counts as empty."""
    return lambda value, _: low <= (0 if value is MISSING else len(value)) <= high


def octets(high: int) -> Check:
    """A filled string of at most `high` UTF-8 bytes."""
    return lambda value, holder: filled(value, holder) and len(value.encode()) <= high


def at_most_octets(high: int) -> Check:
    return lambda value, _: value is MISSING or len(value.encode()) <= high


def among(*words: Any) -> Check:
    """One of `words`, or missing."""
    return lambda value, _: value is MISSING or value in words


def exactly(*words: Any) -> Check:
    return lambda value, _: value in words


def between(low: float, high: float) -> Check:
    return lambda value, _: value is MISSING or low <= value <= high


def unique(name: str) -> Check:
    """The entries of a list differ in `name` (entries without it are another rule's business)."""

    def check(value: Any, _: Mapping[str, Any]) -> bool:
        keys = [item[name] for item in value if name in item] if isinstance(value, list) else []
        return len(keys) == len(set(keys))

    return check


def matching(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value, _: value is MISSING or compiled.fullmatch(value) is not None


def has_scheme(value: Any, _: Mapping[str, Any]) -> bool:
    return value is MISSING or value == "" or value.startswith(("http://", "https://"))


def option_of(listing: str) -> Check:
    """The value is the id of one of the holder's options."""
    return lambda value, holder: value is MISSING or value in [o.get("id") for o in holder.get(listing, ())]


def is_(name: str, *words: Any) -> When:
    return lambda holder: holder.get(name) in words


def has(name: str) -> When:
    return lambda holder: bool(holder.get(name))
