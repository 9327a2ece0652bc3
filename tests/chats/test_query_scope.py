"""Who finds whom: the own book first, then the own scope; outside it is the same answer and the same work as nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import SHANGHAI
from domain.ids import UserId
from domain.update import Update, UpdateKind
from handlers.dispatch import dispatch
from storage.unit import Unit
from tests.chats.paper import Paper, read_card
from tests.chats.traces import plain, trail

CARD, CHOICE, NOBODY = "数据截至", "您要找哪一位？", "没有找到这位客户"


def options_of(choice) -> list[str]:  # type: ignore[no-untyped-def]
    return [option["text"] for option in choice.card["checkbox"]["option_list"]]


async def test_an_rm_finds_their_own_and_never_the_neighbour_s(phone) -> None:
    for userid, customer in [("rm01", "C00000001"), ("rm02", "C00000009")]:
        rm = phone(userid)
        await rm.says("查 王秀兰")
        assert customer in read_card((await rm.hears(CARD)).card)["标题"]
        await rm.says(f"查 {'C00000009' if userid == 'rm01' else 'C00000001'}")
        await rm.hears(NOBODY)


async def test_leaders_choose_by_what_differs(phone) -> None:
    for userid in ("sup01", "subhead01", "branch01"):
        head = phone(userid)
        await head.says("查 王秀兰")
        choice = await head.hears(CHOICE)
        assert options_of(choice) == ["1.60多岁 富裕", "2.30多岁 大众"]
        assert choice.card["main_title"]["desc"].startswith("王*兰 · 北京城东，共 2 位")
        await head.chooses({"": "2.30多岁 大众"})
        await head.clicks("就是这位")
        assert read_card((await head.hears(CARD)).card)["标题"] == "王*兰 · 客户号 尾号0009 · 大众"


async def test_a_typed_number_is_as_good_as_a_tap(phone) -> None:
    head = phone("branch01")
    await head.says("查 张伟")
    assert options_of(await head.hears(CHOICE)) == ["1.北京城东 30多岁 大众", "2.北京城西 50多岁 富裕"]
    await head.says("1")
    assert read_card((await head.hears(CARD)).card)["标题"] == "张* · 客户号 尾号0002 · 大众"


async def test_the_choice_can_be_left_open_and_is_not_guessed(phone) -> None:
    head = phone("sup01")
    await head.says("查 王秀兰")
    await head.hears(CHOICE)
    await head.clicks("就是这位")
    await head.hears("请先选一位客户")
    await head.says("3")
    await head.hears("没看懂这句话")


async def test_a_sub_branch_ends_at_its_border(phone) -> None:
    for userid, found in [("sup01", False), ("subhead01", False), ("sup02", True), ("branch01", True), ("cs01", True)]:
        person = phone(userid)
        await person.says("查 冯春生")
        await person.hears(CARD if found else NOBODY)


async def test_the_service_team_reads_in_full(phone, bank) -> None:
    team = {row["userid"] for row in Paper(bank).rows("service_team") if row["customer_id"] == "C00000010"}
    assert {"rm01", "adv01"} <= team
    for userid in ("pb01", "rm01", "adv01"):
        member = phone(userid)
        await member.says("查 chenjianhua")
        assert read_card((await member.hears(CARD)).card)["标题"].startswith("陈建华 · 客户号 C00000010")
    outsider = phone("rm02")
    await outsider.says("查 陈建华")
    await outsider.hears(NOBODY)


async def test_more_than_twenty_are_narrowed_down(phone) -> None:
    head = phone("branch01")
    await head.says("查 li")
    choice = await head.hears(CHOICE)
    assert len(options_of(choice)) == 20
    assert "先列出 20 位，请加上更多信息缩小范围" in choice.text
    assert all(len(option) <= 17 for option in options_of(choice))
    await head.says("20")
    await head.hears(CARD)


async def test_outside_the_scope_is_the_same_answer_and_the_same_work(house, phone, bank) -> None:
    """Every statement sent to the database, in order, and every record, for one who exists elsewhere and for nobody."""
    outsider = Paper(bank).customers["C00000007"]
    mobile = outsider["mobile"]
    pairs = [
        ("欧阳静", "欧阳娴"),
        ("欧阳", "欧冶"),
        ("ouyangjing", "ouyangxian"),
        ("oyj", "oyx"),
        ("C00000007", "C99999997"),
        (mobile, "19899999999"),
        (mobile[-4:], "0000"),
    ]
    for number, (elsewhere, nobody) in enumerate(pairs):
        there = await work(house, f"查 {elsewhere}", f"there:{number}")
        absent = await work(house, f"查 {nobody}", f"absent:{number}")
        assert there == absent, elsewhere
        assert any("customer" in statement for statement in there[0])
    await house.settled()
    answers = {plain(text) for text in await phone("rm01").texts()}
    assert answers == {"没有找到这位客户。请核对姓名，或换成拼音、首字母、手机后四位、客户号再试。"}


@dataclass
class Noting(Unit):
    """A unit that remembers what it sent to the database."""

    statements: list[str] = field(default_factory=list)

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        self.statements.append(str(statement))
        return super().execute(statement, parameters)

    def rows(self, statement: Any, parameters: Any = None) -> Sequence[Any]:
        self.statements.append(str(statement))
        return super().rows(statement, parameters)


async def work(house, text: str, key: str):  # type: ignore[no-untyped-def]
    """Statements and records of one update, handled as the inbox's worker handles it."""

    def handled(unit):  # type: ignore[no-untyped-def]
        noting = Noting(unit.connection, unit.vault, unit.now, unit.machine_now)
        update = Update(UpdateKind.SAID, UserId("rm01"), key, unit.now.astimezone(SHANGHAI), text=text)
        dispatch(noting, house.app.house, update)
        records = [(each.action, each.resource, dict(each.detail), each.subjects) for each in noting.records]
        unit.records, unit.outgoing = noting.records, noting.outgoing
        return noting.statements, records

    return await house.app.database.do(handled)


async def test_why_one_looks_can_be_said(phone, house) -> None:
    officer, rm = phone("comp01"), phone("rm01")
    await officer.says("查 C00000007 目的 尽调")
    await officer.hears(CARD)
    await rm.says("查 C00000001 目的 监管")
    await rm.hears("不能以「监管」为目的查看客户，可以用的目的有：服务、营销、投诉、贷后")
    await rm.says("查 C00000001 目的 随便")
    await rm.hears("没有“随便”这个目的。您可以写：服务、营销、投诉、贷后。")
    assert [(body["actor"], body["detail"]["purpose"]) for body, _ in await trail(house, "customer.read")] == [
        ("comp01", "尽调")
    ]
