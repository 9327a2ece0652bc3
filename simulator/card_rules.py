"""What a template card must look like, as tables (wecom-protocol §5, developer pages 90236 and 94888)."""

from collections.abc import Mapping
from typing import Any

from simulator.checks import (
    Fault,
    Rule,
    absent,
    among,
    between,
    broken,
    exactly,
    filled,
    has,
    has_scheme,
    is_,
    length,
    matching,
    misshapen,
    octets,
    option_of,
    present,
    unique,
)

LETTERS = {
    "text_notice": "T", "news_notice": "N", "button_interaction": "B",
    "vote_interaction": "V", "multiple_interaction": "M",
}  # fmt: skip
CALLBACK_TYPES = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})

LINK = {"type": int, "url": str, "appid": str, "pagepath": str}
OPTION = {"id": str, "text": str}
QUESTION = {"question_key": str, "title": str, "selected_id": str, "option_list": [OPTION]}
SHAPE: dict[str, Any] = {
    "card_type": str,
    "task_id": str,
    "source": {"icon_url": str, "desc": str, "desc_color": int},
    "main_title": {"title": str, "desc": str},
    "action_menu": {"desc": str, "action_list": [{"text": str, "key": str}]},
    "quote_area": {**LINK, "title": str, "quote_text": str},
    "emphasis_content": {"title": str, "desc": str},
    "sub_title_text": str,
    "horizontal_content_list": [
        {"keyname": str, "value": str, "type": int, "url": str, "media_id": str, "userid": str}
    ],
    "jump_list": [{**LINK, "title": str}],
    "card_action": LINK,
    "card_image": {"url": str, "aspect_ratio": float},
    "image_text_area": {**LINK, "title": str, "desc": str, "image_url": str},
    "vertical_content_list": [{"title": str, "desc": str}],
    "button_selection": QUESTION,
    "button_list": [{"text": str, "type": int, "key": str, "url": str, "style": int}],
    "checkbox": {"question_key": str, "mode": int, "option_list": [{**OPTION, "is_checked": bool}]},
    "select_list": [QUESTION],
    "submit_button": {"text": str, "key": str},
}
UPDATE_SHAPE: dict[str, Any] = {
    **SHAPE,
    "replace_text": str,
    "checkbox": {**SHAPE["checkbox"], "disable": bool},
    "select_list": [{**QUESTION, "disable": bool}],
}
NOTICE = {"source", "main_title", "action_menu", "quote_area", "horizontal_content_list", "jump_list", "card_action"}
COMMON = {"card_type", "task_id"}
FIELDS: dict[str, set[str]] = {
    "text_notice": COMMON | NOTICE | {"emphasis_content", "sub_title_text"},
    "news_notice": COMMON | NOTICE | {"card_image", "image_text_area", "vertical_content_list"},
    "button_interaction": COMMON | NOTICE - {"jump_list"} | {"sub_title_text", "button_selection", "button_list"},
    "vote_interaction": COMMON | {"source", "main_title", "checkbox", "submit_button"},
    "multiple_interaction": COMMON | {"source", "main_title", "select_list", "submit_button"},
}

KEY = octets(1024)
RULES: tuple[Rule, ...] = (
    Rule("TNBVM", "task_id", matching(r"[0-9A-Za-z_\-@]{1,128}"), 42014, True, "task_id 只能用数字、字母和 _-@，最长 128 字节"),
    Rule("BVM", "task_id", present, 42014, True, "这类卡片必须有 task_id", send_only=True),
    Rule("TN", "task_id", present, 42014, True, "有 action_menu 就必须有 task_id", has("action_menu"), send_only=True),
    Rule("TNB", "source.desc_color", among(0, 1, 2, 3), 40058, False, "desc_color 只能是 0–3"),
    Rule("VM", "source.desc_color", absent, 40058, False, "这类卡片没有 desc_color"),
    Rule("NBVM", "main_title", filled, 42033, True, "缺少 main_title"),
    Rule("NBVM", "main_title.title", filled, 42033, True, "缺少 main_title.title"),
    Rule("T", "main_title", lambda value, card: bool(card.get("sub_title_text")) or bool(
        isinstance(value, dict) and value.get("title")), 42033, False, "main_title.title 与 sub_title_text 不能都空"),
    Rule("TNB", "action_menu.action_list", length(1, 3), 40058, False, "action_list 须有 1–3 项"),
    Rule("TNB", "action_menu.action_list[].text", filled, 42038, False, "缺少 action_list.text"),
    Rule("TNB", "action_menu.action_list[].key", KEY, 42039, False, "action_list.key 必填，最长 1024 字节"),
    Rule("TNB", "action_menu.action_list", unique("key"), 42051, True, "action_list.key 重复"),
    Rule("TNB", "quote_area.type", among(0, 1, 2), 40058, False, "quote_area.type 只能是 0–2"),
    Rule("TNB", "quote_area.url", filled, 42028, True, "quote_area 缺少 url", is_("type", 1)),
    Rule("TNB", "quote_area.url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("TNB", "quote_area.appid", filled, 42030, True, "quote_area 缺少 appid", is_("type", 2)),
    Rule("TNB", "horizontal_content_list", length(0, 6), 42035, True, "horizontal_content_list 最多 6 项"),
    Rule("TNB", "horizontal_content_list[].keyname", filled, 42027, True, "缺少 keyname"),
    Rule("TNB", "horizontal_content_list[].type", among(0, 1, 2, 3), 40058, False, "type 只能是 0–3"),
    Rule("TNB", "horizontal_content_list[].url", filled, 42028, True, "type 为 1 时缺少 url", is_("type", 1)),
    Rule("TNB", "horizontal_content_list[].url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("TNB", "horizontal_content_list[].media_id", filled, 42029, True, "type 为 2 时缺少 media_id", is_("type", 2)),
    Rule("TNB", "horizontal_content_list[].userid", filled, 42050, True, "type 为 3 时缺少 userid", is_("type", 3)),
    Rule("TN", "jump_list", length(0, 3), 42042, True, "jump_list 最多 3 项"),
    Rule("TN", "jump_list[].title", filled, 42033, True, "缺少 jump_list.title"),
    Rule("TN", "jump_list[].type", among(0, 1, 2), 40058, False, "jump_list.type 只能是 0–2"),
    Rule("TN", "jump_list[].url", filled, 42028, True, "jump_list 缺少 url", is_("type", 1)),
    Rule("TN", "jump_list[].url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("TN", "jump_list[].appid", filled, 42030, True, "jump_list 缺少 appid", is_("type", 2)),
    Rule("TN", "card_action", filled, 42045, True, "缺少 card_action"),
    Rule("TN", "card_action.type", exactly(1, 2), 42045, True, "card_action.type 只能是 1 或 2"),
    Rule("B", "card_action.type", among(0, 1, 2), 42045, True, "card_action.type 只能是 0–2"),
    Rule("TNB", "card_action.url", filled, 42028, True, "card_action 缺少 url", is_("type", 1)),
    Rule("TNB", "card_action.url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("TNB", "card_action.appid", filled, 42030, True, "card_action 缺少 appid", is_("type", 2)),
    Rule("N", "card_type", lambda _, card: "card_image" in card or "image_text_area" in card, 42044, False,
         "card_image 与 image_text_area 至少要有一个"),
    Rule("N", "card_image.url", filled, 42044, True, "缺少 card_image.url"),
    Rule("N", "card_image.url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("N", "card_image.aspect_ratio", between(1.3, 2.25), 40058, False, "aspect_ratio 须在 1.3 与 2.25 之间"),
    Rule("N", "image_text_area.image_url", filled, 42028, False, "缺少 image_text_area.image_url"),
    Rule("N", "image_text_area.type", among(0, 1, 2), 40058, False, "image_text_area.type 只能是 0–2"),
    Rule("N", "image_text_area.url", filled, 42028, True, "image_text_area 缺少 url", is_("type", 1)),
    Rule("N", "image_text_area.url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("N", "image_text_area.appid", filled, 42030, True, "image_text_area 缺少 appid", is_("type", 2)),
    Rule("N", "vertical_content_list", length(0, 4), 42036, True, "vertical_content_list 最多 4 项"),
    Rule("N", "vertical_content_list[].title", filled, 42033, True, "缺少 vertical_content_list.title"),
    Rule("B", "button_list", length(1, 6), 40058, False, "button_list 须有 1–6 个按钮"),
    Rule("B", "button_list[].text", filled, 42038, True, "缺少按钮文字"),
    Rule("B", "button_list[].type", among(0, 1), 40058, False, "按钮 type 只能是 0 或 1"),
    Rule("B", "button_list[].key", KEY, 42039, True, "按钮 key 必填，最长 1024 字节", is_("type", None, 0)),
    Rule("B", "button_list", unique("key"), 42039, True, "按钮 key 重复"),
    Rule("B", "button_list[].url", filled, 42028, True, "跳转按钮缺少 url", is_("type", 1)),
    Rule("B", "button_list[].url", has_scheme, 45034, True, "url 缺少 http(s)://"),
    Rule("B", "button_list[].style", among(1, 2, 3, 4), 40058, False, "按钮 style 只能是 1–4"),
    Rule("B", "button_selection.question_key", KEY, 42043, True, "question_key 必填，最长 1024 字节"),
    Rule("B", "button_selection.option_list", length(1, 10), 42037, True, "option_list 须有 1–10 项"),
    Rule("B", "button_selection.option_list[].id", octets(128), 42040, True, "选项 id 必填，最长 128 字节"),
    Rule("B", "button_selection.option_list", unique("id"), 42040, True, "选项 id 重复"),
    Rule("B", "button_selection.option_list[].text", filled, 42041, True, "缺少选项文字"),
    Rule("B", "button_selection.selected_id", option_of("option_list"), 42040, False, "selected_id 不在选项里"),
    Rule("V", "checkbox", filled, 42043, False, "缺少 checkbox"),
    Rule("V", "checkbox.question_key", KEY, 42043, True, "question_key 必填，最长 1024 字节"),
    Rule("V", "checkbox.mode", among(0, 1), 40058, False, "mode 只能是 0 或 1"),
    Rule("V", "checkbox.option_list", length(1, 20), 42037, True, "option_list 须有 1–20 项"),
    Rule("V", "checkbox.option_list[].id", octets(128), 42040, True, "选项 id 必填，最长 128 字节"),
    Rule("V", "checkbox.option_list", unique("id"), 42040, True, "选项 id 重复"),
    Rule("V", "checkbox.option_list[].text", filled, 42041, True, "缺少选项文字"),
    Rule("V", "checkbox.option_list[].is_checked", present, 40058, False, "缺少 is_checked"),
    Rule("M", "select_list", length(1, 3), 42047, True, "select_list 须有 1–3 项"),
    Rule("M", "select_list[].question_key", KEY, 42043, True, "question_key 必填，最长 1024 字节"),
    Rule("M", "select_list", unique("question_key"), 42043, True, "question_key 重复"),
    Rule("M", "select_list[].option_list", length(1, 10), 42037, True, "option_list 须有 1–10 项"),
    Rule("M", "select_list[].option_list[].id", octets(128), 42040, True, "选项 id 必填，最长 128 字节"),
    Rule("M", "select_list[].option_list", unique("id"), 42040, True, "选项 id 重复"),
    Rule("M", "select_list[].option_list[].text", filled, 42041, True, "缺少选项文字"),
    Rule("M", "select_list[].selected_id", option_of("option_list"), 42040, False, "selected_id 不在选项里"),
    Rule("VM", "submit_button", filled, 42046, True, "缺少 submit_button", send_only=True),
    Rule("VM", "submit_button.key", KEY, 42046, True, "submit_button.key 必填，最长 1024 字节"),
    Rule("VM", "submit_button.text", present, 42049, True, "缺少 submit_button.text"),
    Rule("TNBVM", "source.icon_url", has_scheme, 45034, True, "url 缺少 http(s)://"),
)  # fmt: skip

ADVICE: tuple[tuple[str, str, int], ...] = (
    ("TNBVM", "source.desc", 20), ("TNBM", "main_title.title", 36), ("V", "main_title.title", 16),
    ("TNB", "main_title.desc", 44), ("VM", "main_title.desc", 160), ("T", "emphasis_content.title", 14),
    ("T", "emphasis_content.desc", 22), ("TB", "sub_title_text", 160),
    ("TNB", "horizontal_content_list[].keyname", 5), ("TNB", "horizontal_content_list[].value", 30),
    ("TN", "jump_list[].title", 18), ("N", "vertical_content_list[].title", 38),
    ("N", "vertical_content_list[].desc", 160), ("B", "button_list[].text", 10),
    ("B", "button_selection.option_list[].text", 16), ("V", "checkbox.option_list[].text", 17),
    ("M", "select_list[].option_list[].text", 16), ("VM", "submit_button.text", 10),
)  # fmt: skip


def card_fault(card: Any, *, update: bool = False) -> Fault | None:
    """The first thing wrong with a template_card object; `update` allows and frees what only updates may."""
    kind = card.get("card_type") if isinstance(card, Mapping) else None
    if not isinstance(kind, str) or kind not in LETTERS:
        return Fault(42031, "card_type", "card_type 不合法")
    shape = UPDATE_SHAPE if update else SHAPE
    allowed = FIELDS[kind] | ({"replace_text"} if update and kind in CALLBACK_TYPES else set())
    narrowed = {name: shape[name] for name in allowed}
    return misshapen(narrowed, card) or broken(RULES, LETTERS[kind], card, update=update)
