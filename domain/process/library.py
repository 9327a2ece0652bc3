"""The processes of the house in all versions that cases still run on, and the forms that their actions ask."""

from collections.abc import Iterable

from domain.form import Field, Form, Kind
from domain.pack import Pack
from domain.pack_checks import CASE_VERB
from domain.process.definition import Definition
from domain.process.process import Action

REASON = "reason"
"""The question that an action with `reason` asks besides its form."""

_REASON_FIELD = Field(key=REASON, type=Kind.TEXT, label="理由", question="请写明理由", max=200)


class Library:
    """Packs by process and version; definitions are made once."""

    def __init__(self, packs: Iterable[Pack] = ()) -> None:
        self._definitions: dict[tuple[str, int], Definition] = {}
        self._forms: dict[tuple[str, int], Form] = {}
        for pack in packs:
            self.learn(pack)

    def learn(self, pack: Pack) -> None:
        """Take a version in; one that is known stays as it is, for a version never changes."""
        if pack.process is None or (pack.process.key, pack.version) in self._definitions:
            return
        self._definitions[pack.process.key, pack.version] = pack.definition
        for name, form in _forms(pack):
            self._forms[name, pack.version] = form.model_copy(update={"key": name})

    def has(self, process: str, version: int) -> bool:
        return (process, version) in self._definitions

    @property
    def letters(self) -> tuple[str, ...]:
        """What numbers of cases begin with."""
        return tuple(dict.fromkeys(each.process.letter for each in self._definitions.values()))

    def definition(self, process: str, version: int) -> Definition:
        """Raises KeyError for what is not in the house."""
        return self._definitions[process, version]

    def newest(self, process: str) -> Definition:
        """What new cases run on; raises KeyError for an unknown process."""
        versions = [version for name, version in self._definitions if name == process]
        if not versions:
            raise KeyError(process)
        return self._definitions[process, max(versions)]

    def form(self, name: str, version: int) -> Form:
        """The form of an action, a rejection or a task, by the name that `form_name` gave; raises KeyError."""
        return self._forms[name, version]

    def knows(self, name: str, version: int) -> bool:
        return (name, version) in self._forms


def form_name(definition: Definition, kind: str, key: str) -> str:
    """`complaint.act.file`: what a conversation calls the form of an action (act), a rejection (reject) or a task
    (finish)."""
    return f"{definition.process.key}.{kind}.{key}"


def asks(action: Action) -> bool:
    """Whether the action needs words before it can be done."""
    return action.form is not None or action.reason


def _forms(pack: Pack) -> Iterable[tuple[str, Form]]:
    assert pack.process is not None
    key = pack.process.key
    for action in pack.process.actions:
        if asks(action):
            yield f"{key}.act.{action.key}", _form_of(pack, action)
        if action.tasks is not None and action.tasks.form is not None:
            yield f"{key}.finish.{action.key}", pack.form(action.tasks.form)
        if action.approval is not None:
            yield f"{key}.reject.{action.key}", _only_reason(f"退回：{action.approval.label}")


def _form_of(pack: Pack, action: Action) -> Form:
    if action.form is None:
        return _only_reason(action.label)
    form = pack.form(action.form)
    return form.model_copy(update={"fields": (*form.fields, _REASON_FIELD)}) if action.reason else form


def _only_reason(title: str) -> Form:
    return Form(key=REASON, title=title[:16], verb=CASE_VERB, fields=(_REASON_FIELD,))
