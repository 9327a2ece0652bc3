"""权限预览 on a phone: what somebody sees of a customer in groups of fields, without a value; why is one tap away."""

from collections.abc import Iterable, Sequence
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

EXPLAIN: Final = "policy.explain"


def preview_card(
    title: str, desc: str, lines: Iterable[tuple[str, str]], notes: Sequence[str], seal: Seal
) -> ButtonInteraction:
    """`lines` are the groups, `notes` what holds for this person beside the post."""
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=desc),
        sub_title_text=paragraph([*notes, *laid.below]),
        horizontal_content_list=laid.horizontal,
        button_list=(seal.button("逐项依据", EXPLAIN),),
    )
