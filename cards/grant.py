"""授权 on a phone: what is given beside the posts, and how it is taken back."""

from collections.abc import Sequence
from typing import Final

from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import MainTitle, Option, Selection
from cards.wecom import ButtonInteraction

NEW, REVOKE = "grant.new", "grant.revoke"
QUESTION: Final = "grant"
MOST: Final = 10


def grants_card(lines: Sequence[tuple[str, str]], names: Sequence[str], seal: Seal, *, asks: bool) -> ButtonInteraction:
    """All that waits or is in force; option ids are the numbers 1..n of `names`, which are in force. `asks`: this
    person may ask for one and take one back, else they only look.
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
