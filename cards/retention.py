"""到期数据 on a phone: how much of each kind is due, and the way on. Numbers only."""

from collections.abc import Sequence
from typing import Final

from cards.key import Seal
from cards.lines import SIDE_BY_SIDE, SUBTITLE, paragraph
from cards.message import Text, texts
from cards.parts import Horizontal, MainTitle
from cards.wecom import ButtonInteraction

ASK: Final = "retention.ask"
SHOW: Final = "retention.show"


def report_card(title: str, desc: str, lines: Sequence[str], seal: Seal, *, asks: bool) -> ButtonInteraction:
    """`lines` are a kind each, the largest first; `asks`: it may be asked for that what is due is erased."""
    rows = tuple(Horizontal(keyname=f"{n}.", value=line) for n, line in enumerate(lines[:SIDE_BY_SIDE], 1))
    rest = _rest(lines)
    button = seal.button("申请删除", ASK) if asks else seal.button("看最新", SHOW, 2)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=desc),
        sub_title_text=paragraph([rest]) if rest else None,
        horizontal_content_list=rows,
        button_list=(button,),
    )


def report_texts(title: str, lines: Sequence[str]) -> tuple[Text, ...]:
    """All of it in words, where a card has no room for it: nobody decides about what they could not read."""
    return texts("\n".join([title, *lines])) if len(_rest(lines)) > SUBTITLE else ()


def _rest(lines: Sequence[str]) -> str:
    """What has no row of its own."""
    rest = "；".join(lines[SIDE_BY_SIDE:])
    return f"另有：{rest}" if rest else ""
