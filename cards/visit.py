"""拜访 on a phone: what was saved, and the button that takes it back. All strings come redacted."""

from collections.abc import Iterable
from typing import Final

from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

UNDO: Final = "visit.undo"
CUSTOMER: Final = "visit.customer"
UNDONE: Final = "已撤销"


def saved_card(who: str, lines: Iterable[tuple[str, str]], undo_until: str, seal: Seal) -> ButtonInteraction:
    """A logged visit: the customer, what was saved, and until when (今天 15:20) it can be taken back."""
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="拜访已保存", desc=who),
        sub_title_text=paragraph([*laid.below, f"{undo_until} 前可以撤销"]),
        horizontal_content_list=laid.horizontal,
        button_list=(seal.button("撤销", UNDO, 2), seal.button("查客户", CUSTOMER, 2)),
    )
