"""调层 on a phone: to be agreed to, or taken back by who asked."""

from collections.abc import Iterable
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle
from cards.wecom import ButtonInteraction

AGREE: Final = "tier.agree"
REJECT: Final = "tier.reject"
WITHDRAW: Final = "tier.withdraw"

Lines = Iterable[tuple[str, str]]


def approval_card(title: str, lines: Lines, seal: Seal) -> ButtonInteraction:
    """For who may agree."""
    buttons = (seal.button("同意", AGREE), seal.button("退回", REJECT, 2))
    return _card(title, "申请调整分层，请审批", lines, seal, buttons)


def own_card(title: str, lines: Lines, approver: str, seal: Seal) -> ButtonInteraction:
    """For who asked."""
    return _card(title, f"调层申请已提交，等{approver}审批", lines, seal, (seal.button("撤回申请", WITHDRAW, 2),))


def _card(title: str, desc: str, lines: Lines, seal: Seal, buttons: tuple[Button, ...]) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=shown(desc)),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
