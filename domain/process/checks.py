"""What is wrong with a process before it ever runs: names, rules, people, clocks, and ways that lead nowhere."""

from collections.abc import Iterable, Iterator, Sequence

from domain.form import Form, Kind
from domain.language.fields import WORDED, FieldSpec
from domain.language.rules import read_rule
from domain.language.tokens import RuleError
from domain.pack_checks import CASE_VERB, Fault, Keyed, Path, unique_keys
from domain.process import paths as process_paths
from domain.process.clock_checks import clock_faults
from domain.process.definition import EVERY_OPEN, KINDS_OF_TYPE, field_dictionary, guards, parts_of
from domain.process.process import Action, Approval, Outcome, Process
from domain.process.selecting import FILER, RM, Selector
from domain.process.words import text_faults

_HERE: Path = ("process",)


def process_faults(process: Process, specs: Sequence[FieldSpec], forms: Sequence[Form]) -> Iterator[Fault]:
    """Everything found, each with the path of the part it concerns."""
    yield from _doubles(process, specs)
    yield from _field_faults(process, specs, forms)
    yield from _rule_faults(process, specs, forms)
    yield from _action_faults(process, forms)
    yield from _outcome_faults(process, specs)
    yield from _people_faults(process, forms)
    yield from _approval_faults(process)
    yield from _face_faults(process, specs, forms)
    yield from _moment_faults(process, forms)
    for path, message in (*clock_faults(process), *text_faults(process, specs), *process_paths.path_faults(process)):
        yield (*_HERE, *path), message


def produced(process: Process, forms: Iterable[Form]) -> frozenset[str]:
    """The keys that something puts into a case: a question, a conclusion, an outcome."""
    asked = {field.key for form in forms if form.verb == CASE_VERB for field in form.fields}
    set_ = {key for _, part in parts_of(process) if isinstance(part, Outcome) for key in part.set}
    return frozenset(asked | set_ | {conclusion.key for conclusion in process.conclusions})


def _doubles(process: Process, specs: Sequence[FieldSpec]) -> Iterator[Fault]:
    groups: dict[str, tuple[Sequence[Keyed], str]] = {
        "states": (process.states, "状态"), "actions": (process.actions, "操作"), "roles": (process.roles, "角色"),
        "deadlines": (process.deadlines, "时限"), "figures": (process.figures, "数字"),
    }  # fmt: skip
    for name, (parts, what) in groups.items():
        yield from unique_keys(parts, (*_HERE, name), what)
    for index, state in enumerate(process.states):
        if state.key == EVERY_OPEN:
            yield (*_HERE, "states", index, "key"), f"“{EVERY_OPEN}”指所有未关闭的状态，请换一个键"
    for index, deadline in enumerate(process.deadlines):
        yield from unique_keys(deadline.ladder, (*_HERE, "deadlines", index, "ladder"), "级别")
    seen: set[str] = set()
    for index, spec in enumerate(specs):
        if spec.name in seen:
            yield ("fields", index, "name"), f"字段“{spec.name}”重复了"
        seen.add(spec.name)


def _field_faults(process: Process, specs: Sequence[FieldSpec], forms: Sequence[Form]) -> Iterator[Fault]:
    known, actions = produced(process, forms), {action.key for action in process.actions}
    questions = {field.key: field.type for form in forms for field in form.fields}
    worded = field_dictionary(specs, forms)
    for index, spec in enumerate(specs):
        path: Path = ("fields", index)
        if spec.case is not None and spec.case not in known:
            yield (*path, "case"), f"没有哪张表单、结论或操作会填“{spec.case}”"
        if spec.since is not None and spec.since not in actions:
            yield (*path, "since"), f"没有叫“{spec.since}”的操作"
        if spec.type in WORDED and not worded[spec.name].words:
            yield path, f"字段“{spec.name}”要写 words，说明有哪些选项"
        kind = questions.get(spec.case or "")
        if kind is not None and kind not in KINDS_OF_TYPE.get(spec.type, frozenset(Kind)):
            yield (*path, "type"), f"字段“{spec.name}”与表单里“{spec.case}”的类型不符"


def _rule_faults(process: Process, specs: Sequence[FieldSpec], forms: Sequence[Form]) -> Iterator[Fault]:
    fields = field_dictionary(specs, forms)
    for path, text in guards(process):
        try:
            read_rule(text, fields)
        except RuleError as error:
            yield (*_HERE, *path), str(error)


def _action_faults(process: Process, forms: Sequence[Form]) -> Iterator[Fault]:
    states, by_key = {state.key for state in process.states}, {form.key: form for form in forms}
    for index, action in enumerate(process.actions):
        path: Path = (*_HERE, "actions", index)
        for place, state in enumerate(action.from_):
            if state not in states | {EVERY_OPEN}:
                yield (*path, "from", place), f"没有叫“{state}”的状态"
        yield from _form_faults(action.form, by_key, (*path, "form"))
        if action.tasks is not None:
            yield from _form_faults(action.tasks.form, by_key, (*path, "tasks", "form"))
            yield from unique_keys(action.tasks.parts, (*path, "tasks", "parts"), "协办")
        if action.refusal is not None and action.when is None:
            yield (*path, "refusal"), "没有 when，refusal 永远用不到"
        if action.main and action.who[0].role is None:
            yield (*path, "main"), "main 的操作，who 的第一条要写 role：案件等的就是这个角色"
        yield from _link_faults(action, by_key, path)


def _link_faults(action: Action, forms: dict[str, Form], path: Path) -> Iterator[Fault]:
    form = forms.get(action.form or "")
    if action.links is not None and not any(
        field.key == action.links and field.type is Kind.TEXT for field in (form.fields if form else ())
    ):
        yield (*path, "links"), f"这个操作的表单里没有叫“{action.links}”的文字题"


def _form_faults(key: str | None, forms: dict[str, Form], path: Path) -> Iterator[Fault]:
    if key is not None and key not in forms:
        yield path, f"没有叫“{key}”的表单"
    elif key is not None and forms[key].verb != CASE_VERB:
        yield path, f"表单“{key}”的 verb 应当是 {CASE_VERB}"


def _outcome_faults(process: Process, specs: Sequence[FieldSpec]) -> Iterator[Fault]:
    states, roles = {state.key for state in process.states}, {role.key for role in process.roles}
    keys = {spec.case for spec in specs}
    for path, part in parts_of(process, _HERE):
        if not isinstance(part, Outcome):
            continue
        if part.to is not None and part.to not in states:
            yield (*path, "to"), f"没有叫“{part.to}”的状态"
        for index, role in enumerate(part.assign):
            if role not in roles:
                yield (*path, "assign", index), f"没有叫“{role}”的角色"
        for key in part.set:
            if key not in keys:
                yield (*path, "set", key), f"字段字典里没有 case: {key}，填了也没人看"
    actions = {action.key for action in process.actions}
    for index, conclusion in enumerate(process.conclusions):
        for place, key in enumerate(conclusion.on):
            if key not in actions:
                yield (*_HERE, "conclusions", index, "on", place), f"没有叫“{key}”的操作"
        yield from _finding_faults(index, conclusion.key, process, specs)


def _finding_faults(index: int, key: str, process: Process, specs: Sequence[FieldSpec]) -> Iterator[Fault]:
    spec = next((each for each in specs if each.case == key), None)
    if spec is None:
        yield (*_HERE, "conclusions", index, "key"), f"字段字典里没有 case: {key}，得出的结论没人看"
        return
    for place, finding in enumerate(process.conclusions[index].findings):
        if spec.words and finding.value not in spec.words:
            path = (*_HERE, "conclusions", index, "findings", place, "value")
            yield path, f"“{spec.name}”没有“{finding.value}”，可用：{'、'.join(spec.words)}"


def _face_faults(process: Process, specs: Sequence[FieldSpec], forms: Sequence[Form]) -> Iterator[Fault]:
    known, asked = {spec.name for spec in specs}, produced(process, forms)
    for index, name in enumerate(process.face.fields):
        if name not in known:
            yield (*_HERE, "face", "fields", index), f"字段字典里没有“{name}”"
    told: list[tuple[Path, str | None]] = [(("face", "story"), process.face.story)]
    told += [(("face", "same", index), key) for index, key in enumerate(process.face.same)]
    for path, key in told:
        if key is not None and key not in asked:
            yield (*_HERE, *path), f"没有哪张表单会填“{key}”"


def _moment_faults(process: Process, forms: Sequence[Form]) -> Iterator[Fault]:
    """When a clock began, and its last day, can only be told by a question for a time."""
    kinds = {field.key: field.type for form in forms if form.verb == CASE_VERB for field in form.fields}
    for place, deadline in enumerate(process.deadlines):
        for name in ("since", "until"):
            key = getattr(deadline, name)
            if key is not None and kinds.get(key) is not Kind.MOMENT:
                said = f"“{key}”问的不是时间" if key in kinds else f"没有哪张表单会填“{key}”"
                yield (*_HERE, "deadlines", place, name), said


def _people_faults(process: Process, forms: Sequence[Form]) -> Iterator[Fault]:
    roles, asked = {FILER, *(role.key for role in process.roles)}, produced(process, forms)
    for path, part in parts_of(process, _HERE):
        if not isinstance(part, Selector):
            continue
        for name, key in (("role", part.role), ("superior", part.superior)):
            if key is not None and key not in roles and (name, key) != ("superior", RM):
                yield (*path, name), f"没有叫“{key}”的角色"
        for name, key in (("answer", part.answer), ("line", part.line)):
            if key is not None and key not in asked:
                yield (*path, name), f"没有哪张表单会填“{key}”"
        if part.post is not None and part.at is None and not _is_actor(path):
            yield (*path, "post"), "这里要写 at（哪一级机构的），不然会找遍全行"
    yield from _given_roles(process)
    if all(selector.when is not None for selector in process.vacancy):
        yield (*_HERE, "vacancy"), "最后要有一条不带 when，总能找到人"


def _is_actor(path: Path) -> bool:
    """Who may do an action is asked of one person at a time; everywhere else people must be found."""
    return len(path) == 5 and path[1] == "actions" and path[3] == "who"


def _given_roles(process: Process) -> Iterator[Fault]:
    given = {role for _, part in parts_of(process) if isinstance(part, Outcome) for role in part.assign}
    for index, role in enumerate(process.roles):
        if role.key not in given:
            yield (*_HERE, "roles", index, "key"), f"没有哪个操作分派“{role.label}”（assign）"


def _approval_faults(process: Process) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, action in enumerate(process.actions):
        path: Path = (*_HERE, "actions", index, "approval")
        if action.approval is None:
            continue
        if action.approval.key in seen:
            yield (*path, "key"), f"审批“{action.approval.key}”重复了"
        seen.add(action.approval.key)
        if _decides_alone(action, action.approval):
            yield (*path, "who"), "审批人和提交人是同一批人，会变成自己批自己"
        if action.approval.bound and action.to is None and action.approval.agree.to is None:
            yield (*path, "bound"), "审批不挪动案件，请写 bound: false，免得案件一动它就失效"


def _decides_alone(action: Action, approval: Approval) -> bool:
    """Every approver is also somebody who may ask, and each of those is one person only."""
    askers = {selector.model_copy(update={"when": None}) for selector in action.who}
    deciders = {selector.model_copy(update={"when": None}) for selector in approval.who}
    return deciders <= askers
