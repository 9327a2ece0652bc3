"""待办 on a phone: the list by pages, numbers that stay, and putting off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.key import Seal
from cards.todo import TodoLine, todo_card
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 2)
LATE = TodoLine("回访客户(上次电话)", "逾期2天", "王秀兰", overdue=True)
PLAIN = TodoLine("整理资料", "今天 15:00")


def test_the_list():
    assert todo_card([LATE, PLAIN], SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "我的待办", "desc": "共 2 件，逾期 1 件"},
        "horizontal_content_list": [
            {"keyname": "1.", "value": "逾期2天 王秀兰 回访客户(上次电话)"},
            {"keyname": "2.", "value": "今天 15:00 整理资料"},
        ],
        "button_selection": {
            "question_key": "todo",
            "title": "处理哪一件",
            "option_list": [{"id": "1", "text": "1.王秀兰 回访客户(上次电话)"}, {"id": "2", "text": "2.整理资料"}],
        },
        "button_list": [
            {"text": "完成", "key": "todo.done.2", "style": 1},
            {"text": "稍后", "key": "todo.later.2", "style": 2},
            {"text": "查客户", "key": "todo.customer.2", "style": 2},
        ],
    }


@pytest.mark.parametrize(
    ("page", "ids", "onward", "said"),
    [
        (0, ["1", "2", "3", "4", "5", "6"], "下一页", "第 1/3 页"),
        (1, ["7", "8", "9", "10", "11", "12"], "下一页", "第 2/3 页"),
        (2, ["13"], "回第一页", "第 3/3 页"),
        (3, ["1", "2", "3", "4", "5", "6"], "下一页", "第 1/3 页"),
    ],
)
def test_pages_keep_the_numbers(page, ids, onward, said):
    card = todo_card([PLAIN] * 13, SEAL, page=page).dump()
    assert [option["id"] for option in card["button_selection"]["option_list"]] == ids
    assert [line["keyname"] for line in card["horizontal_content_list"]] == [f"{n}." for n in ids]
    assert card["button_list"][-1]["text"] == onward
    assert said in card["main_title"]["desc"]
    assert "查客户" not in [button["text"] for button in card["button_list"]]


def test_a_reminder_says_that_it_is_one():
    card = todo_card([LATE], SEAL, title="待办提醒").dump()
    assert card["main_title"]["title"] == "待办提醒"
    assert (LATE.said, LATE.called) == ("逾期2天 王秀兰 回访客户(上次电话)", "王秀兰 回访客户(上次电话)")


LINES = st.builds(TodoLine, st.text(max_size=60), st.text(max_size=20), st.text(max_size=60), st.booleans())


@given(st.lists(LINES, min_size=1, max_size=150), st.integers(0, 40))
def test_any_list_fits(lines, page):
    assert broken(todo_card(lines, SEAL, page=page).dump()) == []
