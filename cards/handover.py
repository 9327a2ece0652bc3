"""移交 on a phone: to be agreed to, to be declined, to be taken back; and the customers taken over, one by one."""

from collections.abc import Iterable, Sequence
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE, lay_out, paragraph
from cards.parts import Button, Horizontal, MainTitle, Option, QuoteArea, Selection
from cards.wecom import ButtonInteraction

AGREE, REJECT, WITHDRAW, DECLINE = "handover.agree", "handover.reject", "handover.withdraw", "handover.decline"
REVERSE, BRIEF, PAGE = "handover.reverse", "handover.brief", "handover.page"
CUSTOMER_QUESTION: Final = "customer"
PAGE_SIZE: Final = SIDE_BY_SIDE

Lines = Iterable[tuple[str, str]]


def approval_card(title: str, lines: Lines, seal: Seal, warning: str) -> ButtonInteraction:
    """For who may agree."""
    buttons = (seal.button("同意", AGREE), seal.button("退回", REJECT, 2))
    return _card(title, "请审批，同意后立即移交", lines, seal, buttons, warning)


def own_card(title: str, lines: Lines, approver: str, seal: Seal) -> ButtonInteraction:
    """For who asked."""
    return _card(title, f"已提交，等{approver}审批", lines, seal, (seal.button("撤回申请", WITHDRAW, 2),))


def notice_card(title: str, lines: Lines, seal: Seal) -> ButtonInteraction:
    """For who takes over."""
    return _card(title, "将移交给您，正在审批；不能接请点“不接”", lines, seal, (seal.button("不接", DECLINE, 2),))


def done_card(title: str, lines: Lines, until: str, seal: Seal) -> ButtonInteraction:
    """For who agreed."""
    return _card(title, f"已移交，{until} 前可以撤回", lines, seal, (seal.button("撤回移交", REVERSE, 3),))


def _card(
    title: str, desc: str, lines: Lines, seal: Seal, buttons: tuple[Button, ...], warning: str = ""
) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=desc),
        quote_area=QuoteArea(title="请注意", quote_text=warning) if warning else None,
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )


def book_card(
    title: str, here: Sequence[tuple[int, str, str]], total: int, seal: Seal, *, page: int = 0, note: str = ""
) -> ButtonInteraction:
    """A page of the customers taken over: number in the whole list, who, and what is next; `total` of the list."""
    pages = -(-total // PAGE_SIZE)
    onward = [seal.button("下一页" if page + 1 < pages else "回第一页", PAGE, 2)] if pages > 1 else []
    count = f"共 {total} 位" + (f"，第 {page + 1}/{pages} 页" if pages > 1 else "")
    options = tuple(Option(id=str(number), text=f"{number}.{shown(who)}") for number, who, _ in here)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=count),
        sub_title_text=paragraph([note]) if note else None,
        horizontal_content_list=tuple(
            Horizontal(keyname=f"{number}.", value=shown(f"{who} {what}".strip())) for number, who, what in here
        ),
        button_selection=Selection(question_key=CUSTOMER_QUESTION, title="看哪一位", option_list=options),
        button_list=(seal.button("看交接说明", BRIEF), *onward),
    )
