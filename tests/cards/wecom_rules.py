"""WeCom's card rules as a plain reading of its page, sharing no code with the cards; names what a card breaks."""

import json
import re
from collections.abc import Iterator
from typing import Any

REQUIRED = {
    "text_notice": {"card_action"},
    "news_notice": {"main_title", "card_action"},
    "button_interaction": {"main_title", "button_list", "task_id"},
    "vote_interaction": {"main_title", "checkbox", "submit_button", "task_id"},
    "multiple_interaction": {"main_title", "select_list", "submit_button", "task_id"},
}
COMMON = {"card_type", "source", "main_title", "task_id", "replace_text"}
ALLOWED = {
    "text_notice": COMMON | {"action_menu", "quote_area", "emphasis_content", "sub_title_text",
                             "horizontal_content_list", "jump_list", "card_action"},
    "news_notice": COMMON | {"action_menu", "quote_area", "card_image", "image_text_area", "vertical_content_list",
                             "horizontal_content_list", "jump_list", "card_action"},
    "button_interaction": COMMON | {"action_menu", "quote_area", "sub_title_text", "horizontal_content_list",
                                    "card_action", "button_selection", "button_list"},
    "vote_interaction": COMMON | {"checkbox", "submit_button"},
    "multiple_interaction": COMMON | {"select_list", "submit_button"},
}  # fmt: skip
TITLE = {"vote_interaction": (16, 160), "multiple_interaction": (36, 160)}
LISTS = {
    "horizontal_content_list": (0, 6), "jump_list": (0, 3), "vertical_content_list": (0, 4), "button_list": (1, 6),
    "select_list": (1, 3),
}  # fmt: skip
LENGTHS = [
    ("source.desc", 20), ("emphasis_content.title", 14), ("emphasis_content.desc", 22), ("sub_title_text", 160),
    ("submit_button.text", 10), ("replace_text", 20),
]  # fmt: skip


def broken(card: dict[str, Any], *, update: bool = False) -> list[str]:
    """Everything in the card that WeCom refuses or a phone cuts off; empty for a good card."""
    json.dumps(card, ensure_ascii=False).encode()
    return list(_broken(card, update))


def _broken(card: dict[str, Any], update: bool) -> Iterator[str]:
    kind = card["card_type"]
    needed = REQUIRED[kind] - ({"task_id", "submit_button"} if update else set())
    yield from (f"{name} missing" for name in needed - card.keys())
    yield from (f"{name} not allowed" for name in card.keys() - ALLOWED[kind])
    yield from _identity(card, update)
    yield from _title(card, kind)
    yield from _lengths(card)
    for name, (low, high) in LISTS.items():
        if name in card and not low <= len(card[name]) <= high:
            yield f"{name} has {len(card[name])} entries"
    yield from _lines(card)
    yield from _buttons(card)
    yield from _questions(card)
    yield from _disabled(card, update)


def _identity(card: dict[str, Any], update: bool) -> Iterator[str]:
    if "replace_text" in card and not update:
        yield "replace_text outside an update"
    if "task_id" in card and (update or not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", card["task_id"])):
        yield "task_id"


def _title(card: dict[str, Any], kind: str) -> Iterator[str]:
    title, desc = TITLE.get(kind, (36, 44))
    heading = card.get("main_title", {})
    if len(heading.get("title", "")) > title or len(heading.get("desc", "")) > desc:
        yield "main_title too long"
    if not heading.get("title") and not (kind == "text_notice" and card.get("sub_title_text")):
        yield "no title"


def _lengths(card: dict[str, Any]) -> Iterator[str]:
    for path, limit in LENGTHS:
        outer, _, inner = path.partition(".")
        value = card.get(outer, "")
        text = value.get(inner, "") if isinstance(value, dict) else value
        if len(text) > limit:
            yield f"{path} has {len(text)} characters"


def _lines(card: dict[str, Any]) -> Iterator[str]:
    for line in card.get("horizontal_content_list", []):
        if not 1 <= len(line["keyname"]) <= 5 or len(line.get("value", "")) > 30:
            yield f"line {line}"
        if line.get("type") and not line.get({1: "url", 2: "media_id", 3: "userid"}[line["type"]]):
            yield f"line {line} leads nowhere"


def _buttons(card: dict[str, Any]) -> Iterator[str]:
    buttons = card.get("button_list", [])
    for button in [*buttons, *([card["submit_button"]] if "submit_button" in card else [])]:
        if not 1 <= len(button["text"].strip()) <= 10:
            yield f"button text {button['text']!r}"
        if button.get("type") == 1 and not re.match("https?://", button.get("url", "")):
            yield "button url"
        if button.get("type", 0) == 0 and not 1 <= len(button["key"].encode()) <= 1024:
            yield "button key"
        if button.get("style", 1) not in (1, 2, 3, 4):
            yield "button style"
    keys = [button["key"] for button in buttons if "key" in button]
    if len(keys) != len(set(keys)):
        yield "button keys repeat"


def _questions(card: dict[str, Any]) -> Iterator[str]:
    selects = [*card.get("select_list", []), *([card["button_selection"]] if "button_selection" in card else [])]
    for question in selects:
        yield from _question(question, most=10, text=16)
        if question.get("selected_id", question["option_list"][0]["id"]) not in _ids(question):
            yield "selected_id is no option"
    if "checkbox" in card:
        yield from _question(card["checkbox"], most=20, text=17)
        yield from ("is_checked" for option in card["checkbox"]["option_list"] if "is_checked" not in option)
    keys = [question["question_key"] for question in selects]
    if len(keys) != len(set(keys)):
        yield "question keys repeat"


def _question(question: dict[str, Any], most: int, text: int) -> Iterator[str]:
    if not 1 <= len(question["question_key"].encode()) <= 1024:
        yield "question_key"
    if not 1 <= len(question["option_list"]) <= most:
        yield f"{len(question['option_list'])} options"
    for option in question["option_list"]:
        if not 1 <= len(option["id"].encode()) <= 128 or not 1 <= len(option["text"].strip()) <= text:
            yield f"option {option}"
    if len(_ids(question)) != len(question["option_list"]):
        yield "option ids repeat"


def _disabled(card: dict[str, Any], update: bool) -> Iterator[str]:
    """`disable` exists in updates only, and there only for votes and lists."""
    if "disable" in card.get("button_selection", {}):
        yield "button_selection.disable"
    questions = [*card.get("select_list", []), card.get("checkbox", {})]
    if not update and any("disable" in question for question in questions):
        yield "disable outside an update"


def _ids(question: dict[str, Any]) -> set[str]:
    return {option["id"] for option in question["option_list"]}
