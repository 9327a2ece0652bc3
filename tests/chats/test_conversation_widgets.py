"""Questions of every kind planned onto a phone's widgets, with a form that an installation added itself."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, options_of, rows_of

NEXT_FORM = """  - key: suitability
    title: 适当性判断
"""
MORE_QUESTIONS = """
      - {key: partner, type: flag, label: 陪同, question: 有同事陪同吗？}
      - {key: amount, type: amount, label: 意向金额, question: 客户想放多少？, min: 1000, max: 50000000}
      - key: topics
        type: multi_choice
        label: 话题
        question: 聊到了哪些话题？
        max: 3
        options: [%s]
      - key: product
        type: choice
        label: 产品
        question: 最感兴趣的是哪一款？
        options: [%s]
"""


def listed(word: str, count: int) -> str:
    return ", ".join(f"{{key: o{n}, text: {word}{n:02}}}" for n in range(1, count + 1))


@pytest.fixture
async def rm(house, phone, packs: Path) -> Chat:
    """A house whose visit form asks four more questions."""
    pack = packs / "default.yaml"
    more = MORE_QUESTIONS % (listed("话题", 12), listed("产品", 23))
    pack.write_text(pack.read_text("utf-8").replace(NEXT_FORM, more.lstrip("\n") + NEXT_FORM), "utf-8")
    await house.restart()
    return Chat(house, phone("rm01"))


async def test_every_widget(rm) -> None:
    yes_no = await rm.says("拜访 单雄信 电话 接通 聊了产品 下周一回访", hears="有同事陪同吗？")
    assert yes_no.buttons == ["是", "否", "上一步", "取消"]
    await rm.clicks("否", hears="客户想放多少？")

    odd = await rm.says("不少吧", hears="客户想放多少？")
    assert odd.card["card_type"] == "button_interaction"
    await rm.says("五百", hears="金额太小。请写金额（不少于 1000 元、不超过 50000000 元）")
    vote = await rm.says("￥1,200.5万元", hears="聊到了哪些话题？")
    assert vote.card["card_type"] == "vote_interaction"
    assert len(options_of(vote)["聊到了哪些话题？"]) == 12

    await rm.clicks("下一步", hears="选了 4 项", choosing={"话题": ["话题01", "话题02", "话题03", "话题04"]})
    page = await rm.clicks("下一步", hears="第 1/3 页", choosing={"话题": ["话题02", "话题12"]})
    assert page.card["card_type"] == "multiple_interaction"
    assert options_of(page)["产品"] == [f"产品{n:02}" for n in range(1, 10)] + ["下一页"]
    page = await rm.clicks("下一步", hears="第 2/3 页", choosing={"产品": "下一页"})
    page = await rm.says("下一页", hears="第 3/3 页")
    assert options_of(page)["产品"] == [f"产品{n}" for n in range(19, 24)] + ["回到第一页"]
    check = await rm.clicks("下一步", hears="请核对", choosing={"产品": "产品23"})
    assert rows_of(check) == {
        "客户": "单雄信 · 客户号 C00000004", "方式": "电话", "结果": "接通", "内容": "聊了产品",
        "回访时间": "下周一 11月30日", "陪同": "否", "意向金额": "12,005,000.00 元", "话题": "话题02、话题12", "产品": "产品23",
    }  # fmt: skip

    await rm.says("改 意向金额", hears="客户想放多少？")
    check = await rm.says("五十万", hears="请核对")
    assert rows_of(check)["意向金额"] == "500,000.00 元"
    vote = await rm.says("改 话题", hears="聊到了哪些话题？")
    marked = [option["id"] for option in vote.card["checkbox"]["option_list"] if option.get("is_checked")]
    assert marked == ["o2", "o12"], "what was chosen before is marked"
    check = await rm.says("话题05、话题06", hears="请核对")
    assert rows_of(check)["话题"] == "话题05、话题06"
    await rm.says("改 产品", hears="最感兴趣的是哪一款？")
    await rm.says("跳过", hears="这一项必须填")
    check = await rm.says("产品07", hears="请核对")
    assert rows_of(check)["产品"] == "产品07"
    await rm.clicks("保存", hears="拜访已保存")


async def test_moments_in_the_words_people_use(house, phone) -> None:
    rm = Chat(house, phone("rm01"))
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    for said, shown in (
        ("明早九点", "明天 11月24日 09:00"),
        ("下周三", "下周三 12月2日"),
        ("月底前", "11月30日"),
        ("大后天下午3点半", "11月26日 15:30"),
        ("下个月1号", "12月1日"),
    ):
        await rm.says("改 回访时间", hears="几时再联系？")
        check = await rm.says(said, hears="请核对")
        assert shown in rows_of(check)["回访时间"], said
    assert await house.look(sa.select(schema.todo.c.id)) == []
