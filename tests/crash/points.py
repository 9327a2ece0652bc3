"""Every point at which `rmbot serve` is killed, read from the source of the modules it runs."""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from inspect import getsource
from types import ModuleType

from handlers.case.telling import FIRE

PACKAGES = ("bot", "scheduler", "handlers", "storage")
RUNNERS = {"do", "job", "run", "change"}
CALLERS = {"call", "_request"}
BEFORE, AFTER = "before commit of", "after commit of"
ASKING, ANSWERED = "before the request", "after the answer of"
KEPT_FIRST, KEPT_LAST = "before commit of callbacks", "callback kept, not yet answered"
NOTED, NOTED_ALONE = "attempt noted", "attempt noted alone"
SMS = "sms"
ANY = "*"
NEVER_ASKED = frozenset({"menu/delete"})  # a menu is empty when help is stopped, which nobody can
KINDS_OF_DATA = (f"import.{ANY}", f"timer.{FIRE}{ANY}")


def served_modules() -> list[ModuleType]:
    """What a running service has imported; the other commands are imported when they are used."""
    import_module("bot.commands.serving")
    return [module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] in PACKAGES]


def all_points() -> list[str]:
    """Before and after every commit and every call; the names are those the code gives its units and paths."""
    calls = [(module, call) for module in served_modules() for call in _calls(module)]
    units = sorted({name for module, call in calls for name in _unit_names(module, call, calls)})
    paths = sorted({path for _, call in calls for path in _paths(call)} - NEVER_ASKED)
    commits = [f"{when} {name}" for name in units for when in (BEFORE, AFTER)]
    requests = [f"{when} {path}" for path in (*paths, SMS) for when in (ASKING, ANSWERED)]
    return [KEPT_FIRST, KEPT_LAST, NOTED, NOTED_ALONE, *commits, *requests]


Calls = list[tuple[ModuleType, ast.Call]]


def _calls(module: ModuleType) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(getsource(module))) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _unit_names(module: ModuleType, call: ast.Call, calls: Calls) -> Iterable[str]:
    """`Work(name, …)`, `database.do(run, name)`, `database.run(run, name=name)`."""
    if _called(call) == "Work":
        return _spelt(call.args[0], calls)
    if _called(call) not in RUNNERS:
        return ()
    named = [word.value for word in call.keywords if word.arg == "name"] or call.args[1:2]
    return [name for word in named for name in _spelt(word, calls)]


def _spelt(word: ast.expr, calls: Calls) -> Iterable[str]:
    """A name as written, or every name an f-string can become."""
    if isinstance(word, ast.Constant) and isinstance(word.value, str):
        return [word.value]
    if not isinstance(word, ast.JoinedStr) or not isinstance(word.values[0], ast.Constant):
        return []
    family = str(word.values[0].value)
    return [family + kind for kind in _FAMILIES[family](calls)]


def _inbox_kinds(_calls: Calls) -> list[str]:
    from domain.update import UpdateKind

    return [kind.value for kind in UpdateKind if kind is not UpdateKind.TIMER]


def _timer_kinds(calls: Calls) -> list[str]:
    """The `kind=` of every `timers.arm`."""
    found = [
        (module, word.value)
        for module, call in calls
        if _called(call) == "arm"
        for word in call.keywords
        if word.arg == "kind"
    ]
    return [_value(module, word) for module, word in found]


def _ends(calls: Calls) -> list[str]:
    """The states in which a sent row ends, as the sender names them."""
    return [_value(module, call.args[1]) for module, call in calls if _called(call) == "_end"]


def _one_kind(_calls: Calls) -> list[str]:
    return [ANY]


_FAMILIES: dict[str, Callable[[Calls], list[str]]] = {
    "inbox.": _inbox_kinds,
    "timer.": _timer_kinds,
    "outbox.": _ends,
    "import.": _one_kind,
}


def _value(module: ModuleType, word: ast.expr) -> str:
    """What a name or `module.NAME` stands for in that module; what follows a name in an f-string is data."""
    if isinstance(word, ast.JoinedStr):
        assert isinstance(word.values[0], ast.FormattedValue)
        return _value(module, word.values[0].value) + ANY
    if isinstance(word, ast.Attribute):
        return str(getattr(getattr(module, word.value.id), word.attr))  # type: ignore[attr-defined]
    return str(getattr(module, word.id))  # type: ignore[attr-defined]


def _paths(call: ast.Call) -> Iterable[str]:
    words = [word.value for word in call.args[:2] if isinstance(word, ast.Constant)]
    return [str(words[1])] if _called(call) in CALLERS and len(words) == 2 and words[0] in ("GET", "POST") else []


def unit_point(when: str, name: str) -> str:
    """The point of a unit; the files of an import are one kind, the timers of a process another."""
    kind = next((kind for kind in KINDS_OF_DATA if name.startswith(kind.removesuffix(ANY))), name)
    return f"{when} {kind}"
