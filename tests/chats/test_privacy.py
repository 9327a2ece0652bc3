"""What WeCom gets to carry: by relation, by channel setting, and never an identifier, whatever happens in a long
day.
"""

import json
import re

from bot.sections import Channel
from tests.chats.paper import Paper, band, read_card, wan
from tests.chats.traces import browse, messages, trail

CARD, CHOICE = "数据截至", "您要找哪一位？"
EXACT = re.compile(r"\d\.\d\d 万")
DIMENSIONS = ("基本信息", "资产信息", "交易行为", "负债与信用", "风险评级", "服务记录", "关系")


async def opens_every_dimension(person) -> None:  # type: ignore[no-untyped-def]
    for dimension in DIMENSIONS:
        await person.chooses({"想看什么": dimension})
        await person.clicks("查看")
        await person.hears(f"{dimension}（{CARD}")


async def sets(house, share: str) -> None:  # type: ignore[no-untyped-def]
    """The bank's channel setting, taken up by a restart."""
    await house.settled()
    house.settings = house.settings.model_copy(update={"channel": Channel(share=share)})
    await house.restart()


async def test_others_in_the_scope_read_masked_names_and_bands(house, phone, bank) -> None:
    for userid in ("sup01", "branch01", "cs01", "exec01"):
        await reads_only_bands(house, phone(userid), Paper(bank))


async def reads_only_bands(house, head, paper: Paper) -> None:  # type: ignore[no-untyped-def]
    await head.says("查 王秀兰")
    await head.hears(CHOICE)
    await head.says("1")
    await head.hears(CARD)
    await opens_every_dimension(head)
    page = (await head.last_card()).link("详情")
    told = "\n".join(await messages(house, head.userid))
    assert "王*兰" in told
    assert "王秀兰" not in told
    assert "C00000001" not in told
    assert not EXACT.search(told)
    assert band(paper.aum("C00000001", paper.as_of)) in told
    status, text = await browse(house, head.userid, page)
    assert status == 200
    assert "王*兰" in text
    assert "王秀兰" not in text
    assert "C00000001" not in page + text
    assert not EXACT.search(text)


async def test_the_own_page_masks_identifiers(house, phone, bank) -> None:
    row, rm = Paper(bank).customers["C00000001"], phone("rm01")
    await rm.says("查 王秀兰")
    page = (await rm.hears(CARD)).link("详情")
    status, text = await browse(house, "rm01", page)
    assert status == 200
    for shown in ("王秀兰", "C00000001", wan(Paper(bank).aum("C00000001", Paper(bank).as_of))):
        assert shown in text
    assert f"199****{row['mobile'][-4:]}" in text
    for hidden in (row["mobile"], row["id_number"], row["address"]):
        assert hidden not in text
    status, text = await browse(house, "rm02", page)
    assert status != 200
    assert "王秀兰" not in text


async def test_masked_channel(house, phone) -> None:
    await sets(house, "masked")
    rm = phone("rm01")
    await rm.says("查 王秀兰")
    card = read_card((await rm.hears(CARD)).card)
    assert card["标题"].startswith("王*兰 · 客户号 C00000001")
    assert card["AUM"] == "100–600 万"
    await opens_every_dimension(rm)
    told = "\n".join(await messages(house, "rm01"))
    assert "王秀兰" not in told
    assert not EXACT.search(told)


async def test_reference_channel(house, phone) -> None:
    await sets(house, "reference")
    rm = phone("rm01")
    await rm.says("查 张伟")
    assert "张" not in json.dumps((await rm.hears(CHOICE)).card, ensure_ascii=False)
    await rm.says("查 王秀兰")
    card = read_card((await rm.hears(CARD)).card)
    assert card["标题"] == "客户号 C00000001"
    assert "AUM" not in card
    await opens_every_dimension(rm)
    told = "\n".join(await messages(house, "rm01"))
    for secret in ("王秀兰", "王*兰", "万", "富裕", "C2 稳健型", "样例理财"):
        assert secret not in told
    status, text = await browse(house, "rm01", (await rm.last_card()).link("详情"))
    assert status == 200
    assert "王秀兰" in text


async def test_after_a_long_story_no_identifier_was_in_any_message(house, phone, bank) -> None:
    paper = Paper(bank)
    for userid in ("rm01", "rm02", "sup01", "branch01", "cs01"):
        person = phone(userid)
        for said in ("查 wangxiulan", f"查 {paper.customers['C00000004']['mobile']}", "查 陈建华", "我的", "帮助"):
            await person.says(said)
            await person.hears("")
        await person.says("查 C00000001" if userid == "rm01" else "查 C00000009")
        await person.hears(CARD)
        await opens_every_dimension(person)
    rm = phone("rm01")
    await rm.says("拜访 王秀兰 电话 接通 聊了理财续期 下周三回访")
    await rm.hears("保存")
    await rm.says("保存")
    await house.settled()
    everything = "\n".join(await messages(house))
    assert "王秀兰" in everything
    assert [secret for secret in paper.secrets() if secret in everything] == []


async def test_every_search_and_read_is_on_record(house, phone) -> None:
    rm, head = phone("rm01"), phone("sup01")
    await rm.says("查 王秀兰")
    await rm.hears(CARD)
    await rm.chooses({"想看什么": "资产信息"})
    await rm.clicks("查看")
    await rm.hears("想看什么")
    await head.says("查 王秀兰")
    await head.hears(CHOICE)
    await head.says("查 欧阳娴")
    await head.hears("没有找到这位客户")
    rm_as, head_as = ({"purpose": "服务", "policy": "policy-1", "post": post} for post in ("客户经理", "主管"))
    searches = [(body["actor"], body["detail"], subjects) for body, subjects in await trail(house, "customer.search")]
    assert searches == [
        ("rm01", {**rm_as, "hits": 1}, ["C00000001"]),
        ("sup01", {**head_as, "hits": 2}, ["C00000001", "C00000009"]),
        ("sup01", {**head_as, "hits": 0}, []),
    ]
    reads = [(body["actor"], body["detail"], subjects) for body, subjects in await trail(house, "customer.read")]
    own = {**rm_as, "relation": "own_book"}
    assert ("rm01", {**own, "surface": "wecom.summary"}, ["C00000001"]) in reads
    assert ("rm01", {**own, "surface": "wecom.assets"}, ["C00000001"]) in reads
    assert {actor for actor, _, _ in reads} == {"rm01"}
    shown = [body["detail"] for body, _ in await trail(house, "card.shown")]
    assert {each["to"] for each in shown} == {"rm01", "sup01"}
    assert all(len(each["digest"]) == 64 for each in shown)


async def test_nothing_personal_in_the_trail_or_in_the_log(house, phone, bank, capfd, caplog) -> None:
    paper = Paper(bank)
    for userid in ("rm01", "branch01"):
        person = phone(userid)
        for said in (
            "查 王秀兰",
            "查 张伟",
            f"查 {paper.customers['C00000001']['mobile']}",
            "查 wxl",
            "一句看不懂的话王秀兰",
        ):
            await person.says(said)
            await person.hears("")
    await house.restart()
    written = "\n".join(json.dumps(body, ensure_ascii=False) for body, _ in await trail(house))
    output = capfd.readouterr()
    logged = output.out + output.err + caplog.text
    assert "ready" in logged
    names = {row["name"] for row in paper.customers.values()}
    for text in (written, logged):
        assert [word for word in names | paper.secrets() if word in text] == []
