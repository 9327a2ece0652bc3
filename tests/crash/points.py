"""Every point at which `rmbot serve` is killed, read from the source of the modules it runs."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from inspect import getsource
from types import ModuleType

from handlers.case.telling import FIRE

PACKAGES = ("bot", "scheduler", "handlers", "storage")
RUNNERS = {"do", "job", "run", "change"}
OWNERS = {"database", "desk"}
CALLERS = {"call", "_request"}
ARMERS = {"arm", "arm_for_all"}
BEFORE, AFTER = "before commit of", "after commit of"
ASKING, ANSWERED = "before the request", "after the answer of"
KEPT_FIRST, KEPT_LAST = "before commit of callbacks", "callback kept, not yet answered"
NOTED, NOTED_ALONE = "attempt noted", "attempt noted alone"
SMS = "sms"
ANY = "*"
# A menu is empty when help is stopped, which nobody can; members are listed by commands, in processes of their own.
NEVER_ASKED = frozenset({"menu/delete", "department/simplelist", "user/list"})
KINDS_OF_DATA = (f"import.{ANY}", f"timer.{FIRE}{ANY}", f"care.{ANY}")
PASSED_ON = {  # names that a function is given, by the module that passes them on
    ("bot.commands.desk", "name"): (),
    ("bot.sweep", "verb"): ("staff.gone", "staff.back"),
    ("scheduler.care", "job"): (f"care.{ANY}",),
    ("storage.database", "name"): (),
    ("storage.group", "name"): (),
    ("storage.imports.pen", "_name"): (),
}


@cache
def served_modules() -> list[ModuleType]:
    """What a running service has imported; the other commands are imported when they are used. Asked of a process of
    its own, for other tests import more.
    """
    asked = "import sys, bot.commands.serving; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", asked], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return [import_module(name) for name in sorted(names) if name.partition(".")[0] in PACKAGES]


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
        return _spelt(module, call.args[0], calls)
    if _called(call) not in RUNNERS or not isinstance(call.func, ast.Attribute) or not _of_work(call.func.value):
        return ()
    named = [word.value for word in call.keywords if word.arg == "name"] or call.args[1:2]
    return [name for word in named for name in _spelt(module, word, calls)]


def _of_work(owner: ast.expr) -> bool:
    """`database.run` and `desk.change` commit; others who run and change something do not."""
    return getattr(owner, "attr", getattr(owner, "id", "")).strip("_") in OWNERS


def _spelt(module: ModuleType, word: ast.expr, calls: Calls) -> Iterable[str]:
    """A name as written, what a constant stands for, or every name an f-string can become."""
    if isinstance(word, ast.Constant):
        return [str(word.value)]
    if isinstance(word, ast.JoinedStr):
        family = str(getattr(word.values[0], "value", ""))
        return [family + kind for kind in _FAMILIES[family](calls)]
    passed_on = PASSED_ON.get((module.__name__, getattr(word, "attr", getattr(word, "id", ""))))
    return [_value(module, word)] if passed_on is None else passed_on


def _inbox_kinds(_calls: Calls) -> list[str]:
    from domain.update import UpdateKind

    return [kind.value for kind in UpdateKind if kind is not UpdateKind.TIMER]


def _timer_kinds(calls: Calls) -> list[str]:
    """The `kind=` of every `timers.arm`."""
    found = [
        (module, word.value)
        for module, call in calls
        if _called(call) in ARMERS
        for word in call.keywords
        if word.arg == "kind"
    ]
    return [_value(module, word) for module, word in found]


def _ends(calls: Calls) -> list[str]:
    """The states in which a sent row ends, as the sender names them."""
    senders = [(module, call) for module, call in calls if module.__name__.startswith("bot.")]
    return [_value(module, call.args[1]) for module, call in senders if _called(call) == "_end"]


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


def name_of(point: str) -> str:
    """What is committed or asked there, whichever side of it the point is on."""
    for when in (BEFORE, AFTER, ASKING, ANSWERED):
        point = point.removeprefix(f"{when} ")
    return point


def unit_point(when: str, name: str) -> str:
    """The point of a unit; the files of an import are one kind, the timers of a process another."""
    kind = next((kind for kind in KINDS_OF_DATA if name.startswith(kind.removesuffix(ANY))), name)
    return f"{when} {kind}"
