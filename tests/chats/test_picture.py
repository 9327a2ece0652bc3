"""图: the charts as a picture in the chat, with what the reader may read in it and nothing else."""

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from bot.sections import View
from storage import schema
from tests.chats.talking import Chat

PICTURE = "图（发到聊天）"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def asks(person: Chat, words: str) -> None:
    await person.says(words, hears="数据截至")
    await person.clicks("查看", choosing={"想看什么": PICTURE})


async def images(person: Chat) -> list[dict[str, str]]:
    return [bubble.json["content"] for bubble in await person.phone.bubbles() if bubble.json["kind"] == "image"]


async def test_a_picture_comes_into_the_chat(house, rm) -> None:
    await asks(rm, "查 王秀兰")
    (image,) = await images(rm)
    content = house.sim.world.media.get(image["media_id"]).data
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) > 10_000
    rows = await house.look(
        sa.select(schema.outbox.c.kind, schema.outbox.c.state).where(schema.outbox.c.kind == "draw")
    )
    assert rows == []  # what was drawn went out as a message like any other


@pytest.fixture
async def no_type(house, tmp_path) -> None:
    """A machine without Chinese type: what was to be drawn stays in the row of the message."""
    (tmp_path / "type").mkdir()
    house.settings = house.settings.model_copy(update={"view": View(fonts=tmp_path / "type")})
    await house.restart()


async def undrawn(house) -> list[dict[str, Any]]:
    out = schema.outbox.c
    rows = await house.look(sa.select(out.msg_key, out.payload, out.error).where(out.kind == "draw"))
    opened = house.app.database.vault.open_bytes
    return [{**orjson.loads(opened("outbox", "payload", row.msg_key, row.payload)), "error": row.error} for row in rows]


async def test_others_get_bands_and_a_masked_name(house, phone, no_type) -> None:
    head = Chat(house, phone("sup01"))
    await asks(head, "查 C00000001")
    await head.hears("图片没有画成")
    ((picture, text),) = [(each["picture"], str(each)) for each in await undrawn(house)]
    assert "王*兰 · 客户号 尾号0001" in picture["title"]
    assert "王秀兰" not in text
    assert "C00000001" not in text
    assert "sup01" in picture["closing"]
    aum = next(chart for chart in picture["charts"] if chart["key"] == "aum")
    assert {text for series in aum["series"] for text in series["texts"]} <= {"", *aum["bands"]}


async def test_a_machine_that_cannot_draw_says_where_to_look(house, rm, no_type) -> None:
    await asks(rm, "查 王秀兰")
    await rm.hears("图片没有画成。请点卡片上的“详情”在页面里看图")
    assert await images(rm) == []
    [row] = await undrawn(house)
    assert "没有中文字体" in row["error"]


async def test_who_has_nothing_to_draw_is_told_so(rm) -> None:
    await rm.says("查 赵思远", hears="数据截至")
    await rm.phone.chooses({"想看什么": PICTURE})
    await rm.phone.clicks("查看")
    await rm.hears("这位客户还没有可以画成图的资料")
