"""Whatever JSON arrives, the rule tables answer with an errcode or accept; they never fall over."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.card_rules import card_fault
from simulator.client import PhoneError
from simulator.menu_rules import menu_fault
from simulator.message_rules import message_fault, truncated

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
OPTION = {"id": "o", "text": "甲"}
CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "t",
    "main_title": {"title": "x"},
    "action_menu": {"desc": "更多", "action_list": [{"text": "x", "key": "k"}]},
    "horizontal_content_list": [{"keyname": "x", "type": 1, "url": "https://example.invalid"}],
    "button_selection": {"question_key": "q", "option_list": [OPTION], "selected_id": "o"},
    "button_list": [{"text": "x", "key": "k"}],
    "checkbox": {"question_key": "q", "option_list": [{**OPTION, "is_checked": True}]},
    "select_list": [{"question_key": "q", "option_list": [OPTION]}],
    "submit_button": {"text": "x", "key": "k"},
    "jump_list": [{"title": "x"}],
    "card_action": {"type": 1, "url": "https://example.invalid"},
}
MENU = {"button": [{"name": "多", "sub_button": [{"type": "click", "name": "x", "key": "k"}]}]}


def spots(tree: Any) -> list[list[Any]]:
    """The way to every place in a JSON tree."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [[key, *rest] for key, value in pairs for rest in ([], *spots(value))]


def with_one_place_replaced(tree: Any) -> st.SearchStrategy[Any]:
    def spoil(way: list[Any], value: Any) -> Any:
        result = copy.deepcopy(tree)
        place = result
        for step in way[:-1]:
            place = place[step]
        place[way[-1]] = value
        return result

    return st.builds(spoil, st.sampled_from(spots(tree)), JSON)


@given(with_one_place_replaced(CARD) | JSON, st.sampled_from(["text_notice", "news_notice", "button_interaction",
                                                              "vote_interaction", "multiple_interaction"]),
       st.booleans())  # fmt: skip
def test_any_card_gets_an_answer(card: Any, kind: str, update: bool) -> None:
    if isinstance(card, dict):
        card["card_type"] = kind
    fault = card_fault(card, update=update)
    assert fault is None or fault.errcode in range(40000, 46000)


@given(with_one_place_replaced(MENU) | JSON)
def test_any_menu_gets_an_answer(menu: Any) -> None:
    fault = menu_fault(menu)
    assert fault is None or fault.errcode in range(40000, 42000)


@given(
    st.dictionaries(st.sampled_from(["touser", "agentid", "safe", "text", "news", "textcard", "toparty"]), JSON),
    st.sampled_from(["text", "news", "textcard", "image", "template_card", "markdown"]),
)
def test_any_message_gets_an_answer(body: dict[str, Any], kind: str) -> None:
    body = {"touser": "rm01", "agentid": 1, **body, "msgtype": kind}
    if message_fault(body, 1) is None:
        assert set(truncated(body)[0]) == set(body[kind])


@pytest.mark.parametrize(("action", "body"), [
    ("say", {"text": {}}), ("say", {"text": None}), ("raw", {"xml": 5}), ("menu", {"path": "x"}),
    ("press", {"bubble": "b1", "key": "k", "selected": 5}), ("event", {"event": "x", "fields": 5}),
])  # fmt: skip
async def test_odd_fields_are_told(app: Any, world: Any, action: str, body: dict[str, Any]) -> None:
    await app.card({k: CARD[k] for k in ("card_type", "task_id", "main_title", "button_list")})
    await app.post("menu/create", MENU, agentid="1000002")
    with pytest.raises(PhoneError, match="类型不对"):
        await world.phone("rm01").does(action, **body)
