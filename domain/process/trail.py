"""The trail of a case in words: who did what when; the words that were written, for those who take part."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.daytext import stamp
from domain.ids import UserId
from domain.language.fields import Value
from domain.process.answers import words
from domain.process.definition import Definition
from domain.process.event import Act, Event, Finish, Happening
from domain.process.library import Library, form_name

Names = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a case with everything that came of it."""

    event: Event
    happenings: tuple[Happening, ...]


def trail(
    library: Library, definition: Definition, steps: Iterable[Step], name: Names, *, in_full: bool
) -> Iterator[str]:
    """The lines, the first first. Without `in_full` nobody's words are shown, only what was done."""
    for step in steps:
        for happening in step.happenings:
            line = _said(definition, happening, name)
            if line is not None:
                yield f"{stamp(happening.at)} {line}"
                if in_full:
                    yield from _words(library, definition, step.event, happening)


def people_of(steps: Iterable[Step]) -> Iterator[UserId]:
    """Everybody a trail names."""
    for step in steps:
        for happening in step.happenings:
            yield from (each for each in (happening.actor, happening.principal) if each)
            to = happening.detail.get("to")
            yield from (UserId(each) for each in (to if isinstance(to, tuple) else ()))


def _said(definition: Definition, happening: Happening, name: Names) -> str | None:
    line = _LINES.get(happening.kind)
    said = line(definition, happening.detail, happening, name) if line else None
    if said is None or happening.actor is None or happening.kind == "assigned":
        return said
    return f"{name(happening.actor)}{_stood(happening, name)} {said}"


def _stood(happening: Happening, name: Names) -> str:
    return f"（代 {name(happening.principal)}）" if happening.principal else ""


def _words(library: Library, definition: Definition, event: Event, happening: Happening) -> Iterator[str]:
    reason = happening.detail.get("reason")
    if happening.kind == "done" and isinstance(event, Act):
        yield from _answers(library, definition, "act", event.action, event.answers)
    if happening.kind == "task_done" and isinstance(event, Finish):
        action = _action_of_part(definition, str(happening.detail["part"]))
        yield from _answers(library, definition, "finish", action, event.answers)
    if reason:
        yield f"　理由：{reason}"


def _answers(
    library: Library, definition: Definition, kind: str, action: str, answers: Mapping[str, Value]
) -> Iterator[str]:
    name = form_name(definition, kind, action)
    if library.knows(name, definition.version):
        form = library.form(name, definition.version)
        yield from (f"　{label}：{text}" for label, text in words(form, answers))


def _action_of_part(definition: Definition, part: str) -> str:
    found = (
        action.key
        for action in definition.process.actions
        for each in (action.tasks.parts if action.tasks else ())
        if each.key == part
    )
    return next(found, "")


def _part_label(definition: Definition, part: Value) -> str:
    for action in definition.process.actions:
        for each in action.tasks.parts if action.tasks else ():
            if each.key == part:
                return each.label
    return str(part)


def _approval_label(definition: Definition, action: Value) -> str:
    found = definition.actions[str(action)].approval
    return found.label if found else str(action)


def _level_label(definition: Definition, detail: Mapping[str, Value]) -> str:
    deadline = definition.deadlines[str(detail["deadline"])]
    label = next((each.label for each in deadline.ladder if each.key == detail["level"]), "")
    return f"{deadline.label}·{label}"


def _people(value: Value | None, name: Names) -> str:
    return "、".join(name(each) for each in value) if isinstance(value, tuple) else ""


def _clock(word: str) -> "_Line":
    return lambda definition, detail, _happening, _name: (
        f"{word}“{definition.deadlines[str(detail['deadline'])].label}”计时"
    )


_Line = Callable[[Definition, Mapping[str, Value], Happening, Names], str | None]
_LINES: Mapping[str, _Line] = {
    "done": lambda definition, detail, _, __: definition.actions[str(detail["action"])].label,
    "voted": lambda _, detail, __, ___: "同意" if detail["agree"] else "退回",
    "asked": lambda definition, detail, _, __: f"提请{_approval_label(definition, detail['of'])}",
    "task_opened": lambda definition, detail, _, __: f"已请{_part_label(definition, detail['part'])}",
    "task_done": lambda definition, detail, _, __: f"答复{_part_label(definition, detail['part'])}",
    "joined": lambda definition, detail, _, __: f"{definition.actions[str(detail['action'])].label}全部完成",
    "undone": lambda _, __, ___, ____: "撤销了刚才的决定",
    "assigned": lambda definition, detail, happening, name: (
        f"{definition.roles[str(detail['role'])].label}：{name(happening.actor or '')}{_stood(happening, name)}"
    ),
    "handed_on": lambda _, __, ___, ____: "接手",
    "vacant": lambda definition, detail, _, __: f"{definition.roles[str(detail['role'])].label}暂时没有人",
    "recused": lambda definition, detail, _, __: f"{definition.roles[str(detail['role'])].label}回避",
    "escalated": lambda definition, detail, _, name: (
        f"超时提醒（{_level_label(definition, detail)}）：{_people(detail.get('to'), name)}"
    ),
    "reckoned": lambda _, __, ___, ____: "工作日历有变，时限重新计算",
    "clock_paused": _clock("暂停"),
    "clock_resumed": _clock("恢复"),
    "clock_extended": _clock("延长"),
}
