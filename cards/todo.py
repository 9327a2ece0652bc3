"""待办 on a phone: the list with what can be done about one item, and the moments to put it off to. All strings come redacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.fitting import fit, shown
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE
from cards.parts import Horizontal, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction
from domain.todo import SnoozeOption

DONE: Final = "todo.done"
LATER: Final = "todo.later"
CUSTOMER: Final = "todo.customer"
PAGE: Final = "todo.page"
SNOOZE: Final = "todo.snooze."
KEEP: Final = "todo.keep"
TODO_QUESTION: Final = "todo"
PAGE_SIZE: Final = SIDE_BY_SIDE
NOTHING: Final = "没有未完成的待办。记拜访时填“回访时间”，到时会在这里提醒您。"


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One to-do as this person may read it; `who` is empty where no customer is meant."""

    title: str
    due: str
    who: str = ""
    overdue: bool = False


def todo_card(lines: Sequence[TodoLine], seal: Seal, *, page: int = 0) -> ButtonInteraction:
    """A page of the list, in the order given (at least one). Option ids are the numbers 1..n of the whole list."""
    pages = -(-len(lines) // PAGE_SIZE)
    page %= pages
    first = page * PAGE_SIZE
    here = list(enumerate(lines[first : first + PAGE_SIZE], first + 1))
    onward = [seal.button("下一页" if page + 1 < pages else "回第一页", PAGE, 2)] if pages > 1 else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="我的待办", desc=_count(lines, page, pages)),
        horizontal_content_list=tuple(_line(number, line) for number, line in here),
        button_selection=_selection(here),
        button_list=(
            seal.button("完成", DONE),
            seal.button("稍后", LATER, 2),
            *([seal.button("查客户", CUSTOMER, 2)] if any(line.who for _, line in here) else []),
            *onward,
        ),
    )


def snooze_card(line: TodoLine, options: Sequence[SnoozeOption], seal: Seal) -> ButtonInteraction:
    """The moments to which a to-do can be put off."""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="推迟到什么时候？", desc=_said(line)),
        button_list=(
            *(seal.button(option.label, f"{SNOOZE}{option.key}") for option in options[:5]),
            seal.button("不推迟", KEEP, 2),
        ),
    )


def snoozed(verb: str) -> str | None:
    """The key of the snooze option that was clicked; None for any other verb."""
    return verb.removeprefix(SNOOZE) if verb.startswith(SNOOZE) else None


def _count(lines: Sequence[TodoLine], page: int, pages: int) -> str:
    late = sum(line.overdue for line in lines)
    parts = [f"共 {len(lines)} 件", f"逾期 {late} 件" if late else "", f"第 {page + 1}/{pages} 页" if pages > 1 else ""]
    return "，".join(part for part in parts if part)


def _line(number: int, line: TodoLine) -> Horizontal:
    return Horizontal(keyname=f"{number}.", value=_said(line))


def _said(line: TodoLine) -> str:
    return " ".join(part for part in (line.due, fit(line.who, 12), line.title) if part)


def _selection(here: Sequence[tuple[int, TodoLine]]) -> Selection:
    options = tuple(Option(id=str(n), text=f"{n}.{shown(f'{line.who} {line.title}')}") for n, line in here)
    return Selection(question_key=TODO_QUESTION, title="处理哪一件", option_list=options)
