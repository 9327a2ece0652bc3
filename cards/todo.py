"""待办 on a phone: the list with what can be done about one item. All strings come redacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.fitting import fit, shown
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE
from cards.parts import Horizontal, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction

DONE: Final = "todo.done"
LATER: Final = "todo.later"
CUSTOMER: Final = "todo.customer"
PAGE: Final = "todo.page"
WHY: Final = "todo.why"
TODO_QUESTION: Final = "todo"
PAGE_SIZE: Final = SIDE_BY_SIDE
NOTHING: Final = "没有未完成的待办。记拜访时填“回访时间”，到时会在这里提醒您。"


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One to-do as this person may read it; `who` is empty where no customer is meant, `why` says that a reason can
    be looked into.
    """

    title: str
    due: str
    who: str = ""
    overdue: bool = False
    why: bool = False

    @property
    def called(self) -> str:
        """Whose and what, without when: 王秀兰 回访客户（上次电话）."""
        return " ".join(part for part in (fit(self.who, 12), self.title) if part)

    @property
    def said(self) -> str:
        return f"{self.due} {self.called}"


def todo_card(lines: Sequence[TodoLine], seal: Seal, *, page: int = 0, title: str = "我的待办") -> ButtonInteraction:
    """A page of the list, in the order given (at least one). Option ids are the numbers 1..n of the whole list."""
    pages = -(-len(lines) // PAGE_SIZE)
    page %= pages
    first = page * PAGE_SIZE
    here = list(enumerate(lines[first : first + PAGE_SIZE], first + 1))
    onward = [seal.button("下一页" if page + 1 < pages else "回第一页", PAGE, 2)] if pages > 1 else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=_count(lines, page, pages)),
        horizontal_content_list=tuple(_line(number, line) for number, line in here),
        button_selection=_selection(here),
        button_list=(
            seal.button("完成", DONE),
            seal.button("稍后", LATER, 2),
            *([seal.button("查客户", CUSTOMER, 2)] if any(line.who for _, line in here) else []),
            *([seal.button("看原因", WHY, 2)] if any(line.why for _, line in here) else []),
            *onward,
        ),
    )


def _count(lines: Sequence[TodoLine], page: int, pages: int) -> str:
    late = sum(line.overdue for line in lines)
    parts = [f"共 {len(lines)} 件", f"逾期 {late} 件" if late else "", f"第 {page + 1}/{pages} 页" if pages > 1 else ""]
    return "，".join(part for part in parts if part)


def _line(number: int, line: TodoLine) -> Horizontal:
    return Horizontal(keyname=f"{number}.", value=line.said)


def _selection(here: Sequence[tuple[int, TodoLine]]) -> Selection:
    options = tuple(Option(id=str(n), text=f"{n}.{shown(f'{line.who} {line.title}')}") for n, line in here)
    return Selection(question_key=TODO_QUESTION, title="处理哪一件", option_list=options)
