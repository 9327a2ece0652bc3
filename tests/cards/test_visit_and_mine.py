"""The card of a saved visit, and 我的."""

from hypothesis import given
from hypothesis import strategies as st

from cards.key import Seal
from cards.mine import mine_card
from cards.spent import spent_card
from cards.visit import UNDO, UNDONE, saved_card
from domain.command import Command, Verb
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 1)
TODO = Command(key="todo", word="待办", verb=Verb.TODO_LIST, usage="待办", example="待办", help="看待办")
PAIRS = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=600)), max_size=12)


def test_a_saved_visit_can_be_taken_back():
    note = "聊了理财续期，客户想等下个月的新产品，收益率希望不低于现在这一期"
    card = saved_card("王秀兰", [("方式", "电话"), ("备注", note)], "今天 15:20", SEAL).dump()
    assert card == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "拜访已保存", "desc": "王秀兰"},
        "sub_title_text": f"备注：{note}\n今天 15:20 前可以撤销",
        "horizontal_content_list": [{"keyname": "方式", "value": "电话"}],
        "button_list": [
            {"text": "撤销", "key": "visit.undo.1", "style": 2},
            {"text": "查客户", "key": "visit.customer.1", "style": 2},
        ],
    }
    undone = spent_card(card, UNDO, said=UNDONE).update()
    assert undone["replace_text"] == "已撤销"
    assert broken(undone, update=True) == []


def test_mine():
    lines = [("客户", "312 位"), ("待办", "4 件"), ("本周拜访", "7 次")]
    assert mine_card("赵一示例", "客户经理 · 浦东支行", lines, [TODO], SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "赵一示例", "desc": "客户经理 · 浦东支行"},
        "horizontal_content_list": [
            {"keyname": "客户", "value": "312 位"},
            {"keyname": "待办", "value": "4 件"},
            {"keyname": "本周拜访", "value": "7 次"},
        ],
        "button_list": [{"text": "待办", "key": "cmd.todo.1", "style": 1}],
    }


@given(st.text(max_size=80), PAIRS, st.text(max_size=30))
def test_anything_saved_fits(who, lines, until):
    assert broken(saved_card(who, lines, until, SEAL).dump()) == []
    assert broken(mine_card(who, until, lines, [TODO], SEAL).dump()) == []
