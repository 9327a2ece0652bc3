"""管理 on a phone: what one can administer, the list of commands, and a change before and after it is decided."""

from hypothesis import assume, given
from hypothesis import strategies as st

from cards.admin import (
    command_card,
    commands_card,
    difference,
    overview_card,
    what_text,
)
from cards.approval import own_card, wish_card
from cards.key import Seal
from domain.command import Command, Verb
from domain.command_change import MOST_SHOWN
from domain.overlay import Terms
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 1)


def command(word: str, **more: object) -> Command:
    said = {"key": "c", "verb": Verb.TODO_LIST, "usage": f"{word} <客户>", "example": word, "help": f"{word}一下"}
    return Command.model_validate({**said, "word": word, **more})


VISIT = command("拜访", aliases=("走访", "记拜访"), posts=("客户经理", "主管", "催收岗"), enabled=False)
MANY = [command(f"命令{n}", key=f"c{n}") for n in range(14)]


def test_a_line_says_state_posts_and_aliases():
    card = commands_card([command("查"), VISIT, command("帮助", posts=("主管", "*"))], SEAL, waiting={"c"}).dump()
    assert card["main_title"] == {"title": "命令", "desc": "共 3 个，停用 1 个"}
    assert card["horizontal_content_list"] == [
        {"keyname": "查", "value": "待确认 · 启用 · 所有人"},
        {"keyname": "拜访", "value": "待确认 · 停用 · 3 个岗位 · 走访、记拜访"},
        {"keyname": "帮助", "value": "待确认 · 启用 · 主管、所有人"},
    ]
    assert card["button_selection"]["option_list"] == [
        {"id": "1", "text": "1.查"}, {"id": "2", "text": "2.拜访"}, {"id": "3", "text": "3.帮助"},
    ]  # fmt: skip


def test_pages_go_round_and_number_through():
    for page, last, onward in ((0, "6", "下一页"), (1, "12", "下一页"), (2, "14", "回第一页"), (3, "6", "下一页")):
        card = commands_card(MANY, SEAL, page=page).dump()
        assert card["button_selection"]["option_list"][-1]["id"] == last
        assert card["button_list"][-1]["text"] == onward
        assert card["main_title"]["desc"] == f"共 14 个，第 {page % 3 + 1}/3 页"


def test_who_only_watches_gets_no_button_that_changes():
    assert [button["text"] for button in commands_card(MANY, SEAL, may_change=False).dump()["button_list"]] == [
        "详情",
        "下一页",
    ]
    assert [button["text"] for button in command_card(VISIT, SEAL, may_change=False).dump()["button_list"]] == [
        "全部命令"
    ]
    assert command_card(VISIT, SEAL).dump()["button_list"][0]["text"] == "启用"


def test_what_came_to_nothing_is_named():
    card = commands_card(MANY, SEAL, notes=["包里没有“gone”这个命令，行内对它的改动不起作用"]).dump()
    assert card["sub_title_text"] == "包里没有“gone”这个命令，行内对它的改动不起作用"


def test_a_change_in_words():
    enabled = Terms(enabled=True), Terms(enabled=False)
    assert what_text("拜访", enabled[1]) == "停用命令 拜访"
    assert what_text("拜访", enabled[0]) == "启用命令 拜访"
    assert what_text("拜访", Terms(aliases=())) == "改命令的别名 拜访"
    assert what_text("拜访", Terms(posts=("主管",))) == "改命令谁能用 拜访"
    assert difference(*enabled) == [("现在", "启用"), ("改为", "停用")]
    assert difference(Terms(aliases=("甲", "乙")), Terms(aliases=("乙", "丙"))) == [("加上", "丙"), ("去掉", "甲")]
    assert difference(Terms(posts=("主管",)), Terms(posts=("*",))) == [("加上", "所有人"), ("去掉", "主管")]
    assert difference(Terms(aliases=()), Terms(aliases=("甲",))) == [("加上", "甲")]


def test_only_who_may_decide_gets_the_buttons():
    lines = [("申请人", "吕颖"), ("现在", "启用"), ("改为", "停用")]
    asked = wish_card("停用命令 拜访", "请确认", lines, SEAL, "审计员没有办这件事的权限").dump()
    assert [(button["text"], button["key"]) for button in asked["button_list"]] == [
        ("同意", "approval.agree.1"),
        ("退回", "approval.reject.1"),
    ]
    assert asked["quote_area"] == {"title": "请注意", "quote_text": "审计员没有办这件事的权限"}
    own = own_card("停用命令 拜访", "发给：卢静、任洁", lines, SEAL).dump()
    assert [button["key"] for button in own["button_list"]] == ["approval.withdraw.1"]
    assert own["main_title"]["desc"] == "已提交，还没有生效；发给：卢静、任洁"


def test_the_overview_offers_what_waits():
    assert [b["text"] for b in overview_card([("命令", "共 6 个")], SEAL, waiting=False).dump()["button_list"]] == [
        "命令"
    ]
    assert [b["text"] for b in overview_card([("命令", "共 6 个")], SEAL, waiting=True).dump()["button_list"]] == [
        "命令",
        "待确认的申请",
    ]


WORDS = st.lists(st.text(alphabet="跑客户词abc", min_size=1, max_size=10), max_size=20, unique=True)


@given(WORDS, WORDS, st.text(max_size=10))
def test_every_word_of_a_change_can_be_read_on_its_card(before, after, who):
    """What a change may hold at most is what a card shows in full."""
    come, go = [word for word in after if word not in before], [word for word in before if word not in after]
    assume(sum(len(word) + 1 for word in come + go) <= MOST_SHOWN)
    lines = [("申请人", who or "甲"), *difference(Terms(aliases=tuple(before)), Terms(aliases=tuple(after)))]
    for make in (wish_card, own_card):
        card = make("改命令的别名 拜访", "请确认", lines, SEAL).dump()
        assert broken(card) == []
        read = str(card)
        assert all(words in read for words in ("、".join(come), "、".join(go)))


@given(st.lists(WORDS, min_size=1, max_size=14), st.integers(0, 20), st.text(max_size=200))
def test_whatever_the_commands_are_called_they_fit(aliases, page, text):
    commands = [command(f"命令{n}", key=f"c{n}", aliases=tuple(words)) for n, words in enumerate(aliases)]
    assert broken(commands_card(commands, SEAL, page=page, waiting={"c0"}, notes=[text]).dump()) == []
    assert broken(command_card(commands[0], SEAL).dump()) == []
