"""分层 on a phone: the labels of a customer at a glance, and in words why. All strings come redacted."""

from collections.abc import Sequence
from typing import Final

from cards.customer import VISIT
from cards.fitting import clean, shown
from cards.key import Seal, link
from cards.lines import lay_out, paragraph
from cards.message import Text, texts
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction
from domain.summary import ShownLine

WHY: Final = "labels.why"


def labels_card(
    title: str, as_of: str, lines: Sequence[ShownLine], seal: Seal, *, may_visit: bool, page: str
) -> ButtonInteraction:
    """What the labels are and what they ask for; `page` is the signed-in page's address."""
    laid = lay_out((line.label, line.text) for line in lines)
    visit = (seal.button("记拜访", VISIT, 2),) if may_visit else ()
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=f"客户标签，数据截至 {as_of}"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=(seal.button("为什么", WHY), *visit, link("详情", page)),
    )


def label_texts(heading: str, lines: Sequence[ShownLine], source: str) -> tuple[Text, ...]:
    """Label by label with room between, the reasons of each below it."""
    blocks = [f"{line.label}：{clean(line.text, lines=True)}" for line in lines]
    return texts("\n\n".join([clean(heading), *blocks, f"（{source}）"]))
