"""One violating card for each rule and card type, sent over HTTP; the expected errcode is WeCom's where it documents
one.

The table is written from the developer pages (90236), not from the simulator's own tables.
"""

import copy
from typing import Any, NamedTuple

import pytest

DROP = object()
OPTIONS = [{"id": f"o{n}", "text": f"选项{n}"} for n in range(3)]
TEN = [{"id": f"o{n}", "text": f"选项{n}"} for n in range(11)]
NOTICE: dict[str, Any] = {
    "task_id": "task-0001@rm_1",
    "source": {"icon_url": "https://example.invalid/i.png", "desc": "示例", "desc_color": 1},
    "main_title": {"title": "标题", "desc": "说明"},
    "action_menu": {
        "desc": "更多",
        "action_list": [{"text": "稍后", "key": "later"}, {"text": "不再", "key": "never"}],
    },
    "quote_area": {"type": 1, "url": "https://example.invalid/q", "title": "引用", "quote_text": "…"},
    "horizontal_content_list": [
        {"keyname": "客户", "value": "示例"},
        {"keyname": "详情", "value": "打开", "type": 1, "url": "https://example.invalid/d"},
        {"keyname": "经办", "value": "查看", "type": 3, "userid": "rm01"},
    ],
    "card_action": {"type": 1, "url": "https://example.invalid/c"},
}
JUMP = [{"type": 1, "title": "进入", "url": "https://example.invalid/j"}, {"title": "无处可去"}]
CARDS: dict[str, dict[str, Any]] = {
    "T": {
        "card_type": "text_notice",
        **NOTICE,
        "emphasis_content": {"title": "100", "desc": "核心数据"},
        "sub_title_text": "正文",
        "jump_list": JUMP,
    },
    "N": {
        "card_type": "news_notice",
        **NOTICE,
        "card_image": {"url": "https://example.invalid/b.jpg", "aspect_ratio": 1.3},
        "image_text_area": {
            "type": 1,
            "url": "https://example.invalid/x",
            "image_url": "https://example.invalid/a.jpg",
        },
        "vertical_content_list": [{"title": "甲", "desc": "乙"}],
        "jump_list": JUMP,
    },
    "B": {
        "card_type": "button_interaction",
        **NOTICE,
        "sub_title_text": "正文",
        "button_selection": {"question_key": "q", "title": "结果", "option_list": OPTIONS, "selected_id": "o1"},
        "button_list": [
            {"text": "提交", "style": 1, "key": "submit"},
            {"text": "打开", "type": 1, "style": 2, "url": "https://example.invalid/b"},
        ],
    },
    "V": {
        "card_type": "vote_interaction",
        "task_id": "task-0001@rm_1",
        "source": {"desc": "示例"},
        "main_title": {"title": "选择", "desc": "说明"},
        "checkbox": {"question_key": "q", "mode": 1, "option_list": [{**o, "is_checked": False} for o in OPTIONS]},
        "submit_button": {"text": "提交", "key": "submit"},
    },
    "M": {
        "card_type": "multiple_interaction",
        "task_id": "task-0001@rm_1",
        "source": {"desc": "示例"},
        "main_title": {"title": "登记", "desc": "说明"},
        "select_list": [
            {"question_key": "q1", "title": "方式", "selected_id": "o0", "option_list": OPTIONS},
            {"question_key": "q2", "title": "结果", "option_list": OPTIONS},
        ],
        "submit_button": {"text": "提交", "key": "submit"},
    },
}


class Row(NamedTuple):
    """Card types by first letter, the place to spoil, what to put there, the errcode, whether WeCom documents it."""

    types: str
    path: str
    value: Any
    errcode: int
    documented: bool


YES, NO = True, False
LONG, SHORT_URL = "k" * 1025, "example.invalid/no-scheme"
TABLE = [
    Row("TNBVM", "card_type", "task_card", 42031, YES),
    Row("TNBVM", "card_type", DROP, 42031, YES),
    Row("TNBVM", "card_type", 1, 42031, YES),
    Row("TNBVM", "task_id", "有汉字", 42014, YES),
    Row("TNBVM", "task_id", "with space", 42014, YES),
    Row("TNBVM", "task_id", "x" * 129, 42014, YES),
    Row("TNBVM", "task_id", "", 42014, YES),
    Row("TNBVM", "task_id", DROP, 42014, YES),
    Row("TNBVM", "task_id", 7, 40035, NO),
    Row("TNBVM", "nonsense", "x", 40058, NO),
    Row("TNBVM", "main_title.nonsense", "x", 40058, NO),
    Row("TNBVM", "main_title", "标题", 40035, NO),
    Row("TNBVM", "main_title.title", 5, 40035, NO),
    Row("NBVM", "main_title", DROP, 42033, YES),
    Row("NBVM", "main_title.title", DROP, 42033, YES),
    Row("NBVM", "main_title.title", "", 42033, YES),
    Row("TNBVM", "source", [], 40035, NO),
    Row("TNB", "source.desc_color", 4, 40058, NO),
    Row("TNB", "source.desc_color", "1", 40035, NO),
    Row("VM", "source.desc_color", 1, 40058, NO),
    Row("TNBVM", "source.icon_url", SHORT_URL, 45034, YES),
    Row("TNBVM", "replace_text", "已处理", 40058, NO),
    Row("TNB", "action_menu.action_list", DROP, 40058, NO),
    Row("TNB", "action_menu.action_list", [], 40058, NO),
    Row("TNB", "action_menu.action_list", [{"text": "x", "key": f"k{n}"} for n in range(4)], 40058, NO),
    Row("TNB", "action_menu.action_list.0.key", LONG, 42039, NO),
    Row("TNB", "action_menu.action_list.0.key", DROP, 42039, NO),
    Row("TNB", "action_menu.action_list.0.text", "", 42038, NO),
    Row("TNB", "action_menu.action_list.1.key", "later", 42051, YES),
    Row("VM", "action_menu", NOTICE["action_menu"], 40058, NO),
    Row("TNB", "quote_area.type", 3, 40058, NO),
    Row("TNB", "quote_area.url", DROP, 42028, YES),
    Row("TNB", "quote_area.url", SHORT_URL, 45034, YES),
    Row("TNB", "quote_area.type", 2, 42030, YES),
    Row("VM", "quote_area", NOTICE["quote_area"], 40058, NO),
    Row("TNB", "horizontal_content_list", [{"keyname": "x"}] * 7, 42035, YES),
    Row("TNB", "horizontal_content_list", {}, 40035, NO),
    Row("TNB", "horizontal_content_list.0.keyname", DROP, 42027, YES),
    Row("TNB", "horizontal_content_list.0.keyname", "", 42027, YES),
    Row("TNB", "horizontal_content_list.0.value", 3, 40035, NO),
    Row("TNB", "horizontal_content_list.0.type", 4, 40058, NO),
    Row("TNB", "horizontal_content_list.0.type", 2, 42029, YES),
    Row("TNB", "horizontal_content_list.1.url", DROP, 42028, YES),
    Row("TNB", "horizontal_content_list.1.url", SHORT_URL, 45034, YES),
    Row("TNB", "horizontal_content_list.2.userid", DROP, 42050, YES),
    Row("TNB", "horizontal_content_list.2", {"keyname": "x", "type": 2, "media_id": "unknown"}, 40007, YES),
    Row("VM", "horizontal_content_list", [], 40058, NO),
    Row("TN", "jump_list", [{"title": "x"}] * 4, 42042, YES),
    Row("TN", "jump_list.0.title", DROP, 42033, YES),
    Row("TN", "jump_list.0.url", DROP, 42028, YES),
    Row("TN", "jump_list.0.url", SHORT_URL, 45034, YES),
    Row("TN", "jump_list.0.type", 2, 42030, YES),
    Row("TN", "jump_list.0.type", 5, 40058, NO),
    Row("BVM", "jump_list", JUMP, 40058, NO),
    Row("TN", "card_action", DROP, 42045, YES),
    Row("TN", "card_action.type", DROP, 42045, YES),
    Row("TN", "card_action.type", 0, 42045, YES),
    Row("TNB", "card_action.type", 3, 42045, YES),
    Row("TNB", "card_action.url", DROP, 42028, YES),
    Row("TNB", "card_action.url", SHORT_URL, 45034, YES),
    Row("TNB", "card_action.type", 2, 42030, YES),
    Row("VM", "card_action", NOTICE["card_action"], 40058, NO),
    Row("NBVM", "emphasis_content", {"title": "1"}, 40058, NO),
    Row("NVM", "sub_title_text", "x", 40058, NO),
    Row("TB", "sub_title_text", ["x"], 40035, NO),
    Row("TBVM", "card_image", {"url": "https://example.invalid/x.png"}, 40058, NO),
    Row("TBVM", "vertical_content_list", [], 40058, NO),
    Row("TBVM", "image_text_area", {"image_url": "https://example.invalid/x.png"}, 40058, NO),
    Row("N", "card_image.url", DROP, 42044, YES),
    Row("N", "card_image.url", "", 42044, YES),
    Row("N", "card_image.url", SHORT_URL, 45034, YES),
    Row("N", "card_image.aspect_ratio", 1.2, 40058, NO),
    Row("N", "card_image.aspect_ratio", 2.26, 40058, NO),
    Row("N", "card_image.aspect_ratio", "1.3", 40035, NO),
    Row("N", "image_text_area.image_url", DROP, 42028, NO),
    Row("N", "image_text_area.url", DROP, 42028, YES),
    Row("N", "image_text_area.url", SHORT_URL, 45034, YES),
    Row("N", "image_text_area.type", 2, 42030, YES),
    Row("N", "image_text_area.type", 9, 40058, NO),
    Row("N", "vertical_content_list", [{"title": "x"}] * 5, 42036, YES),
    Row("N", "vertical_content_list.0.title", DROP, 42033, YES),
    Row("B", "button_list", DROP, 40058, NO),
    Row("B", "button_list", [], 40058, NO),
    Row("B", "button_list", [{"text": "x", "key": f"k{n}"} for n in range(7)], 40058, NO),
    Row("B", "button_list.0.text", DROP, 42038, YES),
    Row("B", "button_list.0.text", "", 42038, YES),
    Row("B", "button_list.0.key", DROP, 42039, YES),
    Row("B", "button_list.0.key", LONG, 42039, YES),
    Row("B", "button_list.0.key", "键" * 342, 42039, YES),
    Row("B", "button_list", [{"text": "x", "key": "k"}, {"text": "y", "key": "k"}], 42039, YES),
    Row("B", "button_list.0.style", 5, 40058, NO),
    Row("B", "button_list.0.style", 0, 40058, NO),
    Row("B", "button_list.0.type", 2, 40058, NO),
    Row("B", "button_list.1.url", DROP, 42028, YES),
    Row("B", "button_list.1.url", SHORT_URL, 45034, YES),
    Row("TNVM", "button_list", [{"text": "x", "key": "k"}], 40058, NO),
    Row("TNVM", "button_selection", {"question_key": "q", "option_list": OPTIONS}, 40058, NO),
    Row("B", "button_selection.question_key", DROP, 42043, YES),
    Row("B", "button_selection.question_key", LONG, 42043, YES),
    Row("B", "button_selection.option_list", [], 42037, YES),
    Row("B", "button_selection.option_list", DROP, 42037, YES),
    Row("B", "button_selection.option_list", TEN, 42037, YES),
    Row("B", "button_selection.option_list.0.id", "x" * 129, 42040, YES),
    Row("B", "button_selection.option_list.0.id", DROP, 42040, YES),
    Row("B", "button_selection.option_list.0.id", "o1", 42040, YES),
    Row("B", "button_selection.option_list.0.text", "", 42041, YES),
    Row("B", "button_selection.selected_id", "nowhere", 42040, NO),
    Row("TNBM", "checkbox", CARDS["V"]["checkbox"], 40058, NO),
    Row("V", "checkbox", DROP, 42043, NO),
    Row("V", "checkbox.question_key", DROP, 42043, YES),
    Row("V", "checkbox.question_key", LONG, 42043, YES),
    Row("V", "checkbox.mode", 2, 40058, NO),
    Row("V", "checkbox.option_list", [], 42037, YES),
    Row("V", "checkbox.option_list", [{"id": f"{n}", "text": "x", "is_checked": False} for n in range(21)], 42037, YES),
    Row("V", "checkbox.option_list.0.id", "x" * 129, 42040, YES),
    Row("V", "checkbox.option_list.0.id", "o1", 42040, YES),
    Row("V", "checkbox.option_list.0.text", DROP, 42041, YES),
    Row("V", "checkbox.option_list.0.is_checked", DROP, 40058, NO),
    Row("V", "checkbox.option_list.0.is_checked", 1, 40035, NO),
    Row("V", "checkbox.disable", True, 40058, NO),
    Row("TNBV", "select_list", CARDS["M"]["select_list"], 40058, NO),
    Row("M", "select_list", DROP, 42047, YES),
    Row("M", "select_list", [], 42047, YES),
    Row("M", "select_list", [{"question_key": f"q{n}", "option_list": OPTIONS} for n in range(4)], 42047, YES),
    Row("M", "select_list.0.question_key", DROP, 42043, YES),
    Row("M", "select_list.0.question_key", LONG, 42043, YES),
    Row("M", "select_list.0.question_key", "q2", 42043, YES),
    Row("M", "select_list.0.option_list", [], 42037, YES),
    Row("M", "select_list.0.option_list", TEN, 42037, YES),
    Row("M", "select_list.0.option_list.0.id", "", 42040, YES),
    Row("M", "select_list.0.option_list.0.id", "o1", 42040, YES),
    Row("M", "select_list.0.option_list.0.id", "x" * 129, 42040, YES),
    Row("M", "select_list.0.option_list.0.text", DROP, 42041, YES),
    Row("M", "select_list.0.selected_id", "nowhere", 42040, NO),
    Row("M", "select_list.0.disable", True, 40058, NO),
    Row("TNB", "submit_button", {"text": "提交", "key": "k"}, 40058, NO),
    Row("VM", "submit_button", DROP, 42046, YES),
    Row("VM", "submit_button.key", DROP, 42046, YES),
    Row("VM", "submit_button.key", LONG, 42046, YES),
    Row("VM", "submit_button.text", DROP, 42049, YES),
]
CASES = [(letter, row) for row in TABLE for letter in row.types]


def spoiled(card: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the card with one place changed or removed."""
    result: Any = copy.deepcopy(card)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = result
    for step in way:
        place = place[step]
    if value is DROP:
        del place[last]
    else:
        place[last] = value
    return result


def name_of(case: Any) -> str:
    if isinstance(case, Row):
        value = "missing" if case.value is DROP else repr(case.value)[:16]
        return f"{case.path}={value}-{case.errcode}-{'documented' if case.documented else 'undocumented'}"
    return str(case)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 150
    assert sum(row.documented for _, row in CASES) >= 100


@pytest.mark.parametrize(("letter", "row"), CASES, ids=name_of)
async def test_a_violation_is_refused(app: Any, letter: str, row: Row) -> None:
    answer = await app.card(spoiled(CARDS[letter], row.path, row.value))
    assert answer["errcode"] == row.errcode, answer["errmsg"]


@pytest.mark.parametrize("letter", CARDS)
async def test_the_full_card_is_accepted(app: Any, world: Any, letter: str) -> None:
    answer = await app.card(CARDS[letter])
    assert answer["errcode"] == 0
    assert "response_code" in answer
    assert (await world.phone("rm01").last_card()).card == CARDS[letter]


async def test_text_notice_needs_a_title_or_a_text(app: Any) -> None:
    bare = {k: v for k, v in CARDS["T"].items() if k not in ("main_title", "sub_title_text")}
    assert (await app.card(bare))["errcode"] == 42033


async def test_news_notice_needs_one_of_two_pictures(app: Any) -> None:
    bare = {k: v for k, v in CARDS["N"].items() if k not in ("card_image", "image_text_area")}
    assert (await app.card(bare))["errcode"] == 42044


@pytest.mark.parametrize("ratio", [1.3, 2.25])
async def test_aspect_ratio_boundaries_are_accepted(app: Any, ratio: float) -> None:
    assert (await app.card(spoiled(CARDS["N"], "card_image.aspect_ratio", ratio)))["errcode"] == 0


async def test_advised_lengths_are_shown_not_refused(app: Any, world: Any) -> None:
    assert (await app.card(spoiled(CARDS["B"], "main_title.title", "长" * 40)))["errcode"] == 0
    calls = await world.ledger("message/send")
    assert calls[-1]["advice"] == ["main_title.title 建议不超过 36 字，现有 40 字"]
    assert await world.violations() == []
