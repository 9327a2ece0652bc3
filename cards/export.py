"""导出 on a phone: what would be made, before it is; and that it is there, with the way to it."""

from collections.abc import Iterable

from cards.fitting import shown
from cards.key import Seal, link
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle
from cards.wecom import ButtonInteraction

CONFIRM, DROP = "export.confirm", "export.drop"
Lines = Iterable[tuple[str, str]]


def confirm_card(title: str, lines: Lines, seal: Seal, *, approved: bool) -> ButtonInteraction:
    """`approved`: somebody has to agree first."""
    desc = "请核对；提交后要先审批，才生成文件" if approved else "请核对；确认后生成文件"
    buttons = (seal.button("提交审批" if approved else "确认导出", CONFIRM), seal.button("取消", DROP, 2))
    return _card(title, desc, lines, seal, buttons)


def ready_card(title: str, lines: Lines, seal: Seal, page: str) -> ButtonInteraction:
    """The file never comes into the chat: the button opens its page."""
    return _card(title, "文件做好了，请到页面下载", lines, seal, (link("去下载", page, 1),))


def _card(title: str, desc: str, lines: Lines, seal: Seal, buttons: tuple[Button, ...]) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title), desc=desc),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
