"""Photos are looked at by who reads the words beside them: of a case by its people, of a visit by who serves."""

import base64
import re
from urllib.parse import urlsplit

from tests.chats.complaining import accepted, chat, does
from tests.chats.talking import Chat
from tests.chats.traces import browse, looks_at, trail

PICTURE = b"\xff\xd8\xff\xe0 a door step, slippery"


def pictures(page: str) -> list[str]:
    return re.findall(r'<img class="shot__picture" src="([^"]+)"', page)


async def notes_with_a_photo(rm: Chat) -> None:
    await does(rm, "补充记录", "要记下什么")
    await rm.says("门口台阶太滑，已拍照", hears="照片")
    await rm.sends_photo(hears="收到照片 1 张", data=base64.b64encode(PICTURE).decode())
    await rm.says("完成", hears="请核对")
    await rm.clicks("保存", hears="已补充记录")


async def test_the_people_of_a_case_see_its_photos_and_nobody_else(house) -> None:
    cs, rm, sup, head = (chat(house, who) for who in ("cs01", "rm02", "sup01", "subhead01"))
    number = await accepted(cs, rm)
    await notes_with_a_photo(rm)
    await house.settled()
    for reader, userid in ((rm, "rm02"), (sup, "sup01")):
        await reader.says(f"案件 {number}", hears=number)
        told = await reader.clicks("经过", hears="照片 1 张")
        page = next(bubble for bubble in await reader.phone.heard() if "照片 1 张" in bubble.text).link()
        status, html = await browse(house, userid, page)
        assert (status, len(pictures(html))) == (200, 1)
        assert "刘芳" in html
        assert "返回客户详情" not in html  # the people of a case need not see the customer
        found = await looks_at(house, userid, page, pictures(html)[0])
        assert found == (200, "image/jpeg", PICTURE, "no-store")
        assert told is not None
    assert (await browse(house, "rm01", page))[0] == 404  # forwarded
    assert (await looks_at(house, "sup01", page, pictures(html)[0].replace("/1", "/2")))[0] == 404
    await head.says(f"案件 {number}", hears=number)
    await head.clicks("经过", hears="只显示办到哪一步")
    assert "照片 1 张" not in await head.heard()
    shown = [(body["actor"], body["detail"]["surface"]) for body, _ in await trail(house, "photo.shown")]
    assert shown == [("rm02", "h5.photos"), ("sup01", "h5.photos")]


async def test_photos_of_visits_lie_behind_the_customers_card(house) -> None:
    rm, sup = chat(house, "rm01"), chat(house, "sup01")
    await rm.says("拜访 王秀兰 面访 接通 看了样板间", hears="请核对")
    await rm.says("改 照片", hears="有现场照片吗？")
    await rm.sends_photo(hears="收到照片 1 张", data=base64.b64encode(PICTURE).decode())
    await rm.says("完成", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    await house.settled()
    page = (await rm.says("查 C00000001", hears="数据截至")).link("详情")
    assert "拜访照片 1 张" in (await browse(house, "rm01", page))[1]
    status, html = await browse(house, "rm01", f"{page}/photos")
    assert f'href="{urlsplit(page).path}">返回客户详情' in html
    assert status == 200
    assert (await looks_at(house, "rm01", f"{page}/photos", pictures(html)[0]))[2] == PICTURE
    other = (await sup.says("查 C00000001", hears="数据截至")).link("详情")
    assert "拜访照片" not in (await browse(house, "sup01", other))[1]
    assert (await browse(house, "sup01", f"{other}/photos"))[0] == 404
    await rm.says("撤销", hears="撤销")
    assert (await browse(house, "rm01", f"{page}/photos"))[0] == 404  # taken back, there is none
