"""适当性 and 推荐: a verdict with its reasons first, everything on record, and nobody is told what they must not know."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import chat
from tests.chats.talking import Chat, options_of, rows_of
from tests.chats.test_freeze import freezes
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import trail

DECIDED = schema.suitability_decision.c
NEUTRAL = "暂不能办理，请联系合规岗。"
SAME = "结论、理由、步骤、文件都一致"
WANG = "王秀兰 · 客户号 C00000001"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


def on_sale(bank: Path, **wanted: str) -> list[dict[str, str]]:
    """The products on sale with these values."""
    with (bank / "products.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    selling = [row for row in rows if not row["on_sale_until"] or row["on_sale_until"] >= "2026-11-23"]
    return [row for row in selling if all(row[name] == value for name, value in wanted.items())]


def number_of(card) -> str:  # type: ignore[no-untyped-def]
    return rows_of(card)["编号"]


async def test_refused_looked_up_by_who_may_and_the_same_when_made_again(house, rm, bank) -> None:
    product = on_sale(bank, kind="wealth", risk="R3")[0]
    card = await rm.says(f"适当性 wangxiulan {product['product_id']} 20万", hears=f"不可以 · {product['name']}")
    assert WANG in card.text
    assert "产品 R3 高于客户的 C2，不能办理，也不能推介。" in card.text
    assert "任何人不得代答、代填" in card.text
    assert rows_of(card)["金额"] == "20.00 万"
    number = number_of(card)
    await rm.clicks("重算核对", hears=SAME)
    assert WANG in (await rm.says(f"适当性 {number.lower()}", hears=number)).text

    other, compliance, maker = (chat(house, who) for who in ("rm02", "comp01", "prod01"))
    await other.says(f"适当性 {number}", hears="没有找到这个编号的判断")
    seen = await compliance.says(f"适当性 {number}", hears=number)
    assert "王*兰" in seen.text
    assert rows_of(seen)["金额"] == "20–50 万"
    seen = await maker.says(f"适当性 {number}", hears=number)
    assert "客户不在您的范围里" in seen.text
    assert "客户等级和金额是客户资料，您的岗位不看。" in seen.text
    assert "金额" not in rows_of(seen)
    assert seen.buttons == ["重算核对"]
    await maker.says(f"适当性 王秀兰 {product['product_id']}", hears="只能按编号查判断，请发：适当性 编号")
    await maker.says(f"适当性 {number.lower().replace('-', '')}", hears="客户不在您的范围里，不显示")
    [row] = await house.look(sa.select(schema.suitability_decision))
    assert (row.customer_id, row.verdict, row.rule_version, row.asked_by) == ("C00000001", "BLOCK", 1, "rm01")
    assert b'"C2"' not in row.question + row.decision


async def test_what_is_missing_is_asked_and_what_is_alike_is_chosen(rm, bank) -> None:
    await rm.says("适当性", hears="为哪位客户判断？")
    await rm.says("张伟", hears="您要找哪一位？")
    await rm.says("1", hears="哪个产品？")
    await rm.says("没有这个", hears="没有找到这个产品")
    choice = await rm.says("大额存单00", hears="您问哪个产品？")
    [(question, options)] = options_of(choice).items()
    card = await rm.clicks("就是这个", hears="编号", choosing={question: options[0]})
    assert card.text.startswith("可以 · 测试大额存单00")
    assert rows_of(card)["金额"] == "1.00 万"
    await rm.says("适当性 张伟 大额存单00", hears="您要找哪一位？")
    await rm.says("1", hears="您问哪个产品？")
    choice = await rm.card("就是这个")
    assert "测试大额存单002号" in (await rm.says("2", hears="编号")).text
    assert (await rm.is_now(choice)).replace_text == "已选"
    await rm.says("适当性 单雄信 yllc101h 5万", hears="样例理财101号")
    await rm.says("适当性 单雄信 yllc101h -5万", hears="金额“-5万”不行：金额不能是负数，请写一个正数。")
    assert rows_of(await rm.says("适当性 单雄信 yllc101h 5 万", hears="样例理财101号"))["金额"] == "5.00 万"
    for figures, why in (("0", "金额要大于 0"), ("10万美元", "这里只认人民币"), ("1e9", "没看懂这个金额")):
        await rm.says(f"适当性 单雄信 yllc101h {figures}", hears=f"金额“{figures}”不行：{why}")
    raised = await rm.says("适当性 单雄信 大额存单001 100", hears="写的金额低于起购金额，按起购金额判断")
    assert rows_of(raised)["金额"] == "1.00 万"


async def test_nobody_learns_that_a_customer_is_on_a_list(house, rm, bank, feed) -> None:
    """A hit, an unknown standing, an account frozen by a court, a request that waits: all look alike to everybody but
    who fights money laundering, on every card and in the trail."""
    product = on_sale(bank, kind="deposit")[0]["product_id"]
    await rm.says(f"适当性 王秀兰 {product}", hears="可以 · ")
    heard, causes = {}, ({"sanctioned": "1"}, {"sanctioned": ""}, {"frozen": "1"}, {})
    for cause in causes:
        rewrite(feed / "customers.csv", "C00000001", **{"sanctioned": "0", "frozen": "0", **cause})
        assert (await imports(house, feed)).ok
        if not cause:
            await freezes(chat(house, "comp01"), "冻结")
        heard[str(cause)], number = await everything(house, rm, product)
        compliance = await chat(house, "comp01").says(f"适当性 {number}", hears=number)
        assert NEUTRAL in compliance.text
        fighter = await chat(house, "aml01").says(f"适当性 {number}", hears=number)
        assert NEUTRAL not in fighter.text
    first = heard[str(causes[0])]
    assert [each for each in heard.values() if each != first] == []
    assert not any(word in str(heard) for word in ("可疑", "制裁", "名单", "冻结"))
    assert "有人申请冻结客户的个人信息" in fighter.text
    maker = await chat(house, "prod01").says(f"适当性 {number}", hears=number)
    assert "冻结" not in maker.text


async def everything(house, rm, product: str) -> tuple[list[object], str]:  # type: ignore[no-untyped-def]
    """What a manager hears of a customer and what is left of it in the trail, without what is new each time."""
    before = len(await trail(house))
    card = await rm.says(f"适当性 王秀兰 {product}", hears="不可以")
    number = number_of(card)
    texts = [card.text.replace(number, "")]
    await rm.says("推荐 王秀兰", hears="现在没有可以推荐给这位客户的产品。")
    assert NEUTRAL in await rm.heard()
    texts.append((await rm.says("查 王秀兰", hears="数据截至")).text)
    left = [(body["action"], {**body["detail"], "digest": ""}) for body, _ in (await trail(house))[before:]
            if body["actor"] == "rm01"]  # fmt: skip
    return [*texts, str(left).replace(number, "")], number


async def test_only_what_suits_is_recommended_and_each_is_on_record(house, rm, bank) -> None:
    card = await rm.says("推荐 王秀兰", hears="可以推荐 · 王秀兰")
    assert "只列判断为“可以”的产品" in card.text
    assert "不得代答、代填" in card.text
    shown = rows_of(card)
    assert len([key for key in shown if key.rstrip(".").isdecimal()]) == 6
    second = await rm.clicks("下一页", hears="第 2 页")
    [(question, options)] = options_of(second).items()
    opened = await rm.clicks("看判断", hears="编号", choosing={question: options[0]})
    assert opened.text.startswith("可以 · ")
    rows = await house.look(sa.select(DECIDED.verdict, DECIDED.purpose, DECIDED.product_id))
    assert {row.verdict for row in rows} == {"ALLOW"}
    assert [row.purpose for row in rows].count("营销") == 12
    with (bank / "products.csv").open(encoding="utf-8") as file:
        risks = {row["product_id"]: max(row["risk"], row["issuer_risk"]) for row in csv.DictReader(file)}
    assert max(risks[row.product_id] for row in rows) <= "R2"
    deposits = {row["product_id"] for row in on_sale(bank, kind="deposit")}
    assert deposits & {row.product_id for row in rows}
    assert not any("大额存单" in value and "未持有" in value for value in {**shown, **rows_of(second)}.values())
    again = await rm.clicks("推荐产品", hears="可以推荐 · 王秀兰")
    assert options_of(again)


async def test_who_must_be_left_alone_is_recommended_nothing(house, rm, feed) -> None:
    other = chat(house, "rm02")
    await other.says("推荐 李国强", hears="这位客户暂不宜营销")  # an open complaint, which is not said
    assert "投诉" not in await other.heard()
    changes = (
        {"marketing_consent": "0"},
        {"marketing_consent": "1", "contact_preference": "免打扰"},
        {"collections": "1"},
    )
    for change in changes:
        rewrite(feed / "customers.csv", "C00000001", **{"contact_preference": "电话", **change})
        assert (await imports(house, feed)).ok
        await rm.says("推荐 王秀兰", hears="这位客户暂不宜营销")
    await chat(house, "comp01").says("推荐 王秀兰", hears="不能用“推荐”")


async def test_a_decision_stands_on_the_rules_of_its_day(house, packs, bank) -> None:
    rm = chat(house, "rm01")
    product = on_sale(bank, kind="deposit")[0]["product_id"]
    first = number_of(await rm.says(f"适当性 王秀兰 {product}", hears="可以 · "))
    file = packs / "suitability.yaml"
    stricter = file.read_text("utf-8").replace("spared: [assessment, age, horizon, shares, means, loans]", "spared: []")
    file.write_text(
        stricter.replace("version: 1", "version: 2").replace("format_version: 2", "format_version: 1"), "utf-8"
    )
    await house.restart()
    now = await rm.says(f"适当性 王秀兰 {product} 1000万", hears="不可以 · ")
    assert rows_of(now)["规则"] == "第 2 版"
    then = await rm.says(f"适当性 {first}", hears="可以 · ")
    assert rows_of(then)["规则"] == "第 1 版"
    await rm.clicks("重算核对", hears=f"{first} 按当时的依据和第 1 版规则重算：{SAME}")


async def test_nobody_learns_from_a_count_that_somebody_is_looked_into(house, rm, bank) -> None:
    """反洗钱岗 asks what a customer could buy; the manager's 隐私 counts the same as before, compliance's one more."""
    product = on_sale(bank, kind="wealth", risk="R3")[0]["product_id"]
    fighter, officer = (chat(house, who) for who in ("aml01", "comp01"))
    await rm.says(f"适当性 C00000001 {product} 20万", hears="不可以")

    async def counted(reader: Chat) -> str:
        told = (await reader.says("隐私 C00000001", hears="· 隐私")).text
        return next(line for line in told.splitlines() if line.startswith("· 适当性判断"))

    before, whole = await counted(rm), await counted(officer)
    assert before == whole
    await fighter.says(f"适当性 C00000001 {product} 20万", hears="不可以")
    assert await counted(rm) == before
    assert await counted(officer) != whole
