"""The summary card: every value against the bank on paper, the next step with its reason, and the dimensions."""

import pytest

from tests.chats.paper import Paper, band, read_card, wan
from tests.chats.talking import Chat
from tests.chats.traces import browse

OWN_CAST = [
    ("rm01", "王秀兰"),
    ("rm01", "单雄信"),
    ("rm01", "曾志伟"),
    ("rm01", "尉迟恭"),
    ("rm01", "孙丽华"),
    ("rm01", "亚历山大·谢尔盖耶维奇·测试诺夫"),
    ("rm02", "欧阳静"),
    ("rm02", "周桂芳"),
    ("rm02", "吴敏"),
    ("rm03", "郑小宝"),
    ("pb01", "陈建华"),
]


def check_card(paper: Paper, customer: str, card: dict[str, str], money) -> None:  # type: ignore[no-untyped-def]
    """Each line of the card says what the files say; `money` is how amounts may be said."""
    aum = paper.aum(customer, paper.as_of)
    assert card["AUM"] == (money(aum) if aum is not None else "暂无数据")
    assert paper.tier(customer) in (card["标题"].rpartition(" · ")[2], card["副标题"].partition(" · ")[0])
    assert card["副标题"].endswith("数据截至 11月22日")
    assert card["风险等级"] == paper.risk(customer)
    assert card["上次联系"] == paper.contact(customer)
    assert card["未结待办"] == "0 件"
    check_allocation(paper.allocation(customer), card["资产配置"])
    due = paper.maturity(customer)
    if due is None:
        assert card["最近到期"] == "没有待到期的产品"
        return
    product, _, amount = due
    assert card["最近到期"].startswith(product)
    assert card["最近到期"].endswith(f" {money(amount)}")


def check_allocation(sums, said: str) -> None:  # type: ignore[no-untyped-def]
    """The largest three by name with shares within a point of the exact ones, all adding up to a hundred."""
    if not sums:
        assert said == "暂无持仓"
        return
    shown = {part.rstrip("0123456789%"): int(part[:-1].lstrip("".join(sums) + "其他")) for part in said.split(" · ")}
    largest = sorted(sums, key=lambda kind: -sums[kind])[:3]
    assert list(shown)[: len(largest)] == largest
    assert sum(shown.values()) == 100
    for kind in largest:
        assert abs(sums[kind] * 100 / sum(sums.values()) - shown[kind]) < 1


async def test_every_value_of_the_cast(phone, bank) -> None:
    paper = Paper(bank)
    for userid, name in OWN_CAST:
        rm, customer = phone(userid), paper.named(name, userid)
        await rm.says(f"查 {name}")
        card = read_card((await rm.hears("数据截至")).card)
        assert card["标题"].startswith(f"{name} · 客户号 {customer}"[:30])
        assert card["近30天"] == paper.change(customer)
        check_card(paper, customer, card, wan)


async def test_a_prospect_has_nothing_yet(phone) -> None:
    rm = phone("rm01")
    await rm.says("查 赵思远")
    card = read_card((await rm.hears("数据截至")).card)
    assert (card["标题"], card["资产配置"], card["风险等级"]) == (
        "赵思远 · 客户号 C00000011 · 大众",
        "暂无持仓",
        "从未测评",
    )
    assert card["最近到期"] == "没有待到期的产品"


async def test_others_in_the_scope_read_the_same_facts_in_bands(phone, bank) -> None:
    paper = Paper(bank)
    for customer in ("C00000004", "C00000007", "C00000015"):
        head = phone("branch01")
        await head.says(f"查 {customer}")
        card = read_card((await head.hears("数据截至")).card)
        check_card(paper, customer, card, band)
        assert card["近30天"] == paper.change(customer, band)


@pytest.mark.parametrize(
    ("userid", "name", "step", "reason"),
    [
        ("rm01", "王秀兰", "联系客户，做续约跟进", "样例理财091号 10天后（12月3日）到期，金额 90.15 万"),
        ("rm02", "欧阳静", "安排 KYC 复评", "KYC 复评已于11月14日过期"),
        ("rm01", "曾志伟", "定期问候", "近期没有需要提醒的事项；服务方案「财富管理」，90 天至少联系一次"),
    ],
)
async def test_one_next_step_with_its_reason(phone, userid: str, name: str, step: str, reason: str) -> None:
    rm = phone(userid)
    await rm.says(f"查 {name}")
    card = read_card((await rm.hears("数据截至")).card)
    assert card["建议"].startswith((f"{step}（", f"{step}：标准组合推荐（"))
    assert reason in card["建议"]


async def test_the_dimensions_by_drop_down(phone, bank) -> None:
    paper = Paper(bank)
    row, rm = paper.customers["C00000001"], phone("rm01")
    await rm.says("查 王秀兰")
    await rm.hears("数据截至")
    for dimension, said in {
        "基本信息": ["60多岁", "北京城东", "李明", row["occupation"]],
        "资产信息": [
            wan(paper.aum("C00000001", paper.as_of)),
            "样例理财091号 90.15 万",
            *paper.allocation("C00000001"),
        ],
        "风险评级": [paper.risk("C00000001")],
        "服务记录": [paper.contact("C00000001"), "0 件"],
    }.items():
        await rm.chooses({"想看什么": dimension})
        await rm.clicks("查看")
        told = await rm.hears(f"王秀兰 · 客户号 C00000001 · {dimension}（数据截至 11月22日）")
        for words in said:
            assert words in told.text, dimension
    cards = [bubble for bubble in await rm.bubbles() if bubble.card]
    assert [(card.live, card.buttons) for card in cards] == [(True, ["记拜访", "查看", "登记投诉", "详情"])]


async def test_an_open_to_do_counts_and_leads(house, phone) -> None:
    rm = phone("rm01")
    await rm.says("拜访 王秀兰 电话 接通 聊了理财续期 明天下午三点回访")
    await rm.hears("保存")
    await rm.says("保存")
    await house.settled()
    await rm.says("查 王秀兰")
    assert read_card((await rm.hears("数据截至")).card)["未结待办"] == "1 件"
    await house.world.clock.advance(days=3)
    await rm.says("查 王秀兰")
    card = read_card((await rm.hears("数据截至")).card)
    assert card["未结待办"] == "1 件（逾期 1 件）"
    assert card["建议"] == "先办逾期的待办（有 1 件待办已逾期）"
    assert card["上次联系"].startswith("3天前（11月23日） 电话")


async def test_late_data_is_said_and_nobody_is_called_silent_by_it(house, phone) -> None:
    rm = Chat(house, phone("rm01"))
    timely = await rm.says("查 曾志伟", hears="数据截至")
    assert "数据迟到" not in timely.text
    assert "近期没有需要提醒的事项" in timely.text
    await rm.passes_quietly(days=3)
    late = await rm.says("查 曾志伟", hears="数据截至")
    assert "数据迟到：客户、" in late.text
    assert "应到 11月25日" in late.text
    assert "联系记录还没有到齐，暂不判断有没有久未联系" in late.text
    await rm.clicks("查看", hears="晚到，只到 11月22日", choosing={"想看什么": "服务记录"})
    page = await browse(house, "rm01", late.link("详情"))
    assert "数据迟到：客户、" in page[1]
