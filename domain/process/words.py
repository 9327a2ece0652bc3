"""Texts of a process may name fields in braces, and nothing else."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from domain.language.fields import FieldSpec
from domain.pack_checks import Fault
from domain.process.definition import texts
from domain.process.process import Process
from domain.texts import names_in


def text_faults(process: Process, specs: Sequence[FieldSpec]) -> Iterator[Fault]:
    """A fault for each text with a name that no field has, or with braces that do not match."""
    known = {spec.name for spec in specs}
    for path, text in texts(process):
        if wrong := _unknown(text, known):
            yield path, wrong


def _unknown(text: str, known: AbstractSet[str]) -> str:
    try:
        unknown = names_in(text) - known
    except ValueError as error:
        return str(error)
    return f"花括号里不认识的字段：{'、'.join(sorted(unknown))}" if unknown else ""
