"""个人信息: a customer's copy of everything held of them, agreed to by a second person, in time, and nothing that the
law keeps; validated against the published schema, expected values from the bank's own files.
"""

import csv
import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import sqlalchemy as sa

from domain.ids import FileId
from storage import made_files, schema
from storage.unit import Unit
from tests.chats.complaining import NO, PLAIN, file, saved
from tests.chats.conftest import MONDAY
from tests.chats.talking import Chat
from tests.chats.test_freeze import freezes
from tests.chats.test_import_live import imports
from tests.chats.traces import browse, trail

WANG = "C00000001"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "personal-data.schema.json").read_text("utf-8"))
CANARY = "洗钱金丝雀"


async def asks(officer: Chat, *, asker: str = "本人") -> None:
    """The form, to the end."""
    await officer.says(f"个人信息 {WANG}", hears="谁要求")
    await officer.clicks("下一步", hears="怎样核验的身份", choosing={"谁要求": asker, "渠道": "网点"})
    await officer.says("核对身份证原件", hears="来函或工单编号")
    await officer.clicks("跳过", hears="请核对")
    await officer.clicks("保存", hears="已提交，还没有生效")


async def reports(rm: Chat, line: str) -> None:
    """举报: confidential, so it is not listed."""
    await rm.says(f"投诉 {line}", hears="办理渠道")
    await rm.clicks("下一步", hears="关于哪类业务", choosing={**PLAIN, "性质": "举报"})
    await rm.clicks("下一步", hears="涉及客户经理", choosing={"关于哪类业务？": "自营理财"})
    await rm.clicks("下一步", hears="举报的是谁", choosing=NO)
    await rm.says("行外 某某", hears="请核对")
    await saved(rm)


async def suspected(house: Any) -> None:
    """The bank suspects her of something: no word of it may reach her."""
    rows = schema.rows_of(schema.customer)
    values = {"kyc_risk": CANARY, "sanctioned": True, "frozen": True}
    await house.app.database.do(lambda unit: unit.execute(rows.update().values(values)))
    fighter = Chat(house, house.phone("aml01"))
    await fighter.says(f"查 {WANG}", hears="数据截至")


async def opened(house: Any, link: str) -> tuple[bytes, str, str]:
    """The archive behind a link as the bank keeps it, and the two texts in it."""
    file_id = FileId(link.rpartition("/")[2])

    def read(unit: Unit) -> bytes:
        made = made_files.load(unit, file_id)
        assert made is not None
        return made_files.content(unit, made)

    packed = await house.app.database.read(read)
    with ZipFile(BytesIO(packed)) as archive:
        texts = {name.rpartition(".")[2]: archive.read(name).decode() for name in archive.namelist()}
    return packed, texts["json"], texts["html"]


def rows_in(bank: Path, name: str) -> list[dict[str, str]]:
    with (bank / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def in_file(bank: Path, name: str) -> list[dict[str, str]]:
    return [row for row in rows_in(bank, name) if row["customer_id"] == WANG]


def on_paper(cell: Any) -> str:
    """A cell of the JSON as the page says it: codes in words, moments to the minute."""
    words = {"file": "数据文件", "CNY": "人民币", "own": "本人", "same_name": "本人在他行", "other": "他人", "in": "客户来",
             "out": "本行去", "both": "双向", "bank": "银行", "feed": "业务系统", "visit": "拜访登记", "saved": "有效"}  # fmt: skip
    if cell is None or isinstance(cell, bool):
        return ""
    return words.get(str(cell)) or (str(cell)[:16].replace("T", " ") if str(cell).endswith("+08:00") else str(cell))


async def test_a_customer_gets_a_copy_of_all_that_is_held(house: Any, phone: Any, bank: Path) -> None:
    officer, second, rm = (Chat(house, phone(userid)) for userid in ("comp01", "cp01", "rm01"))
    await rm.says(f"个人信息 {WANG}", hears="不能")
    await rm.says("拜访 王秀兰 电话 接通 聊了理财续期", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    await rm.says("适当性 王秀兰 样例理财101号 20万", hears="规则")
    number = await file(rm, "王秀兰 说理财到期没有人提醒")
    await reports(rm, "王秀兰 说有人受贿")
    await suspected(house)
    await rm.says("适当性 王秀兰 样例理财101号 20万", hears="规则")
    await freezes(officer, "冻结")
    await second.clicks("同意", hears="已同意")
    await asks(officer)
    assert (
        "个人信息请求：P261123001（本人），12月14日前答复，等审批"
        in (await officer.says(f"隐私 {WANG}", hears="· 隐私")).text
    )
    card = await second.hears("个人信息副本")
    assert "核对身份证原件" in card.text
    await second.clicks("同意", hears="现在起生成文件")
    ready = await officer.hears("文件已生成，待交给客户")
    assert "王秀兰" not in ready.text
    link = ready.link("下载文件")
    status, page = await browse(house, "comp01", link)
    assert status == 200
    assert "个人信息-P261123001.zip" in page
    assert (await browse(house, "cp01", link))[0] == 404
    assert (await browse(house, "comp01", link, {}))[0] == 200
    packed, text, page = await opened(house, link)
    given = json.loads(text)
    jsonschema.validate(given, SCHEMA)
    for said in (text, page):
        assert [
            word for word in (CANARY, "制裁", "尽调", "kyc", "sanctioned", "洗钱等级", "有人受贿") if word in said
        ] == []
    assert [
        word for word in ("聊了理财续期", "样例理财101号", number, "说理财到期没有人提醒") if word not in page
    ] == []
    assert [(each["number"], each["story"]) for each in given["cases"]] == [(number, "说理财到期没有人提醒")]
    tables = {each["key"]: each["rows"] for each in given["tables"]}
    (person,), (row,) = tables["customer"], in_file(bank, "customers")
    assert {name: person[name] for name in ("name", "id_number", "mobile", "address")} == {
        name: row[name] for name in ("name", "id_number", "mobile", "address")
    }
    assert sorted(each["balance"] for each in tables["account"]) == sorted(
        each["balance"] for each in in_file(bank, "accounts")
    )
    assert [(each["kind"], each["notes"]) for each in tables["visit"]] == [("电话", "聊了理财续期")]
    assert [each["asker"] for each in tables["subject_request"]] == ["本人"]
    decided = given["automated_decisions"]
    assert [(each["product"], each["amount"], bool(each["reasons"])) for each in decided["suitability"]] == [
        ("样例理财101号", "200000.00", True)
    ] * 2
    assert "服务" in {each["purpose"] for each in given["purposes"]}
    assert [cell for each in tables.values() for row in each for cell in map(on_paper, row.values())
            if cell not in page] == []  # fmt: skip
    assert [code for code in ("file", "T09:", "+08:00", "CNY", "customers") if code in page] == []
    assert (person["unit_name"] in page, person["unit_name"] != person["unit_id"]) == (True, True)
    others = [each["name"] for each in rows_in(bank, "staff")]
    assert [name for name in others if name in text] == []
    ((record, about),) = await trail(house, "subject.made")
    assert record["detail"]["digest"] == sha256(packed).hexdigest()
    assert about == [WANG]
    await officer.clicks("已答复客户", hears="P261123001 答复客户了")
    assert "个人信息请求" not in (await officer.says(f"隐私 {WANG}", hears="· 隐私")).text
    assert "P261123001" not in (await officer.says("待办", hears="待办")).text


async def test_what_is_not_answered_in_time_is_everybodys(house: Any, phone: Any) -> None:
    """Sent back and asked for again, the days run on: fifteen working days after Monday."""
    officer, second, boss = (Chat(house, phone(userid)) for userid in ("comp01", "cp01", "exec01"))
    await asks(officer)
    await second.clicks("退回", hears="没有生成文件，答复期限不变")
    await officer.passes_quietly(days=3)
    await asks(officer, asker="代理人")
    await officer.says("待办", hears="答复个人信息请求 P261123001")
    assert "12月14日前答复" in (await officer.says(f"隐私 {WANG}", hears="· 隐私")).text
    await officer.passes("请在期限内答复客户", days=13)  # December 9th, three working days before the end
    assert "请在期限内" not in await boss.log()
    await second.passes("已过答复期限，请立即答复客户", days=6)
    await boss.hears("已过期限，同岗同事和上级都已收到")
    await second.clicks("已答复客户", hears="答复客户了")
    await officer.phone.marks()
    await officer.passes_quietly(days=5)
    assert "已过答复期限" not in await officer.heard()
    assert {row.state for row in await house.look(sa.select(schema.subject_request.c.state))} == {"answered"}
    assert MONDAY.date() < (await house.look(sa.select(schema.subject_request.c.due_on)))[0].due_on


async def test_who_is_no_customer_any_more_may_ask_as_well(house: Any, phone: Any, feed: Path) -> None:
    officer, second = Chat(house, phone("comp01")), Chat(house, phone("cp01"))
    rows = (feed / "customers.csv").read_text("utf-8").splitlines(keepends=True)
    (feed / "customers.csv").write_text("".join(row for row in rows if not row.startswith(WANG)), "utf-8")
    (feed / "staff.csv").unlink()
    assert (await imports(house, feed)).ok
    await officer.says("个人信息 王秀兰", hears="谁要求")  # whoever is left of that name
    await officer.says("取消", hears="已取消")
    await asks(officer)
    wish = await second.hears("个人信息副本 业务关系已结束的客户 · 客户号 尾号0001")
    assert "王" not in wish.text
    await second.clicks("同意", hears="现在起生成文件")
    card = await officer.hears("下载文件")
    _, text, _ = await opened(house, card.link("下载文件"))
    assert "王秀兰" in text
