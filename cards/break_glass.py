"""紧急查看 on a phone: what a superior hears at once, and what compliance looks at the next working morning."""

from collections.abc import Iterable

from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.parts import Button, MainTitle
from cards.wecom import ButtonInteraction

SEEN, REVOKE, FINE, DOUBT = "glass.seen", "glass.revoke", "glass.fine", "glass.doubt"


def told_card(who: str, lines: Iterable[tuple[str, str]], seal: Seal) -> ButtonInteraction:
    """For the superior: it holds already, and can be taken back."""
    return _card(
        "紧急查看", f"{who} 正在查看", lines, (seal.button("知道了", SEEN), seal.button("收回", REVOKE, 3)), seal
    )


def seen_card(who: str, lines: Iterable[tuple[str, str]], seal: Seal) -> ButtonInteraction:
    """The same once the superior has seen it."""
    return _card("紧急查看", f"{who} 正在查看；您已知悉", lines, (seal.button("收回", REVOKE, 3),), seal)


def review_card(who: str, lines: Iterable[tuple[str, str]], how: str, seal: Seal) -> ButtonInteraction:
    """For compliance: it is over, and somebody has to say whether it was right; `how` to see what was looked at."""
    buttons = (seal.button("确认合理", FINE), seal.button("有疑问", DOUBT, 3))
    return _card("紧急查看待复核", who, lines, buttons, seal, how)


def _card(
    title: str, desc: str, lines: Iterable[tuple[str, str]], buttons: tuple[Button, ...], seal: Seal, note: str = ""
) -> ButtonInteraction:
    laid = lay_out(lines)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=desc),
        sub_title_text=paragraph([*laid.below, note]),
        horizontal_content_list=laid.horizontal,
        button_list=buttons,
    )
