"""A wish that a second person decides: with the buttons for who may, and with 撤回 for who asked.

`family` names whose verbs the buttons call: `<family>.agree`, `.reject`, `.withdraw`.
"""

from collections.abc import Iterable

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle
from cards.wecom import ButtonInteraction

Lines = Iterable[tuple[str, str]]


def wish_card(family: str, title: str, lines: Lines, seal: Seal) -> ButtonInteraction:
    """For whoever may agree: one decides."""
    buttons = (seal.button("同意", f"{family}.agree"), seal.button("退回", f"{family}.reject", 3))
    return _card(title, "请审批，一人决定即算数", lines, seal, buttons)


def submitted_card(family: str, title: str, lines: Lines, seal: Seal, others: str) -> ButtonInteraction:
    """The same, for the one who asked."""
    withdraw = seal.button("撤回", f"{family}.withdraw", 2)
    return _card(title, f"已提交，还没有生效；发给：{others}", lines, seal, (withdraw,))


def _card(title: str, desc: str, lines: Lines, seal: Seal, buttons: tuple[Button, ...]) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=shown(desc)),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
