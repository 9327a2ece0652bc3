"""分层 and 调层: why somebody is where they are, how many are where, and a tier that is set by hand for a time."""

import asyncio
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.commands.errands import perform
from bot.packs import default_pack
from domain.ids import CustomerId
from domain.refusal import Refused
from handlers import label_round
from handlers.label_round import Ready
from storage import schema, tiers
from storage.imports.progress import nobody
from tests.chats.conftest import AS_OF
from tests.chats.talking import Chat, rows_of
from tests.chats.test_import_live import imports, rewrite

TRANSACTIONS = "txn_id,customer_id,booked_at,amount,kind,channel,counterparty,customer_initiated"
WANG = CustomerId("C00000001")
KINDS = ["客户分层", "生命周期", "行为特征", "风险偏好"]


def make_labels(house, day: date) -> None:
    label_round.make(house.app.database, Ready(day, AS_OF), default_pack().labels, nobody)


def blocks_of(told) -> list[tuple[str, list[str]]]:
    """A text label by label, each with the lines below it; the first line is the heading."""
    blocks: list[tuple[str, list[str]]] = []
    for line in filter(None, told.text.splitlines()[1:]):
        if line.startswith("·"):
            blocks[-1][1].append(line)
        else:
            blocks.append((line, []))
    return blocks


async def asks(rm: Chat, tier: str, length: str, reason: str) -> None:
    await rm.says("调层 王秀兰", hears="调整为")
    await rm.clicks("下一步", hears="为什么调整？", choosing={"调整为": tier, "有效期": length})
    await rm.says(reason, hears="请核对")
    await rm.clicks("保存", hears="等许志强审批")


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


@pytest.fixture
def supervisor(house, phone) -> Chat:
    return Chat(house, phone("sup01"))


async def recomputes(house, as_of: str | None = None) -> str:
    """As the command does it through the running service."""
    told: list[str] = []
    arguments = {"actor": "cli:tester", "as_of": as_of}
    await asyncio.to_thread(
        perform, house.app.database, house.app.clock, "labels.recompute", arguments, told.append, nobody
    )
    return "\n".join(told)


async def test_the_command_waits_for_late_data_then_labels_and_finds_the_same_again(house, rm, tmp_path) -> None:
    with pytest.raises(Refused, match="交易的数据还没有到齐，沿用上一次的标签"):
        await recomputes(house)
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    (quiet / "transactions.csv").write_text(f"{TRANSACTIONS}\n", "utf-8")
    assert (await imports(house, quiet)).ok
    assert "2026-11-23 的标签已生效：200 位客户，200 位有变化" in await recomputes(house)
    past = await recomputes(house, "2026-10-01")
    assert "2026-10-01 当时还没有算标签。按现有数据（到 2026-09-30）和那一天的规则算，不保存：200 位客户" in past
    assert [line.partition("：")[0] for line in past.splitlines()[1:]] == [
        "客户分层",
        "生命周期",
        "行为特征",
        "风险偏好",
    ]
    await rm.says("分层 王秀兰", hears="客户标签，数据截至")
    await rm.passes_quietly(days=1)
    assert "200 位客户与当时相同" in await recomputes(house, "2026-11-23")


async def test_labels_tell_why_since_when_and_of_which_day(house, rm) -> None:
    await rm.says("分层 王秀兰", hears="还没有客户标签：交易的数据还没有到齐，到齐后几分钟内算好")
    make_labels(house, AS_OF + timedelta(days=1))
    card = await rm.says("分层 王秀兰", hears="客户标签，数据截至 11月22日")
    assert list(rows_of(card)) == ["分层依据", *KINDS, "服务方案", "另外"]
    assert "日均 AUM" in rows_of(card)["分层依据"]
    assert rows_of(card)["风险偏好"] == "稳健型，11月23日起"
    assert "至少联系一次" in rows_of(card)["服务方案"]
    blocks = blocks_of(await rm.clicks("为什么", hears="· 依据："))
    assert [head for head, _ in blocks[:5]] == [
        *(f"{kind}：{rows_of(card)[kind]}" for kind in KINDS),
        f"服务方案：{rows_of(card)['服务方案']}",
    ]
    assert "日均 AUM" in blocks[0][1][0]
    assert "C2 稳健型" in blocks[3][1][0]
    assert [line.partition("：")[0] for line in blocks[4][1]] == ["· 谁来服务", "· 服务什么"]
    await rm.passes_quietly(days=1)
    await rm.says("分层 王秀兰", hears="当天的数据还没有到齐，这是11月23日的标签")
    await rm.clicks("为什么", hears="· 依据：")


async def test_a_past_day_is_made_again_by_its_own_data_and_rules(house, rm, supervisor) -> None:
    told = await rm.says("分层 王秀兰 10月1日", hears="10月1日的客户标签（数据截至 9月30日）")
    blocks = blocks_of(told)
    assert [head.partition("：")[0] for head, _ in blocks[:4]] == KINDS
    assert "7月1日至9月30日的日均 AUM" in blocks[0][1][0]
    assert blocks[4][0] == "当天的记录：当时还没有算标签"
    make_labels(house, AS_OF + timedelta(days=1))
    stands = rows_of(await rm.says("分层 王秀兰", hears="客户标签"))
    await rm.passes_quietly(days=2)
    again = blocks_of(await rm.says("分层 王秀兰 昨天", hears="11月24日的客户标签"))
    assert again[4][0] == "当天的记录：与重算的相同"
    assert [head for head, _ in again[:4]] == [f"{kind}：{stands[kind].split('，')[0]}" for kind in KINDS]
    masked = (await supervisor.says("分层 C00000001 10月1日", hears="10月1日的客户标签")).text
    assert "王*兰" in masked
    assert "日均 AUM 100–600 万" in masked
    await rm.says("分层 王秀兰 2024年5月1日", hears="2024年5月1日还没有标签规则，最早的一版从2025年1月1日起。")
    await house.app.database.do(lambda unit: unit.execute(sa.update(schema.label).values(tier="大众")), "a slip")
    changed = await rm.says("分层 王秀兰 昨天", hears="11月24日的客户标签")
    assert "当天的记录：不同的是：客户分层 大众" in changed.text


async def test_a_head_sees_how_many_and_no_small_group(house, rm, supervisor) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    for chat, units in ((supervisor, "B01S01%"), (rm, None)):
        told = (await chat.says("分层", hears="客户分层：")).text
        label, customer = schema.label.c, schema.customer.c
        whose = customer.unit_id.like(units) if units else customer.rm_userid == "rm01"
        rows = await house.look(
            sa.select(label.tier, sa.func.count())
            .join_from(schema.label, schema.customer, customer.customer_id == label.customer_id)
            .where(whose, customer.closed_as_of.is_(None))
            .group_by(label.tier)
        )
        rich = sum(count for tier, count in rows if tier in ("高净值", "超高净值"))
        mine = (await chat.says("我的", hears="名下客户")).text
        assert units or f"{rich}/80 位" in mine, "what one keeps, against how many one may keep"
        for tier, count in rows:
            assert f"{tier} {count}" in told if count >= 5 else f"{tier} 不足 5" in told
        assert ("管户（现有/上限，满的在前）：" in told) is (units is not None), (
            "who heads managers sees how full they are"
        )
        if units:
            here = {row["rm_userid"] for row in await kept(house, units)}
            listed = [line for line in told.splitlines() if "/300" in line or "/80" in line]
            assert len(listed) == min(len(here), 10)
            [mine] = [line for line in listed if line.startswith("李明：")]
            assert mine == await limits_of(house, "rm01")
            branch = (await Chat(house, house.phone("branch01")).says("分层", hears="客户分层：")).text
            assert mine in branch.splitlines(), "a book is as full for whoever looks at it"


LIMITS = (("高净值、超高净值", ("高净值", "超高净值"), 80), ("富裕", ("富裕",), 300))


async def kept(house, units: str):  # type: ignore[no-untyped-def]
    """The managers of these units, with the tiers of all their customers that one may keep only so many of."""
    label, customer, staff = schema.label.c, schema.customer.c, schema.staff.c
    chosen = sa.select(customer.rm_userid, label.tier).join_from(
        schema.label, schema.customer, customer.customer_id == label.customer_id
    )
    of_units = sa.select(staff.userid).where(staff.unit_id.like(units))
    here = customer.closed_as_of.is_(None), customer.rm_userid.in_(of_units)
    rows = await house.look(chosen.where(*here, label.tier != "大众"))
    return [{"rm_userid": row.rm_userid, "tier": row.tier} for row in rows]


async def limits_of(house, userid: str) -> str:  # type: ignore[no-untyped-def]
    tiers = [row["tier"] for row in await kept(house, "B01S01%") if row["rm_userid"] == userid]
    found = [(words, sum(tier in names for tier in tiers), most) for words, names, most in LIMITS]
    return "李明：" + "，".join(f"{w} {n if n >= 5 else '不足 5'}/{most}" for w, n, most in found if n)


async def test_a_tier_is_set_by_hand_with_somebody_elses_word(house, rm, supervisor) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    wanted = "超高净值" if before != "超高净值" else "高净值"
    await asks(rm, wanted, "30天", "家庭整体资产达标")
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == before, "asked for is not agreed"
    card = await supervisor.hears("申请调整分层")
    assert all(part in card.text for part in ("家庭整体资产达标", str(before), wanted, "12月22日"))
    await supervisor.clicks("同意", hears="现在起生效，到12月22日为止")
    await rm.hears("已同意")
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == wanted
    assert wanted in (await rm.says("查 王秀兰", hears="王秀兰")).text
    await rm.says("分层 王秀兰", hears="客户标签")
    await rm.clicks("为什么", hears="经批准人工调整，有效至12月22日")
    await rm.passes_quietly(days=30)
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == before, "over by itself"


async def test_a_request_taken_back_or_rejected_changes_nothing(house, rm, supervisor) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    wanted = "超高净值" if before != "超高净值" else "高净值"
    for who, button, said in ((rm, "撤回申请", "已撤回"), (supervisor, "退回", "已退回")):
        await asks(rm, wanted, "180天", "试一试")
        await supervisor.hears("申请调整分层")
        await who.clicks(button, hears=said)
        assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == before


async def test_who_agrees_still_has_the_customer(house, rm, supervisor, feed) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    await asks(rm, "超高净值" if before != "超高净值" else "高净值", "30天", "家庭整体资产达标")
    await supervisor.hears("申请调整分层")
    rewrite(feed / "customers.csv", "C00000001", rm_userid="rm03", unit_id="B01S02")
    assert (await imports(house, feed)).ok
    await supervisor.phone.clicks("同意")
    refused = await supervisor.hears("这位客户已经不在您的管辖范围里，不能由您同意")
    assert "王" not in refused.text
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == before
    await supervisor.clicks("退回", hears="已退回")


async def test_a_wish_goes_on_to_the_next_superior_when_its_decider_leaves(house, rm, supervisor, feed) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    wanted = "超高净值" if before != "超高净值" else "高净值"
    await asks(rm, wanted, "30天", "家庭整体资产达标")
    card = await supervisor.hears("申请调整分层")
    rewrite(feed / "staff.csv", "sup01", status="left")
    assert (await imports(house, feed)).ok
    head = Chat(house, house.phone("subhead01"))
    await rm.phone.hears("等梁文斌审批")
    await head.phone.hears("申请调整分层")
    await supervisor.phone.clicks("同意", card, force=True)
    await supervisor.phone.hears("您已离职")
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == before
    await head.clicks("同意", hears="现在起生效")
    assert await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG)) == wanted


async def test_a_wish_ends_when_nobody_is_left_to_decide(house, rm, supervisor, feed) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    wanted = "超高净值" if before != "超高净值" else "高净值"
    for superior in ("subhead01", "branch01", "exec01"):
        rewrite(feed / "staff.csv", superior, status="left")
    assert (await imports(house, feed)).ok
    await asks(rm, wanted, "180天", "家庭整体资产达标")
    rewrite(feed / "staff.csv", "sup01", posts="客户经理")
    assert (await imports(house, feed)).ok
    ended = await rm.phone.hears("许志强不能再审批，也没有别的上级可以审批。")
    assert "分层没有改变；需要时请重新申请" in ended.text
    await rm.says("调层 王秀兰", hears="调整为")
    await rm.clicks("下一步", hears="为什么调整？", choosing={"调整为": wanted, "有效期": "30天"})
    await rm.says("再试", hears="请核对")
    await rm.phone.clicks("保存")
    await rm.phone.hears("您没有在岗的上级可以审批")  # and no word of one that waits already


async def test_a_tier_is_asked_for_on_one_line_and_no_day_to_come_is_looked_at(house, rm) -> None:
    make_labels(house, AS_OF + timedelta(days=1))
    before = await house.app.database.read(lambda unit: tiers.tier_of(unit, WANG))
    wanted = "超高净值" if before != "超高净值" else "高净值"
    card = await rm.says(f"调层 王秀兰 {wanted} 90天 家庭整体资产达标", hears="请核对")
    assert [rows_of(card)[label] for label in ("调整为", "有效期", "原因")] == [wanted, "90天", "家庭整体资产达标"]
    await rm.says("取消", hears="已取消")
    await rm.says("分层 王秀兰 明天", hears="只能看今天和以前的标签")
