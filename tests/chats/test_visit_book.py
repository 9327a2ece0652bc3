"""What a saved visit leaves in the books: notes as written, photos encrypted, and whether the customer was reached."""

import base64
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from domain.ids import VisitId
from simulator import samples
from storage import schema, visits
from tests.chats.talking import Chat, rows_of


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def kept_note(house) -> str:
    [[visit_id]] = await house.look(sa.select(schema.visit.c.id).order_by(schema.visit.c.at.desc()).limit(1))
    logged = await house.app.database.read(lambda unit: visits.load(unit, VisitId(visit_id)))
    return logged.visit.note


async def test_notes_are_kept_as_they_were_written(house, rm) -> None:
    notes = [
        "第一行\n第二行：想等月底",
        "客户很高兴😀👨‍👩‍👧",
        "发了<a href='https://example.invalid'>产品说明</a> & <b>加粗</b>",
        "理" * 500,
    ]
    for note in notes:
        await rm.says("拜访 单雄信 电话 接通", hears="请核对")
        await rm.says("改 内容", hears="谈了什么？")
        await rm.says(note, hears="请核对")
        saved = await rm.says("保存", hears="拜访已保存")
        assert await kept_note(house) == note
        assert rows_of(saved)["内容"][:8] == " ".join(note.split())[:8]


async def test_notes_that_are_too_long_are_refused_and_nothing_is_lost(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通", hears="请核对")
    await rm.says("改 内容", hears="谈了什么？")
    again = await rm.says("理" * 1000, hears="写了 1000 个字，超过了 500 个字，请缩短后再发")  # 3 000 bytes
    assert again.card["main_title"]["title"] == "谈了什么？"
    check = await rm.says("上一步", hears="请核对")
    assert rows_of(check)["客户"].startswith("单雄信")
    long_line = await rm.says(f"拜访 尉迟恭 电话 接通 {'理' * 600}", hears="拜访登记")
    assert "内容没有记下：写了 600 个字，超过了 500 个字" in await rm.heard()
    assert long_line.live


async def test_photos_and_the_place_are_kept_encrypted(house, rm, bank_url: tuple[str, Path]) -> None:
    picture = samples.picture()
    await rm.says("拜访 单雄信 面访 接通 看了样板间", hears="请核对")
    await rm.says("改 照片", hears="有现场照片吗？")
    await rm.sends_photo(hears="收到照片 1 张", data=base64.b64encode(picture).decode())
    await rm.says("完成", hears="请核对")
    await rm.sends_location(31.2304, 121.4737, "示例路 1 号", hears="示例路 1 号")
    saved = await rm.clicks("保存", hears="拜访已保存")
    assert (rows_of(saved)["照片"], rows_of(saved)["位置"]) == ("照片 1 张", "示例路 1 号")

    photo = schema.photo.c
    await house.settled()
    [(state, content, digest)] = await house.look(sa.select(photo.state, photo.content, photo.sha256))
    assert (state, digest) == ("kept", sha256(picture).hexdigest())
    assert picture[:64] not in content
    url = make_url(bank_url[0])
    if url.drivername.startswith("sqlite"):
        await house.close()
        files = b"".join(path.read_bytes() for path in Path(str(url.database)).parent.glob("rmbot.db*"))
        await house.open()
        for secret in (picture[:64], "看了样板间".encode(), "示例路 1 号".encode()):
            assert secret not in files


async def test_only_a_customer_who_was_reached_has_been_contacted(rm) -> None:
    before = rows_of(await rm.says("查 尉迟恭", hears="尉迟恭"))["上次联系"]
    await rm.says("拜访 尉迟恭 电话 没接", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    card = await rm.clicks("查客户", hears="上次联系")
    assert rows_of(card)["上次联系"] == before, "a call nobody answered is no contact"
    await rm.says("拜访 尉迟恭 电话 接通 聊了基金", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    card = await rm.says("查 尉迟恭", hears="上次联系")
    assert rows_of(card)["上次联系"].startswith("今天")
    await rm.says("撤销", hears="已撤销")
    card = await rm.says("查 尉迟恭", hears="上次联系")
    assert rows_of(card)["上次联系"] == before, "what was taken back does not count"
