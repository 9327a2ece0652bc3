"""委托 on a phone: who stands in until when, and how to end it."""

from collections.abc import Sequence
from typing import Final

from cards.fitting import fit
from cards.key import Seal
from cards.parts import Horizontal, MainTitle
from cards.wecom import ButtonInteraction

END: Final = "stand_in.end"
NEW: Final = "stand_in.new"


def stand_in_card(rows: Sequence[tuple[str, str]], seal: Seal) -> ButtonInteraction:
    """Name and window of each, at least one."""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="我的委托", desc="期间新案件归代办人，到期后也归他；其余和审批，你们都能办"),
        horizontal_content_list=tuple(Horizontal(keyname=fit(name, 5), value=window) for name, window in rows[:6]),
        button_list=(seal.button("结束委托", END, 3), seal.button("换人", NEW, 2)),
    )
