"""关系 on a phone: who belongs to a customer, what was just entered, how to undo it. All strings come redacted."""

from collections.abc import Iterable, Sequence
from typing import Final

from cards.fitting import clean, fit
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle, Option, Selection
from cards.wecom import ButtonInteraction
from domain.summary import ShownLine

NEW: Final = "relation.new"
REVERSE: Final = "relation.reverse"
UNDO: Final = "relation.undo"
CUSTOMER: Final = "relation.customer"
TIE_QUESTION: Final = "tie"
_MOST, _OPTION = 10, 16


def relations_card(
    title: str, lines: Iterable[ShownLine], entered: Sequence[tuple[str, str]], seal: Seal, *, may_write: bool
) -> ButtonInteraction:
    """The relations of a customer. `entered`: key and words of what colleagues entered and this reader may reverse."""
    laid = lay_out((line.label, line.text) for line in lines)
    options = tuple(Option(id=key, text=fit(clean(words), _OPTION)) for key, words in entered[:_MOST])
    write = [seal.button("登记关系", NEW)] if may_write else []
    reverse = [seal.button("冲正", REVERSE, 3)] if options else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc="关系：家庭、担保人、关键人"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_selection=Selection(question_key=TIE_QUESTION, title="登记错的", option_list=options)
        if options
        else None,
        button_list=(*write, seal.button("查客户", CUSTOMER, 2), *reverse),
    )


def tie_card(who: str, kind: str, other: str, undo_until: str, seal: Seal) -> ButtonInteraction:
    """What was entered, and until when (今天 15:20) it can be taken back."""
    laid = lay_out([("客户", who), (kind, other)])
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="关系已登记"),
        sub_title_text=paragraph([*laid.below, f"{undo_until} 前可以撤销；以后发“关系”可以冲正"]),
        horizontal_content_list=laid.horizontal,
        button_list=(seal.button("撤销", UNDO, 2), seal.button("查客户", CUSTOMER, 2)),
    )
