"""A working day at a bank of canaries: none sings where it must not, whatever was asked, shown, refused or broken."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from domain.export.watermark import bare
from storage import api_keys, audit_export, inbox
from storage.imports.ownership import read_grant
from storage.notary import Notary
from tests.chats.complaining import accepted, chat
from tests.chats.conftest import *  # noqa: F403 - the stage of the chats
from tests.chats.conftest import AS_OF, CUSTOMERS, staged, write_sample
from tests.chats.talking import Chat
from tests.chats.test_dispatch_poison import GARBAGE, swap_address
from tests.chats.test_export import asks, page_of
from tests.chats.test_import_live import imports
from tests.chats.test_privacy import CARD, opens_every_dimension
from tests.chats.traces import browse, downloads
from tests.privacy.canaries import Aviary, fill_with_canaries, read, write
from tests.privacy.places import at_rest, everything_logged
from tests.privacy.told import Rules, beyond, leaks

OWN, HERS, BROKEN = "C00000001", "C00000007", "C00000004"  # of rm01, of rm02, of rm01


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank of the chats, small and sung over."""
    sample, folder = (tmp_path_factory.mktemp(name) for name in ("silent", "singing"))
    write_sample(sample, customers=CUSTOMERS, seed=7, as_of=AS_OF, preset="rm_book")
    for name in ("transactions.csv", "touchpoints.csv", "aum_daily.csv"):
        (sample / name).unlink()
    BIRDS[folder] = fill_with_canaries(sample, folder)
    return folder


BIRDS: dict[Path, Aviary] = {}


@pytest.fixture
def aviary(bank: Path) -> Aviary:
    return BIRDS[bank]


@pytest.fixture
def rules(bank: Path) -> Rules:
    return Rules(bank)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with everything_logged() as written:
        yield written


@pytest.fixture
async def house(log: io.StringIO, bank_url: tuple[str, Path], bank: Path, tmp_path: Path) -> AsyncIterator[Any]:
    """As in the chats, with every word logged."""
    url, key = bank_url
    async with staged(url, key, bank, tmp_path) as made:
        yield made
        await made.books_are_whole()


def says(rules: Rules, aviary: Aviary, words: str, *readers: str) -> str:
    """Words typed in this story, to be read again by nobody else."""
    said = f"{words}{len(rules.heard)}"
    rules.heard[said] = set(readers)
    return words + aviary.song("said", said)


@pytest.mark.timeout(180)
async def test_a_day_of_chats_and_pages(
    house: Any, log: io.StringIO, rules: Rules, aviary: Aviary, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = {number: row["name"] for number, row in rules.customers.items()}
    rm, keeper = (chat(house, who) for who in ("rm01", "rm02"))
    wrong = await looks_and_pages(house, rules, aviary)
    wrong += await breaks_the_glass(house, rules, aviary)
    for words in (name[HERS], rules.customers[BROKEN]["mobile"], rules.customers[BROKEN]["id_number"]):
        await rm.says(f"查 {words}")
    await rm.says(says(rules, aviary, "一句看不懂的话", "rm01"))
    note = says(rules, aviary, "聊了续期", "rm01")
    await rm.says(f"拜访 {name[OWN]} 面访 接通 {note} 下周三回访", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    words = says(rules, aviary, "说理财到期没有人提醒", "cs01", "rm02", "sup01", "cp01", "complaint01")
    await accepted(chat(house, "cs01"), keeper, f"{name[HERS]} {words}")
    await keeper.says("案件")
    await rm.says(f"关系 {name[OWN]}", hears="还没有登记")
    await records_a_word(rm, name[OWN], says(rules, aviary, "授权书在第三柜", "rm01"))
    await poison(house, rm, name[BROKEN])
    auditor = chat(house, "audit01")
    await auditor.says(f"审计 {OWN}", hears=OWN)
    await auditor.says(f"审计 {name[OWN]}")
    await house.restart()

    assert wrong == []
    assert leaks(rules, aviary, await house.world.ledger()) == []
    assert aviary.heard_in(json.dumps(await house.world.sms(), ensure_ascii=False)) == {}
    assert "".join(filter(None, (quiet(aviary, name, where) for name, where in rests(house, tmp_path)))) == ""
    logged = log.getvalue() + "".join(capfd.readouterr())
    assert "VaultError" in logged
    assert aviary.heard_in(logged) == {}


async def test_a_file_sings_only_what_its_reader_may_have(
    house: Any, log: io.StringIO, rules: Rules, aviary: Aviary, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A list is read through the same policy; where it lies until it is fetched, nothing is heard of it."""
    own = await fetched(house, chat(house, "rm01"), [])
    assert {"name"} <= kinds(aviary, own)
    deciders = [chat(house, each) for each in ("exec01", "sec01")]
    led = await fetched(house, chat(house, "branch01"), deciders)
    assert led.count("\n") > own.count("\n") > 20
    assert beyond(rules, aviary, "rm01", own, "export") == []
    assert beyond(rules, aviary, "branch01", led, "export") == []
    assert leaks(rules, aviary, await house.world.ledger()) == []
    assert "".join(quiet(aviary, name, where) for name, where in rests(house, tmp_path)) == ""
    assert aviary.heard_in(log.getvalue() + "".join(capfd.readouterr())) == {}


async def fetched(house: Any, who: Chat, deciders: list[Chat]) -> str:
    """The customers of somebody as a file, once all have agreed who must; without the marks."""
    await asks(who, "导出 客户 CSV", form="CSV")
    await who.clicks("提交审批" if deciders else "确认导出", hears="审批" if deciders else "正在生成")
    for decides in deciders:
        await decides.hears("导出客户清单")
        await decides.clicks("同意", hears="已同意")
    _, _, data = await downloads(house, who.phone.userid, await page_of(who))
    return bare(data.decode())


def quiet(aviary: Aviary, place: str, data: bytes) -> str:
    """What sings in a place, in words."""
    return "".join(f"{place}: {canary.kind} of {canary.owner}\n" for canary in aviary.heard_in(data).values())


def rests(house: Any, folder: Path) -> Iterator[tuple[str, bytes]]:
    """All that lies still: the database and the trail as it is handed to auditors."""
    yield from at_rest(house.settings.database.url, folder).items()
    file = folder / "trail.jsonl"
    audit_export.export(house.app.database, Notary(folder / "audit.key", folder / "points"), file, None, None)
    yield file.name, file.read_bytes()


async def looks_and_pages(house: Any, rules: Rules, aviary: Aviary) -> list[Any]:
    """The whole customer on cards and pages, by who keeps them, by heads and by strangers; what was told too much."""
    wrong: list[Any] = []
    links = {}
    for userid in ("rm01", "sup01", "branch01", "cs01"):
        who = house.phone(userid)
        await who.says(f"查 {OWN}")
        await who.hears(CARD)
        await opens_every_dimension(who)
        links[userid] = (await who.last_card()).link("详情")
        status, page = await browse(house, userid, links[userid])
        assert status == 200
        wrong += beyond(rules, aviary, userid, page, "page")
    for path in ("", "/call", "/reveal", "/reveal/no"):
        for userid in ("rm02", "sysadmin01"):
            status, page = await browse(house, userid, links["rm01"] + path)
            assert status in (403, 404)
            wrong += aviary.heard_in(page)
    wrong += await plainly(house, aviary, links)
    return wrong


async def breaks_the_glass(house: Any, rules: Rules, aviary: Aviary) -> list[Any]:
    """紧急查看 by who keeps other customers: the reason goes to who has to know, the customer to nobody in plain."""
    stranger, head = chat(house, "rm02"), chat(house, "sup01")
    why = says(rules, aviary, "客户在柜台等着", "rm02", "sup01", "comp01")
    await stranger.says(f"紧急查看 {OWN}", hears="为了什么")
    await stranger.clicks("服务", hears="为什么现在就要看")
    await stranger.says(why, hears="请核对")
    await stranger.clicks("保存", hears="已开放到")
    link = (await stranger.hears(f"尾号{OWN[-4:]}")).link("详情")
    await head.hears("客户在柜台等着")
    wrong: list[Any] = []
    for path in ("", "/call", "/reveal"):
        _, page = await browse(house, "rm02", link + path)
        wrong += beyond(rules, aviary, "rm02", page, "page")
    for words in ("拜访", "推荐", "登记同意", "投诉"):
        await stranger.says(f"{words} {OWN}", hears="只能查看，不能办理")
    await chat(house, "comp01").passes(hours=25, hears="紧急查看待复核")
    return wrong


async def records_a_word(rm: Chat, name: str, evidence: str) -> None:
    """登记同意: where the paper lies is sealed, and comes back to nobody after the check before saving."""
    await rm.says(f"登记同意 {name}", hears="项目")
    answers = {"项目": "营销", "客户的意思": "撤回", "渠道": "网点书面"}
    await rm.clicks("下一步", hears="客户哪一天说的", choosing=answers)
    await rm.says("昨天", hears="凭证在哪里")
    await rm.says(evidence, hears="请核对")
    await rm.clicks("保存", hears="· 隐私")
    await rm.says(f"隐私 {name}", hears="· 隐私")


async def plainly(house: Any, aviary: Aviary, links: dict[str, str]) -> list[str]:
    """Number and address after a second verification: these two, to the one who keeps the customer."""
    _, dial = await browse(house, "rm01", links["rm01"] + "/call")
    assert kinds(aviary, dial) == {"name", "mobile", "staff_name"}  # the reader's own name is the watermark
    form = {"field": "address", "purpose": "服务", "reference": aviary.song("said", "nobody")}
    status, shown = await browse(house, "rm01", links["rm01"] + "/reveal", form)
    assert status == 200
    assert kinds(aviary, shown) == {"name", "address", "staff_name"}
    told = ""
    for userid in ("sup01", "cs01"):
        for path, sent in (("/call", None), ("/reveal", form)):
            told += (await browse(house, userid, links[userid] + path, sent))[1]
    here = f"http://127.0.0.1:{house.app.public_port}"
    async with aiohttp.ClientSession() as browser:
        for path in (f"/h5/{form['reference']}", f"/h5/card/x?name={form['reference']}", "/h5/oauth?code=1"):
            async with browser.get(here + path, allow_redirects=False) as answer:
                told += await answer.text()
    return list(aviary.heard_in(told))


def kinds(aviary: Aviary, text: str) -> set[str]:
    return {canary.kind for canary in aviary.heard_in(text).values()}


async def poison(house: Any, rm: Chat, name: str) -> None:
    """A customer whose data is broken, asked for, mended, and asked for again."""
    kept = await swap_address(house, BROKEN, GARBAGE)
    await rm.says(f"查 {name}", hears="这次没有办成，已通知管理员")
    await swap_address(house, BROKEN, kept)
    ((row, *_),) = await house.app.database.read(inbox.dead_letters)
    assert await house.app.database.do(lambda unit: inbox.requeue(unit, row, "数据已按备份恢复"))
    await rm.hears(name)


CELLS = ("name", "gender", "birth_date", "id_expiry", "mobile", "rm_userid", "unit_id", "kyc_due",
                  "marketing_consent", "frozen", "birth_lunar", "kyc_risk", "annual_income")  # fmt: skip


async def test_files_and_rows_from_other_systems(
    house: Any, log: io.StringIO, aviary: Aviary, bank: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Taken or refused: neither the answer, nor what is kept, nor the trail, nor the log holds a value."""
    report: list[str] = []
    for wrong in CELLS:
        report += await feed(house, changed(bank, tmp_path / f"bad-{wrong}", {wrong: aviary.song("bad", wrong)}))
    report += await feed(house, changed(bank, tmp_path / "good", {"name": "新" + aviary.song("name", OWN)}))
    assert kinds(aviary, "\n".join(report)) == {"bad"}  # the cell that is wrong, to who holds the file; no other
    assert aviary.heard_in("\n".join(await rows(house, aviary, bank))) == {}
    assert "".join(quiet(aviary, name, where) for name, where in rests(house, tmp_path)) == ""
    logged = log.getvalue() + "".join(capfd.readouterr())
    assert "ready" in logged
    assert aviary.heard_in(logged) == {}


def changed(bank: Path, folder: Path, changes: dict[str, str]) -> Path:
    """The customers again, the first of them changed."""
    folder.mkdir()
    rows = read(bank / "customers.csv")
    rows[0].update(changes)
    write(folder / "customers.csv", rows)
    return folder


async def feed(house: Any, folder: Path) -> list[str]:
    """What the import says."""
    return list((await imports(house, folder)).lines())


async def rows(house: Any, aviary: Aviary, bank: Path) -> list[str]:
    """Rows over the interface, good, bad in each cell, and broken; every answer, headers included."""
    grant = read_grant(["customers", "staff", "interactions"])
    key = await house.app.database.do(lambda unit: api_keys.add(unit, "核心系统", grant, 30))
    row = next(row for row in read(bank / "customers.csv") if row["customer_id"] == HERS)
    good = {name: value or None for name, value in row.items() if name != "customer_id"}
    bodies = [good | {wrong: aviary.song("bad", wrong)} for wrong in (*CELLS, "no_such_field")]
    texts = [json.dumps(body) for body in (good, *bodies)]
    texts += [texts[0][:-9], f'"{row["id_number"]}', f"[{row['mobile']}]"]
    base, told = f"http://127.0.0.1:{house.app.admin_port}/api/v1/", []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http:
        for number, text in enumerate(texts):
            headers = {"Content-Type": "application/json", "Idempotency-Key": f"k-{number}"}
            async with http.put(f"{base}customers/{HERS}", data=text.encode(), headers=headers) as answer:
                told.append(f"{answer.status} {answer.headers} {await answer.text()}")
        for path in (f"customers/{row['mobile']}/{row['name']}", f"nothing/{row['name']}", f"imports/{row['name']}"):
            async with http.put(base + path, data=texts[0].encode(), headers=headers) as answer:
                told.append(await answer.text())
        table = (bank / "customers.csv").read_bytes().replace(b",B01S01,", b",nowhere,")
        async with http.post(f"{base}imports/customers", data=table, headers={"Content-Type": "text/csv"}) as answer:
            told.append(await answer.text())
    assert told[0].startswith("200")
    assert {text[:3] for text in told[2 : len(texts)]} >= {"422"}
    return told


def test_a_canary_is_heard_through_every_disguise() -> None:
    """The ears of this file: raw bytes, escapes of JSON, of addresses, among digits."""
    aviary = Aviary()
    token, mobile = aviary.song("note", OWN), "19900001234"
    aviary.keep("mobile", OWN, mobile)
    for said in (f"王{token}", json.dumps(token), f"/h5?name={quote(token)}"):
        assert set(aviary.heard_in(said)) == {token}
    assert set(aviary.heard_in(b"\x00" + token.encode() + mobile.encode() + b"7")) == {token, mobile}
    assert aviary.heard_in(f"tel {mobile[:-1]}5") == {}
