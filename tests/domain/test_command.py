"""Commands are matched by their words, and a mistyped one is guessed by sound."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.command import Command, ControlKey, allowed, by_event_key, match, match_control, suggest
from domain.pack import load_pack

PACK = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "key", "rest"),
    [
        ("查王秀兰", "query", "王秀兰"),
        ("查 王秀兰", "query", "王秀兰"),
        ("/查 王秀兰", "query", "王秀兰"),
        ("／查　王秀兰", "query", "王秀兰"),
        ("查：王秀兰", "query", "王秀兰"),
        ("  查, 王秀兰  ", "query", "王秀兰"),
        ("查一下王秀兰", "query", "王秀兰"),
        ("查询王秀兰", "query", "王秀兰"),
        ("查1234", "query", "1234"),
        ("查", "query", ""),
        ("客户 王秀兰", "query", "王秀兰"),
        ("拜访王秀兰 电话", "visit", "王秀兰 电话"),
        ("拜访", "visit", ""),
        ("拜访 王秀兰，聊了“理财”", "visit", "王秀兰，聊了“理财”"),
        ("待办", "todo", ""),
        ("待办。", "todo", "。"),
        ("／ＨＥＬＰ", "help", ""),
        ("help", "help", ""),
        ("我的", "mine", ""),
    ],
)
def test_the_same_command_however_it_is_written(text: str, key: str, rest: str) -> None:
    found = match(text, PACK.commands)
    assert found is not None
    assert (found.command.key, found.rest) == (key, rest)


@pytest.mark.parametrize(
    "text", ["", "/", "待办理的业务", "我的客户在哪", "帮助我", "客户经理是谁", "helper", "你好", "王秀兰"]
)
def test_a_sentence_that_only_begins_alike_is_no_command(text: str) -> None:
    assert match(text, PACK.commands) is None


@given(st.sampled_from(PACK.commands), st.text(alphabet="王秀兰abc1 ,，", max_size=12))
def test_every_word_of_every_command_is_found_and_keeps_what_follows(command: Command, rest: str) -> None:
    for word in command.words:
        found = match(f"/{word} {rest}", PACK.commands)
        assert found is not None
        assert found.command == command
        assert found.rest == rest.lstrip(" ,，").rstrip()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("代办", "todo"),
        ("daiban", "todo"),
        ("带班", "todo"),
        ("百访", "visit"),
        ("baifang 王秀兰", "visit"),
        ("帮住", "help"),
    ],
)
def test_a_mistyped_command_is_suggested_first(text: str, key: str) -> None:
    assert suggest(text, PACK.commands)[0].key == key


@given(st.text(max_size=40), st.integers(1, 6))
def test_as_many_suggestions_as_there_can_be(text: str, limit: int) -> None:
    found = suggest(text, PACK.commands, limit)
    assert len(set(found)) == min(limit, len(PACK.commands))
    assert set(found) <= set(PACK.commands)


def test_only_what_a_post_may_do_is_offered() -> None:
    assert [each.key for each in allowed(PACK.commands, ["客户经理"])] == [
        "query",
        "visit",
        "complaint",
        "case",
        "todo",
        "suitability",
        "recommend",
        "labels",
        "tier",
        "privacy",
        "consent",
        "export",
        "mine",
        "stand_in",
        "relation",
        "break_glass",
        "post",
        "help",
    ]
    assert [each.key for each in allowed(PACK.commands, ["审计员"])] == [
        "audit",
        "query",
        "case",
        "todo",
        "suitability",
        "labels",
        "privacy",
        "mine",
        "stand_in",
        "post",
        "help",
    ]
    assert [each.key for each in allowed(PACK.commands, [])] == [
        "query",
        "case",
        "todo",
        "labels",
        "privacy",
        "mine",
        "stand_in",
        "post",
        "help",
    ]


def test_a_menu_key_leads_to_its_command() -> None:
    assert by_event_key("cmd.visit", PACK.commands) == PACK.command("visit")
    assert by_event_key("cmd.nothing", PACK.commands) is None


@pytest.mark.parametrize(
    ("text", "key", "rest"),
    [
        ("取消", ControlKey.CANCEL, ""),
        ("/退出", ControlKey.CANCEL, ""),
        ("算了。", ControlKey.CANCEL, ""),
        ("上一步", ControlKey.BACK, ""),
        ("重来", ControlKey.RESTART, ""),
        ("继续", ControlKey.RESUME, ""),
        ("撤销！", ControlKey.UNDO, ""),
        ("确认", ControlKey.CONFIRM, ""),
        ("改", ControlKey.EDIT, ""),
        ("改 备注", ControlKey.EDIT, "备注"),
        ("修改备注", ControlKey.EDIT, "备注"),
    ],
)
def test_control_words(text: str, key: ControlKey, rest: str) -> None:
    found = match_control(text, PACK.controls)
    assert found is not None
    assert (found.key, found.rest) == (key, rest)


@pytest.mark.parametrize("text", ["取消预约", "继续聊理财", "算了一下收益", "", "保存好了合同"])
def test_a_sentence_is_no_control_word(text: str) -> None:
    assert match_control(text, PACK.controls) is None
