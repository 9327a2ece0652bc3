"""查: a customer is found by whatever the RM remembers, and by nothing else."""

from tests.chats.paper import Paper, read_card

CARD = "数据截至"
NOBODY = "没有找到这位客户"


async def title_after(phone, userid: str, said: str) -> str:
    """What the summary card is headed with that answers these words."""
    person = phone(userid)
    await person.says(said)
    return read_card((await person.hears(CARD)).card)["标题"]


async def test_by_name_pinyin_letters_digits_and_number(phone, bank) -> None:
    row = Paper(bank).customers["C00000001"]
    mobile, tail = row["mobile"], row["mobile"][-4:]
    for said in [
        "查 王秀兰",
        "查王秀兰",
        "/查 王秀兰",
        "／查　王秀兰",
        "查 王 秀兰",
        "查 王秀兰。",
        "查：王秀兰！",
        "查 王秀兰？",
        "查询 王秀兰",
        "查一下王秀兰",
        "查 秀兰",
        "查 wangxiulan",
        "查 Wang Xiulan",
        "查 wang xl",
        "查wxl",
        "查 WXL",
        "查 ｗｘｌ",
        "查 C00000001",
        "查 c00000001",
        "查 Ｃ０００００００１",
        f"查 {tail}",
        f"查 {mobile}",
        f"查 {mobile[:3]}-{mobile[3:7]}-{tail}",
        f"查 +86 {mobile}",
    ]:
        assert await title_after(phone, "rm01", said) == "王秀兰 · 客户号 C00000001 · 富裕", said


async def test_surnames_are_read_as_surnames(phone) -> None:
    rm = phone("rm01")
    for said, name in [
        ("查 shanxiongxin", "单雄信"),
        ("查 sxx", "单雄信"),
        ("查 zengzhiwei", "曾志伟"),
        ("查 zeng zw", "曾志伟"),
        ("查 yuchigong", "尉迟恭"),
        ("查 ycg", "尉迟恭"),
        ("查 尉迟", "尉迟恭"),
        ("查 亚历山大", "亚历山大·谢尔盖耶维奇·测试诺夫"),
        ("查 测试诺夫", "亚历山大·谢尔盖耶维奇·测试诺夫"),
    ]:
        assert (await title_after(phone, "rm01", said)).startswith(name), said
    for said in ["查 danxiongxin", "查 cengzhiwei", "查 weichigong", "查 wcg"]:
        await rm.says(said)
        await rm.hears(NOBODY)


NONSENSE = ["查 查无此人", "查 %", "查 _%_", "查 🙂", "查 王*兰", "查 0000", "查 " + "王" * 300]


async def test_what_finds_nobody_says_what_to_try(phone) -> None:
    rm = phone("rm01")
    for words in NONSENSE:
        await rm.says(words)
        answer = await rm.hears(NOBODY)
        assert "拼音、首字母、手机后四位、客户号" in answer.text


async def test_without_a_name_the_name_is_asked_for(phone) -> None:
    rm = phone("rm01")
    await rm.says("查")
    await rm.hears("要查哪一位客户？")
    await rm.says("不存在的人")
    await rm.hears("没有找到这位客户")
    await rm.says("shanxiongxin")
    assert read_card((await rm.hears(CARD)).card)["标题"].startswith("单雄信")
    await rm.opens_menu("查客户")
    await rm.hears("要查哪一位客户？")
    await rm.says("张伟")
    choice = await rm.hears("您要找哪一位？")
    await rm.says("2")
    assert read_card((await rm.hears(CARD)).card)["标题"].startswith("张伟 · 客户号 C00000003")
    assert choice.buttons == ["就是这位"]


async def test_asked_and_answered_after_a_restart(house, phone) -> None:
    rm = phone("rm01")
    await rm.says("查 张伟")
    await rm.hears("您要找哪一位？")
    await house.restart()
    await rm.says("１")
    assert read_card((await rm.hears(CARD)).card)["标题"].startswith("张伟 · 客户号 C00000002")


async def test_an_empty_question_is_not_kept_for_later(house, phone) -> None:
    rm = phone("rm01")
    await rm.says("查")
    question = await rm.hears("要查哪一位客户？")
    await rm.says("查 王秀兰")
    await rm.hears(CARD)
    await house.settled()
    assert not [text for text in await rm.texts() if "搁下" in text]
    assert [bubble.live for bubble in await rm.bubbles() if bubble.id == question.id] == [False]
    await rm.says("继续")
    await rm.hears("现在没有进行中的填写")
