"""A template card drawn with characters: roughly what the phone shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

Card = Mapping[str, Any]
WIDTH = 44  # columns; a Chinese character takes two


def picture(card: Card) -> str:
    """The card of a `template_card` object, as lines of text in a frame."""
    from rich.markup import escape
    from rich.panel import Panel

    console = Console(width=WIDTH, color_system=None, legacy_windows=False)
    source = card.get("source", {}).get("desc", "")
    with console.capture() as drawn:
        console.print(Panel("\n".join(escape(line) for line in _lines(card)), title=escape(source) or None))
    return drawn.get().rstrip()


def _lines(card: Card) -> Iterator[str]:
    yield from _head(card)
    yield from _body(card)
    yield from _questions(card)
    yield from _presses(card)


def _head(card: Card) -> Iterator[str]:
    title = card.get("main_title", {})
    yield from _present(title.get("title"), title.get("desc"))
    emphasis = card.get("emphasis_content", {})
    yield from _present(emphasis.get("title"), emphasis.get("desc"))


def _body(card: Card) -> Iterator[str]:
    if "card_image" in card:
        yield "［图片］"
    for part in (card.get("image_text_area", {}), card.get("quote_area", {})):
        yield from (f"│ {text}" for text in _present(part.get("title"), part.get("desc"), part.get("quote_text")))
    for part in card.get("vertical_content_list", ()):
        yield from _present(part.get("title"), part.get("desc"))
    for part in card.get("horizontal_content_list", ()):
        yield f"{part['keyname']}  {part.get('value', '')}"
    yield from _present(card.get("sub_title_text"))


def _questions(card: Card) -> Iterator[str]:
    box = card.get("checkbox", {})
    sign = "□" if box.get("mode") else "○"
    yield from (f"{sign} {option['text']}" for option in box.get("option_list", ()))
    for question in (*card.get("select_list", ()), card.get("button_selection")):
        if question:
            options = " / ".join(option["text"] for option in question["option_list"])
            yield f"{question.get('title', '')} ▾ {options}".strip()


def _presses(card: Card) -> Iterator[str]:
    yield from (f"{jump['title']} ＞" for jump in card.get("jump_list", ()))
    buttons = [button["text"] for button in card.get("button_list", ())]
    if "submit_button" in card:
        buttons.append(card["submit_button"]["text"])
    if buttons:
        yield "  ".join(f"［{text}］" for text in buttons)
    menu = card.get("action_menu", {}).get("action_list", ())
    if menu:
        yield "⋯ " + " / ".join(entry["text"] for entry in menu)


def _present(*texts: str | None) -> Iterator[str]:
    yield from (text for text in texts if text)
