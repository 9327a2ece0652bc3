"""A process drawn from its definition, so that the picture can never tell another story."""

from collections.abc import Iterator

from domain.process.definition import EVERY_OPEN
from domain.process.paths import edges
from domain.process.process import Action, Process, StateKind


def mermaid(process: Process) -> str:
    """A Mermaid state diagram; arrows with the same ends share one line of words."""
    return "\n".join(_lines(process)) + "\n"


def _lines(process: Process) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    for state in process.states:
        yield f'    state "{_safe(state.label)}" as {state.key}'
    for state in process.states:
        if state.kind is StateKind.INITIAL:
            yield f"    [*] --> {state.key}"
    yield from _always(process)
    for (here, there), words in _arrows(process).items():
        yield f"    {here} --> {there}: {'、'.join(words)}"
    for state in process.states:
        if state.kind is StateKind.CLOSED:
            yield f"    {state.key} --> [*]"


def _always(process: Process) -> Iterator[str]:
    """What can be done in every open state and moves nothing is said once, beside the first of them."""
    labels = [_safe(action.label) for action in process.actions if _everywhere(action)]
    first = next((state.key for state in process.states if state.kind is StateKind.OPEN), None)
    if labels and first:
        yield f"    note left of {first}: 未关闭时都可以 {'、'.join(labels)}"


def _everywhere(action: Action) -> bool:
    return EVERY_OPEN in action.from_ and action.to is None


def _arrows(process: Process) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    said_once = {action.label for action in process.actions if _everywhere(action)}
    for here, there, label in edges(process):
        if here == there and label in said_once:
            continue
        words = arrows.setdefault((here, there), [])
        if _safe(label) not in words:
            words.append(_safe(label))
    return arrows


def _safe(words: str) -> str:
    """Mermaid reads a colon and a semicolon as its own."""
    return words.replace('"', "'").replace("：", " ").replace(":", " ").replace(";", " ")
