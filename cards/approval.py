"""What one person asks for and another decides: with the buttons for who may, and with the one to take it back."""

from collections.abc import Iterable
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle, QuoteArea
from cards.wecom import ButtonInteraction

AGREE: Final = "approval.agree"
REJECT: Final = "approval.reject"
WITHDRAW: Final = "approval.withdraw"

Lines = Iterable[tuple[str, str]]


def wish_card(title: str, prompt: str, lines: Lines, seal: Seal, warning: str = "") -> ButtonInteraction:
    """For whoever may agree."""
    return _card(title, prompt, lines, warning, seal, (seal.button("同意", AGREE), seal.button("退回", REJECT, 3)))


def own_card(
    title: str, waits: str, lines: Lines, seal: Seal, warning: str = "", withdraw: str = "撤回"
) -> ButtonInteraction:
    """The same, for the one who asked."""
    return _card(title, f"已提交，还没有生效；{waits}", lines, warning, seal, (seal.button(withdraw, WITHDRAW, 2),))


def _card(
    title: str, desc: str, lines: Lines, warning: str, seal: Seal, buttons: tuple[Button, ...]
) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=shown(desc)),
        quote_area=QuoteArea(title="请注意", quote_text=warning) if warning else None,
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
