"""Commands offered: help, the greeting by post, and what was probably meant."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cards.command import CONTROLS, command_text, entry_card, help_card, help_texts, suggestion_card
from cards.key import Seal
from domain.command import Command, Verb
from domain.pack import EntryCard
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 0)


def command(key: str, word: str, **more: Any) -> Command:
    said = {"usage": f"{word} <客户>", "example": f"{word} 王秀兰", "help": f"{word}一下"} | more
    return Command(key=key, word=word, verb=Verb.CUSTOMER_QUERY, **said)


QUERY = command("query", "查", button="查客户")
VISIT = command("visit", "拜访", button="记拜访")
TODO = command("todo", "待办", usage="待办", example="待办")
MANY = [command(f"c{n}", f"命令{n}", help="很长的说明" * 20) for n in range(40)]


def test_help_lists_what_this_person_may_do_in_a_line_each():
    [message] = help_texts([QUERY, TODO])
    assert (
        message.content
        == f"您可以这样用（共 2 项）：\n查客户：查 王秀兰\n待办：待办\n\n一项怎么用，发：帮助 查\n{CONTROLS}"
    )
    many = "".join(message.content for message in help_texts(MANY))
    assert all(f"命令{n}：" in many for n in range(40))


def test_help_about_one_says_all_of_it():
    assert command_text(QUERY) == "【查客户】查一下\n用法：查 <客户>\n例如：查 王秀兰"
    assert command_text(command("find", "找", aliases=("寻",))).endswith("\n也可以说：寻")


def test_help_as_a_card():
    assert help_card([QUERY, TODO], SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "帮助", "desc": "点一下，或直接发文字"},
        "button_list": [
            {"text": "查客户", "key": "cmd.query.0", "style": 1},
            {"text": "待办", "key": "cmd.todo.0", "style": 1},
        ],
    }
    assert len(help_card(MANY, SEAL).dump()["button_list"]) == 6


def test_the_greeting_offers_only_what_is_allowed_in_the_order_of_the_card():
    entry = EntryCard(posts=("客户经理",), title="早上好", text="今天从这里开始", commands=("todo", "query", "visit"))
    card = entry_card(entry, [QUERY, TODO], SEAL, hint="直接发命令也行").dump()
    assert card["main_title"] == {"title": "早上好"}
    assert card["sub_title_text"] == "今天从这里开始\n直接发命令也行"
    assert [button["key"] for button in card["button_list"]] == ["cmd.todo.0", "cmd.query.0"]


def test_the_likely_commands_are_three_buttons():
    assert suggestion_card("差王秀兰", "没看懂这句话，您是不是想：", [QUERY, VISIT, TODO, *MANY], SEAL).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "没看懂这句话，您是不是想：", "desc": "“差王秀兰”"},
        "sub_title_text": "例如：查 王秀兰\n例如：拜访 王秀兰\n例如：待办",
        "button_list": [
            {"text": "查客户", "key": "cmd.query.0", "style": 1},
            {"text": "记拜访", "key": "cmd.visit.0", "style": 1},
            {"text": "待办", "key": "cmd.todo.0", "style": 1},
        ],
    }


@given(st.text(max_size=5000), st.text(max_size=60))
def test_whatever_was_said_fits(said, question):
    assert broken(suggestion_card(said, question, [QUERY, VISIT, TODO], SEAL).dump()) == []
