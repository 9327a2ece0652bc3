"""Outgoing messages stay within WeCom's bytes, whatever they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.key import Seal
from cards.message import CardMessage, File, Image, Markdown, Text, TextCard, split_text, texts
from cards.parts import MainTitle
from cards.wecom import ButtonInteraction

BODY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]) | st.just("\n"))


@pytest.mark.parametrize(
    ("message", "payload"),
    [
        (Text(content="好"), {"msgtype": "text", "text": {"content": "好"}}),
        (Text(content="好").with_reference("7F3K"), {"msgtype": "text", "text": {"content": "好\n〔7F3K〕"}}),
        (
            Markdown(content="# 好").with_reference("7F3K"),
            {"msgtype": "markdown", "markdown": {"content": '# 好\n<font color="comment">〔7F3K〕</font>'}},
        ),
        (Image(media="M1").with_reference("7F3K"), {"msgtype": "image", "image": {"media_id": "M1"}}),
        (File(media="M2"), {"msgtype": "file", "file": {"media_id": "M2"}}),
        (
            TextCard(title="客户", description="王", url="https://rm.example/c").with_reference("7F3K"),
            {
                "msgtype": "textcard",
                "textcard": {
                    "title": "客户",
                    "description": '王<div class="gray">〔7F3K〕</div>',
                    "url": "https://rm.example/c",
                    "btntxt": "详情",
                },
            },
        ),
    ],
)
def test_payload(message, payload):
    assert message.payload() == payload


def test_a_card_is_its_own_reference():
    seal = Seal("task-1", 3)
    card = ButtonInteraction(
        task_id=seal.task_id, main_title=MainTitle(title="待办"), button_list=(seal.button("完成", "todo.done"),)
    )
    message = CardMessage(card=card)
    assert message.with_reference("7F3K") == message
    assert message.payload() == {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "task_id": "task-1",
            "main_title": {"title": "待办"},
            "button_list": [{"text": "完成", "key": "todo.done.3", "style": 1}],
        },
    }


@given(BODY, st.integers(64, 2048))
def test_split_keeps_every_character_within_the_limit(text, limit):
    pieces = split_text(text, limit)
    assert all(len(piece.encode()) <= limit for piece in pieces)
    bare = [piece.partition("\n")[2] for piece in pieces] if len(pieces) > 1 else pieces
    assert "".join(bare).replace("\n", "") == text.replace("\n", "")


def test_split_cuts_at_line_ends_and_numbers():
    lines = [f"{number:02d} " + "拜访" * 20 for number in range(30)]
    first, *_ = pieces = split_text("\n".join(lines), 1024)
    assert first.startswith("（1/4）\n00 拜访")
    assert len(pieces) == 4
    assert [line for piece in pieces for line in piece.split("\n")[1:]] == lines


def test_a_short_text_is_not_numbered():
    assert split_text("好") == ["好"]


@given(st.text(min_size=600, max_size=4000))
def test_texts_leave_room_for_the_reference(content):
    for message in texts(content):
        assert len(message.with_reference("7F3K").content.encode()) <= 2048


@given(st.text(max_size=600), st.text(max_size=600))
def test_a_text_card_fits_with_its_reference(title, description):
    card = TextCard(title=title, description=description, url="https://rm.example").with_reference("7F3K").body()
    assert len(card["title"].encode()) <= 128
    assert len(card["description"].encode()) <= 512
    assert card["description"].endswith("〔7F3K〕</div>")


def test_too_long_a_text_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match="分条发送"):
        Text(content="长" * 700)


def test_a_link_must_be_http():
    with pytest.raises(ValueError, match="url"):
        TextCard(title="a", description="b", url="javascript:alert(1)")
