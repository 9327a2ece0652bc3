"""恢复 on a phone: somebody who was stopped is to come back, for those who may agree."""

from collections.abc import Iterable

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

AGREE, REJECT = "staff.agree", "staff.reject"


def return_card(name: str, lines: Iterable[tuple[str, str]], seal: Seal) -> ButtonInteraction:
    """The first decision counts."""
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(f"恢复 {name}"), desc="请确认，一人决定即算数"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=(seal.button("同意", AGREE), seal.button("退回", REJECT, 2)),
    )
