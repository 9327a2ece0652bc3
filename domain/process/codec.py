"""Cases, events and facts as plain JSON values and back, exactly: what is stored must replay to the same case."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import JsonValue

from domain.process import case, facts
from domain.process import event as case_event

_KIND = "~"
_CLASSES: Mapping[str, type[Any]] = {
    each.__name__: each
    for each in (
        case.Case, case.Clock, case.Armed, case.Task, case.Ballot, case.Asked, case.Undoable,
        case.Running, case.Verdict,
        case_event.Act, case_event.Vote, case_event.Finish, case_event.Undo, case_event.Fired, case_event.Reckon,
        case_event.Succeed, case_event.Happening,
        facts.Facts, facts.Topic,
    )
}  # fmt: skip


def dump(value: Any) -> JsonValue:
    """A value of the engine as JSON; raises TypeError for anything else."""
    if isinstance(value, Enum):
        return {_KIND: type(value).__name__, "v": str(value.value)}
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [dump(each) for each in value]
    if isinstance(value, frozenset):
        return {_KIND: "set", "v": [dump(each) for each in sorted(value)]}
    if isinstance(value, Mapping):
        return {_KIND: "map", "v": [[dump(key), dump(each)] for key, each in value.items()]}
    if isinstance(value, datetime | Decimal):
        return {_KIND: "at" if isinstance(value, datetime) else "number", "v": str(value)}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        held = {each.name: dump(getattr(value, each.name)) for each in fields(value)}
        return {_KIND: type(value).__name__, **held}
    raise TypeError(f"nothing of the engine: {value!r}")


def load(value: JsonValue) -> Any:
    """What `dump` was given; raises KeyError or ValueError for what it never wrote."""
    if isinstance(value, list):
        return tuple(load(each) for each in value)
    if not isinstance(value, dict):
        return value
    kind = str(value[_KIND])
    if kind in _PLAIN:
        return _PLAIN[kind](value["v"])
    made = _CLASSES[kind]
    if issubclass(made, Enum):
        return made(value["v"])
    return made(**{name: load(each) for name, each in value.items() if name != _KIND})


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "set": lambda items: frozenset(map(load, items)),
    "map": lambda pairs: {load(key): load(each) for key, each in pairs},
    "at": datetime.fromisoformat,
    "number": Decimal,
}
