"""Cases on a phone: the case with what can be done, a decision to take, a task, lists. All strings come redacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.fitting import clean, fit, shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction
from domain.form import PAGE_KEY

ACT: Final = "case.act."
MORE: Final = "case.more"
TRAIL: Final = "case.trail"
CUSTOMER: Final = "case.customer"
OPEN: Final = "case.open"
LIST: Final = "case.list"
PAGE: Final = "case.page"
LOOK: Final = "case.look"
UNDO: Final = "case.undo"
AGREE: Final = "case.agree."
REJECT: Final = "case.reject."
FINISH: Final = "case.finish."
ACTION_QUESTION: Final = "action"
CASE_QUESTION: Final = "case"
PILE_QUESTION: Final = "pile"
MOST_LISTED: Final = 6
_BUTTONS, _OPTIONS, _OPTION, _ENDLESS = 6, 10, 16, 100_000

Named = tuple[str, str]
"""A key and its words."""


@dataclass(frozen=True, slots=True)
class CaseFace:
    """A case as one person may read it, with what that person can do now."""

    title: str
    heading: str
    rows: tuple[tuple[str, str], ...]
    below: tuple[str, ...] = ()
    main: tuple[Named, ...] = ()
    others: tuple[Named, ...] = ()
    undo: bool = False
    customer: bool = False


def case_card(face: CaseFace, seal: Seal, page: int = 0) -> ButtonInteraction:
    """The case: main actions as buttons, the rest in a drop-down, by pages where it is long; the trail always."""
    undo = [seal.button("撤销", UNDO, 2)] if face.undo else []
    room = _BUTTONS - len(undo) - 2
    main, others = face.main[:room], (*face.main[room:], *face.others)
    more = [seal.button("办所选", MORE, 2)] if others else []
    buttons = [seal.button(words, f"{ACT}{key}") for key, words in main]
    buttons += [*undo, *more, seal.button("经过", TRAIL, 2)]
    if face.customer and len(buttons) < _BUTTONS:
        buttons.append(seal.button("查客户", CUSTOMER, 2))
    return _card(face, seal, buttons, _selection(others, page))


def decision_card(face: CaseFace, approval_id: str, seal: Seal) -> ButtonInteraction:
    """What is asked of somebody: agree, or send back with a reason."""
    agree, reject = seal.button("同意", f"{AGREE}{approval_id}"), seal.button("退回", f"{REJECT}{approval_id}", 3)
    return _card(face, seal, [agree, reject, seal.button("看案件", LOOK, 2)])


def task_card(face: CaseFace, task_id: str, seal: Seal) -> ButtonInteraction:
    """A part of the work that is asked of a department."""
    return _card(face, seal, [seal.button("答复", f"{FINISH}{task_id}"), seal.button("看案件", LOOK, 2)])


def reads_whole(face: CaseFace) -> bool:
    """Whether a phone shows every word below the lines of this card."""
    lines = _below(face)
    return paragraph(lines) == paragraph(lines, _ENDLESS)


def _card(
    face: CaseFace, seal: Seal, buttons: Sequence[Button], selection: Selection | None = None
) -> ButtonInteraction:
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(face.title), desc=face.heading),
        sub_title_text=paragraph(_below(face)),
        horizontal_content_list=lay_out(face.rows).horizontal,
        button_selection=selection,
        button_list=tuple(buttons),
    )


def _below(face: CaseFace) -> list[str]:
    return [*face.below, *lay_out(face.rows).below]


def _selection(others: Sequence[Named], page: int) -> Selection | None:
    """A drop-down holds ten: of more, nine and the way to the next nine."""
    if len(others) > _OPTIONS:
        pages = -(-len(others) // (_OPTIONS - 1))
        first = page % pages * (_OPTIONS - 1)
        others = (*others[first : first + _OPTIONS - 1], (f"{PAGE_KEY}{(page + 1) % pages}", "更多操作…"))
    options = tuple(Option(id=key, text=_short(words)) for key, words in others)
    return Selection(question_key=ACTION_QUESTION, title="其他操作", option_list=options) if options else None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list: number, and what tells it from the others."""

    number: str
    words: str
    about: str = ""


def _short(text: str, about: str = "") -> str:
    """An entry of a drop-down; the space gives way before the words do."""
    first, about = shown(text), clean(about)
    spaced = f"{first} {about}".strip()
    return fit(spaced if len(spaced) <= _OPTION else f"{first}{about}", _OPTION)


def list_card(title: str, lines: Sequence[CaseLine], seal: Seal, *, page: int = 0) -> ButtonInteraction:
    """A page of cases, at least one; option ids are the numbers 1..n of the whole list."""
    pages = -(-len(lines) // MOST_LISTED)
    page %= pages
    first = page * MOST_LISTED
    here = list(enumerate(lines[first : first + MOST_LISTED], first + 1))
    options = tuple(Option(id=str(n), text=_short(f"{n}.{line.number}", line.about)) for n, line in here)
    rows = lay_out((f"{n}.", f"{line.number} {line.about} {line.words}") for n, line in here)
    onward = [seal.button("下一页" if page + 1 < pages else "回第一页", PAGE, 2)] if pages > 1 else []
    count = f"共 {len(lines)} 件" + (f"，第 {page + 1}/{pages} 页" if pages > 1 else "")
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=count),
        sub_title_text=paragraph(rows.below),
        horizontal_content_list=rows.horizontal,
        button_selection=Selection(question_key=CASE_QUESTION, title="看哪一件", option_list=options),
        button_list=(seal.button("打开", OPEN), *onward),
    )


def board_card(title: str, rows: Sequence[tuple[str, str]], piles: Sequence[Named], seal: Seal) -> ButtonInteraction:
    """Open cases by state and age, and a drop-down to see those of one state."""
    laid = lay_out(rows)
    options = tuple(Option(id=key, text=_short(words)) for key, words in piles[:_OPTIONS])
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc="现在未关闭的案件，按状态"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_selection=Selection(question_key=PILE_QUESTION, title="看哪些", option_list=options),
        button_list=(seal.button("看清单", LIST),),
    )
