"""Finds by their words what a person sees on a card: buttons, questions, options, links."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Answers = dict[str, str | list[str]]
# What a card holds besides words people read.
SILENT = {"key", "id", "task_id", "card_type", "url", "image_url", "icon_url", "question_key", "selected_id",
          "media_id", "media_url", "userid", "appid", "pagepath", "picurl"}  # fmt: skip


def strings_of(value: Any) -> Iterator[str]:
    """Every string one can read in a card or a message's content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in SILENT:
                yield from strings_of(item)


def button_with(card: Json, label: str) -> tuple[str, str] | None:
    """The action (`press` or `action`) and key of the entry that says `label`; empty: submit or the first button."""
    buttons = [("press", b["key"], b["text"]) for b in card.get("button_list", ()) if b.get("type", 0) == 0]
    if submit := card.get("submit_button"):
        buttons.append(("press", submit["key"], submit.get("text") or "提交"))
    entries = card.get("action_menu", {}).get("action_list", ()) if label else ()
    buttons += [("action", entry["key"], entry["text"]) for entry in entries]
    return next(((action, key) for action, key, text in buttons if label in ("", text)), None)


def questions_of(card: Json) -> list[tuple[str, Json]]:
    """Each question with its title; a vote's title is the card's."""
    found = [(question.get("title", ""), question) for question in card.get("select_list", ())]
    if selection := card.get("button_selection"):
        found.append((selection.get("title", ""), selection))
    if box := card.get("checkbox"):
        found.append((card.get("main_title", {}).get("title", ""), box))
    return found


def selections_for(card: Json, answers: Answers) -> dict[str, list[str]]:
    """Question keys and option ids for answers given in words."""
    return dict(_selection(card, title, answer) for title, answer in answers.items())


def _selection(card: Json, title: str, answer: str | list[str]) -> tuple[str, list[str]]:
    questions = questions_of(card)
    fitting = [q for t, q in questions if t == title] or [q for t, q in questions if title in t]
    if not fitting and len(questions) == 1 and "checkbox" in card:
        fitting = [questions[0][1]]
    if not fitting:
        raise LookupError(f"卡片上没有问题“{title}”，只有 {[t for t, _ in questions]}")
    options = {option["text"]: option["id"] for option in fitting[0]["option_list"]}
    words = [answer] if isinstance(answer, str) else answer
    if unknown := [word for word in words if word not in options]:
        raise LookupError(f"“{title}”没有选项 {unknown}，只有 {list(options)}")
    return fitting[0]["question_key"], [options[word] for word in words]


def link_of(bubble: Json, label: str) -> str | None:
    """The address behind `label` on a card, or of a text card or news."""
    card = bubble.get("card") or {}
    places = [(j.get("title"), j) for j in card.get("jump_list", ())]
    places += [(b["text"], b) for b in card.get("button_list", ()) if b.get("type") == 1]
    places += [(h.get("value"), h) for h in card.get("horizontal_content_list", ())]
    places += [(part.get("title"), part) for part in (card.get("quote_area", {}), card.get("image_text_area", {}))]
    places += [(None, card.get("card_action", {})), (None, bubble.get("content", {}))]
    urls = [place["url"] for text, place in places if place.get("url") and (not label or text == label)]
    return urls[0] if urls else None
