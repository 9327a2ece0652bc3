"""到期数据 on a phone: how much of each kind is due, and the way on. Numbers only."""

from collections.abc import Sequence
from typing import Final

from cards.key import Seal
from cards.lines import paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

ASK: Final = "retention.ask"
SHOW: Final = "retention.show"


def report_card(title: str, desc: str, lines: Sequence[str], seal: Seal, *, asks: bool) -> ButtonInteraction:
    """`asks`: it may be asked for that what is due is erased."""
    button = seal.button("申请删除", ASK) if asks else seal.button("看最新", SHOW, 2)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=desc),
        sub_title_text=paragraph(lines),
        button_list=(button,),
    )
