"""要签的文件: the bank's own templates as files, for who may see the customer, in the versions of the decision."""

import csv
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.packs import SHIPPED
from tests.chats.complaining import chat
from tests.chats.talking import Chat
from tests.chats.test_import_live import imports, rewrite
from tests.chats.test_suitability import number_of, on_sale
from tests.chats.traces import trail

BUTTON = "要签的文件"
WEALTH = ["风险揭示书", "产品说明书", "认购协议", "投资者权益须知", "适当性匹配意见书"]


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


@pytest.fixture
def product(bank: Path) -> str:
    """What she has nothing of yet."""
    with (bank / "holdings.csv").open(encoding="utf-8") as held:
        hers = {row["product_id"] for row in csv.DictReader(held) if row["customer_id"] == "C00000001"}
    selling = (row["product_id"] for row in on_sale(bank, kind="wealth", risk="R1", issuer_risk="R1"))
    return next(each for each in selling if each not in hers)


async def files(person: Chat) -> list[tuple[str, bytes]]:
    """What came as a file, by the name that the phone shows."""
    held = [bubble.json["content"] for bubble in await person.phone.bubbles() if bubble.json["kind"] == "file"]
    return [(each["media_name"], person.house.sim.world.media.get(each["media_id"]).data) for each in held]


async def test_they_come_as_files_and_who_had_them_is_on_record(house, rm, product) -> None:
    card = await rm.says(f"适当性 王秀兰 {product}", hears="编号")
    number = number_of(card)
    said = await rm.clicks(BUTTON, hears="要签的文件，共 5 份")
    assert [line.split(". ")[1] for line in said.text.splitlines()[1:6]] == [f"{name}（第 1 版）" for name in WEALTH]
    assert "这里没有文件的：双录，请按行内规定另办。" in said.text
    came = await files(rm)
    assert [name for name, _ in came] == [f"{name}（第1版）{number}.pdf" for name in WEALTH]
    manifest = YAML(typ="safe").load(SHIPPED / "papers.yaml")["papers"]
    written = {each["title"]: (each["paper"], each["sha256"]) for each in manifest}
    assert [sha256(data).hexdigest() for _, data in came] == [written[name][1] for name in WEALTH]
    [(record, subjects)] = await trail(house, "suitability.papers")
    assert (record["actor"], record["resource"], subjects) == ("rm01", f"suitability:{number}", ["C00000001"])
    assert record["detail"]["papers"] == [
        {"paper": written[name][0], "version": 1, "sha256": written[name][1]} for name in WEALTH
    ]
    await rm.clicks(BUTTON, hears="共 5 份")
    assert len(await files(rm)) == 10, "the platform swallows a repeat, and this is none"
    await rm.clicks("重算核对", hears="结论、理由、步骤、文件都一致")


async def test_only_who_may_see_the_customer_and_only_that_day(house, rm, product, feed) -> None:
    number = number_of(await rm.says(f"适当性 王秀兰 {product}", hears="编号"))
    maker = await chat(house, "prod01").says(f"适当性 {number}", hears=number)
    assert maker.buttons == ["重算核对"]
    compliance = chat(house, "comp01")
    await compliance.says(f"适当性 {number}", hears=number)
    await compliance.clicks(BUTTON, hears="共 5 份")
    rewrite(feed / "customers.csv", "C00000001", rm_userid="rm02")
    assert (await imports(house, feed)).ok
    await press(rm, hears="这位客户不在您的范围里")
    assert await files(rm) == []
    assert [record["actor"] for record, _ in await trail(house, "suitability.papers")] == ["comp01"]

    heir = chat(house, "rm02")
    await heir.says(f"适当性 C00000001 {product}", hears="编号")
    await heir.passes_quietly(hours=24)
    await press(heir, hears="文件只随当天的判断给")
    assert BUTTON not in (await heir.says(f"适当性 {number}", hears=number)).buttons
    assert await files(heir) == []


async def press(person: Chat, hears: str) -> None:
    """A button that does not do what it says."""
    await person.phone.clicks(BUTTON, await person.card(BUTTON))
    await person.hears(hears)


async def test_a_new_version_goes_out_and_the_old_decision_stays_as_it_was(house, rm, product, packs) -> None:
    await rm.says(f"适当性 王秀兰 {product}", hears="编号")
    replaced(packs, version=2)
    await house.restart()
    await rm.clicks(BUTTON, hears="1. 风险揭示书（第 1 版）")  # as the decision had it, though the file is gone
    assert NEW not in [data for _, data in await files(rm)]
    await rm.clicks("重算核对", hears="文件都一致")
    await rm.says(f"适当性 王秀兰 {product}", hears="编号")
    await rm.clicks(BUTTON, hears="1. 风险揭示书（第 2 版）")
    assert [data for name, data in await files(rm) if "风险揭示书（第2版）" in name] == [NEW]


NEW = b"%PDF-1.7 another one\n"


def replaced(packs: Path, **values: Any) -> None:
    """The template of one paper is another one from now on; the file of before is not there any more."""
    manifest = packs / "papers.yaml"
    pack = YAML(typ="safe").load(manifest)
    entry = next(each for each in pack["papers"] if each["paper"] == "risk_disclosure")
    (packs / "papers" / entry["file"]).unlink()
    (packs / "papers" / "new.pdf").write_bytes(NEW)
    entry.update(file="new.pdf", sha256=sha256(NEW).hexdigest(), **values)
    pack["version"] = 2
    with manifest.open("w", encoding="utf-8") as file:
        YAML().dump(pack, file)
