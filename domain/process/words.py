"""Texts of a process may name fields in braces, and nothing else."""

import string
from collections.abc import Iterator, Sequence

from domain.language.fields import FieldSpec
from domain.pack_checks import Fault
from domain.process.definition import parts_of
from domain.process.process import Action, Process


def text_faults(process: Process, specs: Sequence[FieldSpec]) -> Iterator[Fault]:
    """A fault for each text with a name that no field has, or with braces that do not match."""
    known = {spec.name for spec in specs}
    for path, part in parts_of(process):
        name = "refusal" if isinstance(part, Action) else "text"
        text = getattr(part, name, None)
        if isinstance(text, str):
            wrong = _unknown(text, known)
            if wrong:
                yield (*path, name), wrong


def _unknown(text: str, known: set[str]) -> str:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return f"花括号没有配对：{text}"
    named = (f"{name}{spec}{convert or ''}" for _, name, spec, convert in parsed if name is not None)
    unknown = [name for name in named if name not in known]
    return f"花括号里不认识的字段：{'、'.join(unknown)}" if unknown else ""
