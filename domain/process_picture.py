"""A process drawn from its definition, so that the picture can never tell another story."""

from collections.abc import Iterator

from domain.process import Process, StateKind
from domain.process_paths import edges


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
    for (here, there), words in _arrows(process).items():
        yield f"    {here} --> {there}: {'、'.join(words)}"
    for state in process.states:
        if state.kind is StateKind.CLOSED:
            yield f"    {state.key} --> [*]"


def _arrows(process: Process) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for here, there, label in edges(process):
        words = arrows.setdefault((here, there), [])
        if _safe(label) not in words:
            words.append(_safe(label))
    return arrows


def _safe(words: str) -> str:
    """Mermaid reads a colon and a semicolon as its own."""
    return words.replace('"', "'").replace("：", " ").replace(":", " ").replace(";", " ")
