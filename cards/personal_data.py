"""A request to see one's personal data, to who answers it: how things stand, the file, and that it was answered."""

from cards.fitting import shown
from cards.key import Seal, link
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

ANSWERED = "subject.answered"


def request_card(title: str, desc: str, lines: list[tuple[str, str]], seal: Seal, file_url: str) -> ButtonInteraction:
    """`file_url`: where the file is, once there is one."""
    laid = lay_out(lines)
    download = (link("下载文件", file_url, 1),) if file_url else ()
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=shown(desc)),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=(*download, seal.button("已答复客户", ANSWERED, 2 if file_url else 1)),
    )
