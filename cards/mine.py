"""我的 on a phone: who one is here, and how one's own work stands."""

from collections.abc import Iterable, Sequence

from cards.command import command_buttons
from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction
from domain.command import Command


def mine_card(
    name: str, place: str, lines: Iterable[tuple[str, str]], commands: Sequence[Command], seal: Seal
) -> ButtonInteraction:
    """Name, post and unit, the numbers worth knowing (客户, 待办, 本周拜访…), and at least one command to go on with."""
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(name), desc=place),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=command_buttons(commands[:6], seal),
    )
