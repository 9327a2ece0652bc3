"""A process made ready: its parts by key, its rules read, so that the engine looks nothing up twice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.form import Form, Kind
from domain.language.fields import Dictionary, FieldSpec, FieldType, meaning
from domain.language.rules import Rule, read_rule
from domain.part import Part
from domain.process.deadline import Deadline
from domain.process.figure import Figure
from domain.process.process import Action, Process, Recusal, Role, State, StateKind
from domain.texts import names_in

EVERY_OPEN = "open"

_P = TypeVar("_P", State, Action, Deadline, Role, Figure)


@dataclass(frozen=True)
class Definition:
    """A compiled process. Of a field, `kept` is what the case calls it and `since` the action it counts from; others
    are asked. `blanks` are the fields that a text names, `judged_later` the actions whose condition is about what their
    own form asks, `timed` those whose condition time alone can change.
    """

    process: Process
    version: int
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    deadlines: Mapping[str, Deadline]
    roles: Mapping[str, Role]
    figures: Mapping[str, Figure]
    fields: Dictionary
    kept: Mapping[str, str]
    since: Mapping[str, str]
    rules: Mapping[str, Rule]
    blanks: Mapping[str, frozenset[str]]
    recusals: tuple[Recusal, ...]
    sources: Mapping[str, frozenset[str]]
    initial: str
    judged_later: frozenset[str]
    timed: frozenset[str]

    def closed(self, state: str) -> bool:
        return self.states[state].kind is StateKind.CLOSED

    @property
    def answers_for_roles(self) -> frozenset[str]:
        """The answers that name somebody who gets a role."""
        return frozenset(each.answer for role in self.roles.values() for each in role.choose if each.answer)

    @property
    def answers_for_recusal(self) -> frozenset[str]:
        """The answers that name somebody who has to keep out."""
        named = (each.answer or each.line for recusal in self.recusals for each in recusal.who)
        return frozenset(key for key in named if key)


def field_dictionary(specs: Iterable[FieldSpec], forms: Iterable[Form]) -> Dictionary:
    """The meanings of the entries; a choice kept by the case takes its words from the form that asks for it."""
    specs, options = tuple(specs), dict(_options(forms))
    asked = {each.name: options.get(each.case) if each.case and not each.words else None for each in specs}
    return {each.name: meaning(each, asked[each.name]) for each in specs}


def compile_process(process: Process, version: int, specs: Iterable[FieldSpec], forms: Iterable[Form]) -> Definition:
    """The definition; raises RuleError for a rule that cannot be read and KeyError for a name that is not there."""
    listed, forms = tuple(specs), tuple(forms)
    fields = field_dictionary(listed, forms)
    rules = {text: read_rule(text, fields) for text in {text for _, text in guards(process)}}
    since = {spec.name: spec.since for spec in listed if spec.since and not spec.case}
    asked = {
        form.key: {spec.name for spec in listed if any(spec.case == each.key for each in form.fields)} for form in forms
    }
    return Definition(
        process,
        version,
        states=_keyed(process.states),
        actions=_keyed(process.actions),
        deadlines=_keyed(process.deadlines),
        roles=_keyed(process.roles),
        figures=_keyed(process.figures),
        fields=fields,
        kept={each.name: each.case for each in listed if each.case},
        since=since,
        rules=rules,
        blanks={text: frozenset(names_in(text)) for _, text in texts(process)},
        recusals=process.recusals,
        sources={action.key: sources(process, action) for action in process.actions},
        initial=next(state.key for state in process.states if state.kind is StateKind.INITIAL),
        judged_later=frozenset(
            action.key
            for action in process.actions
            if action.when and rules[action.when].fields & asked.get(action.form or "", set())
        ),
        timed=frozenset(
            action.key for action in process.actions if action.when and rules[action.when].fields <= since.keys()
        ),
    )


def sources(process: Process, action: Action) -> frozenset[str]:
    """The states in which an action can be done; the word `open` stands for all but the first and the closed ones."""
    lively = {state.key for state in process.states if state.kind in (StateKind.OPEN, StateKind.WAITING)}
    return frozenset(action.from_) | lively if EVERY_OPEN in action.from_ else frozenset(action.from_)


def parts_of(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Part]]:
    """Every part within a part, with its place in the file, itself first."""
    yield path, part
    for name, info in type(part).model_fields.items():
        value: Any = getattr(part, name)
        here = (*path, info.alias or name)
        if isinstance(value, Part):
            yield from parts_of(value, here)
        elif isinstance(value, tuple):
            for index, each in enumerate(value):
                if isinstance(each, Part):
                    yield from parts_of(each, (*here, index))


def guards(process: Process) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every rule of a process with its place."""
    if process.confidential is not None:
        yield ("confidential",), process.confidential
    for path, part in parts_of(process):
        text = getattr(part, "when", None)
        if isinstance(text, str):
            yield (*path, "when"), text


def texts(process: Process) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text that may name fields in braces, with its place."""
    for path, part in parts_of(process):
        name = "refusal" if isinstance(part, Action) else "text"
        text = getattr(part, name, None)
        if isinstance(text, str):
            yield (*path, name), text


def _keyed(parts: Iterable[_P]) -> Mapping[str, _P]:
    return {part.key: part for part in parts}


def _options(forms: Iterable[Form]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for form in forms:
        for field in form.fields:
            if field.type in (Kind.CHOICE, Kind.MULTI_CHOICE):
                yield field.key, {option.text: option.key for option in field.options}


KINDS_OF_TYPE: Mapping[FieldType, frozenset[Kind]] = {
    FieldType.CHOICE: frozenset({Kind.CHOICE}), FieldType.SET: frozenset({Kind.MULTI_CHOICE}),
    FieldType.FLAG: frozenset({Kind.FLAG}), FieldType.MONEY: frozenset({Kind.AMOUNT}),
    FieldType.TEXT: frozenset({Kind.TEXT, Kind.CUSTOMER}),
}  # fmt: skip
"""Which questions may feed a field of that type."""
