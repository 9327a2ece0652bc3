"""What those who keep the house type: keys, labels, the audit trail; typed again until it says that it is done."""

import asyncio
import csv
import re
from pathlib import Path

from bot.verify_audit import Findings, verify
from simulator.timeline import Bubble
from tests.crash.operating import errand, typed
from tests.crash.people import words_of
from tests.crash.stage import Stage, customers_of

FEEDS = {
    "aum_daily": "customer_id,day,aum",
    "interactions": "interaction_id,customer_id,at,channel,direction,kind,by_userid,summary,satisfaction",
    "transactions": "txn_id,customer_id,booked_at,amount,kind,channel,counterparty,customer_initiated",
}
OFFICER, MAY_ANSWER = "comp01", "posts LIKE '%合规岗%' OR posts LIKE '%消保岗%'"
NUMBER = re.compile(r"S\d{6}-[0-9A-Z]{6}")


async def new_keys(stage: Stage, day: int) -> None:
    """Every cell anew under a new key; a change that broke off is gone on with."""
    await typed(stage, "keys.rotate", "已换下")


async def new_master_key(stage: Stage, day: int) -> None:
    """From now on every start is with the new file; whoever runs is started anew, as the command says."""
    file = stage.lives.folder / f"master{len(stage.master_keys)}.key"
    stage.master_keys.append(file)
    await errand(stage, "keys.master", file=str(file))
    await stage.lives.restarted()


async def labels(stage: Stage, day: int) -> None:
    """The day's data comes, then its labels; made once more in peace they are the same."""
    folder = stage.lives.folder / f"labels{stage.books.typed['labels.recompute']}"
    folder.mkdir()
    for name, header in FEEDS.items():
        (folder / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
    (folder / "holdings.csv").write_bytes((stage.bank / "holdings.csv").read_bytes())
    today = stage.sim.world.clock.iso()[:10]
    await typed(stage, "import", "holdings", folder=str(folder), as_of=today, max_bad="0", dry_run=False)
    await typed(stage, "labels.recompute", f"{today} 的标签已生效", as_of=None)
    await typed(stage, "labels.recompute", "，0 位有变化", as_of=None)


async def the_trail(stage: Stage, day: int) -> None:
    """Who saw a customer and what somebody did; and a file that says the same to who has nothing but the file."""
    await typed(stage, "audit.who", "共", customer="C00000001", since="", until="")
    await typed(stage, "audit.did", "共", userid="sup01", since="", until="")
    file = stage.lives.folder / "trail.ndjson"

    def forget_the_half() -> None:
        file.unlink(missing_ok=True)

    await typed(stage, "audit.export", "已导出", forget_the_half, file=str(file), since="", until="")
    [key] = await typed(stage, "audit.key", "")
    found = Findings()
    with file.open("rb") as lines:
        verify(lines, bytes.fromhex(key), None, found)
    assert found.said == []


async def a_verdict_again(stage: Stage, day: int) -> None:
    """What was decided on a sale comes out the same when it is made again."""
    customer = customers_of(stage.bank, "rm04")[0]
    card = await stage.person("rm04").says(f"适当性 {customer.number} {_deposit(stage.bank)} 5万", "编号")
    stage.books.talks["rm04", "suitability", "done"] += 1
    await typed(stage, "suitability.replay", "都一致", number=_number(card))


def _deposit(bank: Path) -> str:
    with (bank / "products.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "deposit" and not row["on_sale_until"]]
    return rows[0]["product_id"]


def _number(card: Bubble) -> str:
    found = NUMBER.search(words_of(card))
    assert found is not None
    return found[0]


async def broken_glass(stage: Stage, day: int) -> None:
    """紧急查看, known to a superior at once, taken back by the operator, looked at by compliance the next morning."""
    userid, superior = (("rm04", "sup01"), ("rm06", "sup03"))[stage.books.glasses % 2]
    person = stage.person(userid)
    await person.says("紧急查看 C00000001", "为了什么")
    await person.presses(person.heard[-1], "服务", "为什么现在就要看")
    await person.says("客户在柜台等着，客户经理休假联系不上", "请核对")
    await person.presses(person.heard[-1], "保存", "已开放到", "尾号0001")
    await stage.person(superior).hears("紧急查看")
    stage.books.talks[userid, "break_glass", "done"] += 1
    stage.books.glasses += 1
    [[number]] = stage.look("SELECT id FROM access WHERE state = 'agreed'")
    await errand(stage, "grant.revoke", number=number, reason="已接待完")
    stage.books.recorded.update({"access.glass_broken": 1, "access.revoked": 1, "access.revoked_why": 1})


async def glasses_are_looked_at(stage: Stage) -> None:
    """The next working morning, each once."""
    wanted = stage.books.glasses - stage.books.fired["glass.review"]
    if wanted:
        await stage.person("comp01").hears(*["紧急查看"] * wanted)
    stage.books.fired["glass.review"] += wanted


async def a_wish_runs_out(stage: Stage, day: int) -> None:
    """Something is asked for until five o'clock, and nobody gives their word."""
    admin = stage.person("secadmin01")
    await admin.presses(await admin.says("授权", "个人授权"), "新授权", "给哪位同事授权")
    card = await admin.says("邓婷", "授什么")
    await admin.chooses(card, {"授什么": "禁止"}, "下一步", "写明是哪一项")
    await admin.says("customer:search", "到什么时候为止")
    await admin.says("今天下午五点", "为什么授权")
    await admin.presses(await admin.says("临时顶班", "请核对"), "保存", "已提交")
    await stage.person("sec01").hears("请确认，一人决定即算数")
    stage.books.talks["secadmin01", "grant", "done"] += 1
    stage.books.wishes += 1


async def wishes_are_over(stage: Stage) -> None:
    """By the next day, each once; who asked hears it, and the other's card goes grey."""
    wanted = stage.books.wishes - stage.books.recorded["access.expired"]
    if wanted:
        await stage.person("secadmin01").hears(*["有效期内没有全部同意，已过期"] * wanted)
    stage.books.fired["approval.expire"] += wanted
    stage.books.recorded.update({"access.requested": wanted, "access.expired": wanted})


async def a_copy_is_asked_for(stage: Stage, day: int) -> None:
    """A customer wants to see what is held of them: on record, and everybody who may agree reads it."""
    officer = stage.person(OFFICER)
    customer = customers_of(stage.bank, "rm04")[3 + stage.books.requests]
    card = await officer.says(f"个人信息 {customer.number}", "谁要求")
    await officer.chooses(card, {"谁要求": "本人", "渠道": "网点"}, "下一步", "怎样核验的身份")
    card = await officer.says("核对身份证原件", "来函或工单编号")
    card = await officer.presses(card, "跳过", "请核对")
    await officer.presses(card, "保存", "已登记", "已提交")
    others = stage.look(
        f"SELECT userid FROM staff WHERE status = 'active' AND ({MAY_ANSWER}) AND userid <> '{OFFICER}'"
    )
    await asyncio.gather(*(stage.person(row[0]).hears("请审批，一人决定即算数") for row in others))
    stage.books.talks[OFFICER, "subject_request", "done"] += 1
    stage.books.todos[OFFICER, None, "cancelled"] += 1
    stage.books.recorded.update({"todo.created": 1, "todo.cancelled": 1})
    stage.books.requests += 1


async def copies_come_due(stage: Stage) -> None:
    """Twelve working days later whoever registered it is reminded, once, and has answered."""
    wanted = stage.books.requests - stage.books.fired["subject.remind"]
    if not wanted:
        return
    stage.advance(days=17)
    stage.weeks_on += 3
    officer = stage.person(OFFICER)
    for _ in range(wanted):
        await officer.hears("请在期限内答复客户")
    for card in officer.heard[-wanted:]:
        await officer.presses(card, "已答复客户", "已记下")
    stage.books.fired["subject.remind"] += wanted


async def a_picture(stage: Stage, day: int) -> None:
    """Charts of a customer come into the chat, once; the clicked card is shown anew in its place."""
    person, customer = stage.person("rm04"), customers_of(stage.bank, "rm04")[0]
    card = await person.says(f"查 {customer.name}", customer.name)
    await person.chooses(card, {"想看什么": "图（发到聊天）"}, "查看", '"image"')
    stage.books.renewed += 1


async def what_is_old(stage: Stage, day: int) -> None:
    """A contact of eleven years ago is found due, and goes once two people have agreed to it."""
    folder = stage.lives.folder / f"old{stage.books.typed['retention.report']}"
    folder.mkdir()
    old = f"OLD{folder.name},C00000001,2015-01-05T10:00:00+08:00,电话,out,回访,,,"
    (folder / "interactions.csv").write_text(f"{FEEDS['interactions']}\n{old}\n", encoding="utf-8")
    today = stage.sim.world.clock.iso()[:10]
    await typed(stage, "import", "interactions", folder=str(folder), as_of=today, max_bad="0", dry_run=False)
    await typed(stage, "retention.report", "--confirm", as_of="")
    officer, guard = stage.person("comp01"), stage.person("sec01")
    card = await officer.says("到期数据", "1 行数据到期")
    await officer.presses(card, "申请删除", "已提交，还没有生效")
    wish = await guard.hears("联系记录 1 行")
    await guard.presses(wish, "同意", "现在开始删除")
    await officer.hears("已同意")
    stage.advance(minutes=2)
    await asyncio.gather(*(person.hears("到期数据已删除") for person in (officer, guard)))
    stage.books.fired["approval.expire"] += 1  # tomorrow, when there is nothing left to end
    stage.books.recorded.update({"retention.requested": 1, "retention.agreed": 1})
    assert stage.count("interaction WHERE interaction_id LIKE 'OLD%'") == 0
