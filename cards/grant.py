"""授权 on a phone: what is given beside the posts, a wish for it, and how it is decided or taken back."""

from collections.abc import Iterable, Sequence
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction

NEW, REVOKE = "grant.new", "grant.revoke"
AGREE, REJECT, WITHDRAW = "grant.agree", "grant.reject", "grant.withdraw"
QUESTION: Final = "grant"
MOST: Final = 10


def grants_card(lines: Sequence[tuple[str, str]], names: Sequence[str], seal: Seal, *, asks: bool) -> ButtonInteraction:
    """All that is in force or waits; option ids are the numbers 1..n. `asks`: this person may ask for one and take
    one back, else they only look.
    """
    laid = lay_out(lines)
    options = tuple(Option(id=str(number), text=name) for number, name in enumerate(names[:MOST], 1))
    revoke = (seal.button("收回", REVOKE, 3),) if options else ()
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="个人授权", desc=f"共 {len(lines)} 项" if lines else "现在没有"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_selection=Selection(question_key=QUESTION, title="哪一项", option_list=options)
        if options and asks
        else None,
        button_list=(seal.button("新授权", NEW), *revoke) if asks else (seal.button("看最新", "grant.show", 2),),
    )


def wish_card(what: str, lines: Iterable[tuple[str, str]], seal: Seal) -> ButtonInteraction:
    """For whoever may agree: one decides."""
    buttons = (seal.button("同意", AGREE), seal.button("退回", REJECT, 3))
    return _card(what, "请确认，一人决定即算数", lines, buttons, seal)


def submitted_card(what: str, lines: Iterable[tuple[str, str]], seal: Seal, others: str) -> ButtonInteraction:
    """The same, for the one who asked."""
    desc = f"已提交，还没有生效；发给：{others}"
    return _card(what, desc, lines, (seal.button("撤回", WITHDRAW, 2),), seal)


def _card(
    what: str, desc: str, lines: Iterable[tuple[str, str]], buttons: tuple[Button, ...], seal: Seal
) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(what), desc=desc),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
