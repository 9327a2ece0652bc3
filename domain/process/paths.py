"""The ways through a process: which states can be reached, and from which there is a way out."""

from collections.abc import Iterable, Iterator, Mapping

from domain.pack_checks import Fault
from domain.process.definition import sources
from domain.process.process import Action, Outcome, Process, StateKind


def edges(process: Process) -> Iterator[tuple[str, str, str]]:
    """From, to and the words on the arrow, for every way a case can move; `from` equals `to` where it stays."""
    for action in process.actions:
        for here in sorted(sources(process, action)):
            there = action.to or here
            yield here, there, action.label
            for label, outcome in _later(action):
                if outcome.to is not None:
                    yield there, outcome.to, label


def path_faults(process: Process) -> Iterator[Fault]:
    """States nobody reaches, states nobody leaves, a beginning or an end too few."""
    kinds = [state.kind for state in process.states]
    if kinds.count(StateKind.INITIAL) != 1:
        yield ("states",), "要有一个、也只能有一个 kind: initial 的状态"
        return
    if StateKind.CLOSED not in kinds:
        yield ("states",), "要有至少一个 kind: closed 的状态"
    ways = [(here, there) for here, there, _ in edges(process)]
    first = next(state.key for state in process.states if state.kind is StateKind.INITIAL)
    ends = [state.key for state in process.states if state.kind is StateKind.CLOSED]
    reached = _spread([first], ways)
    leading_out = _spread(ends, [(there, here) for here, there in ways])
    for index, state in enumerate(process.states):
        if state.key not in reached:
            yield ("states", index, "key"), f"状态“{state.label}”到不了"
        elif state.key not in leading_out:
            yield ("states", index, "key"), f"状态“{state.label}”是死胡同，到不了任何关闭的状态"


def _later(action: Action) -> Iterator[tuple[str, Outcome]]:
    if action.approval is not None:
        yield f"{action.approval.label}：同意", action.approval.agree
        yield f"{action.approval.label}：退回", action.approval.reject
    if action.tasks is not None:
        yield f"{action.label}：完成", action.tasks.joined


def _spread(start: Iterable[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    onward: dict[str, set[str]] = {}
    for here, there in ways:
        onward.setdefault(here, set()).add(there)
    return _reach(start, onward)


def _reach(start: Iterable[str], onward: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found
