"""What goes wrong besides dying: refusals, silence, poison, killers, operators at work; each with its expected end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import aiohttp
from yarl import URL

from simulator.faults import Failure
from simulator.reading import link_of
from tests.crash.keeping import (
    a_copy_is_asked_for,
    a_picture,
    a_verdict_again,
    a_wish_runs_out,
    broken_glass,
    labels,
    new_keys,
    new_master_key,
    the_trail,
    what_is_old,
)
from tests.crash.lives import until
from tests.crash.operating import another_system, errand, opened, typed
from tests.crash.people import PATIENCE, Person, mark_unlicensed
from tests.crash.points import NOTED_ALONE, name_of
from tests.crash.staffing import out_and_in, stopped, who_decides_leaves
from tests.crash.stage import AWAY, KILLERS, UNREACHED, Stage, customers_of

OPERATOR = "sysadmin01"
SEND, UPDATE = "message/send", "message/update_template_card"
USED_UP, BUSY = 60140, -1
AGAIN = 4
BY_TOMORROW = {"answers.forget", "timer.glass.review", "timer.approval.expire", "timer.subject.remind"}
"""What a trouble shows only when its day is over."""


async def send_fails_once(stage: Stage, day: int) -> None:
    """WeCom is busy: the message comes a little later."""
    stage.sim.world.failures.add(Failure(SEND, "errcode", BUSY))
    await stage.person("sup01").says("我的", "许志强")
    await stage.settled()
    stage.sim.world.failures.clear()


async def nobody_knows(stage: Stage, day: int) -> None:
    """No usable answer for too long: the operator decides to send again."""
    person = stage.person("sup01")
    stage.sim.world.failures.add(Failure(SEND, "http", 500, times=10_000))
    await person.says("我的")
    stage.lives.hours_passed.touch()
    await until(lambda: stage.count("outbox WHERE state = 'ambiguous'") == 1, "the message is ambiguous", PATIENCE)
    stage.lives.hours_passed.unlink()
    stage.sim.world.failures.clear()
    number = stage.look("SELECT id FROM outbox WHERE state = 'ambiguous'")[0][0]
    await errand(stage, "outbox.resolve", number=number, resend=True, reason="问过本人，没有收到")
    stage.books.recorded["outbox.resolve"] += 1
    await person.hears("许志强")


async def code_is_spent(stage: Stage, day: int) -> None:
    """A clicked card that takes no update: redrawn all the same on a second try, or said in words; never both."""
    person = stage.person("pb01")
    card = await person.says("我的", "萧雅文")
    await stage.settled()
    stage.sim.world.failures.add(Failure(UPDATE, "errcode", USED_UP))
    key = next(b["key"] for b in card.state.card["button_list"] if b["text"] == "我的待办")  # type: ignore[union-attr]
    await _asked(person, lambda: person.phone.press(card, key, {}), "没有未完成的待办")
    await stage.settled()
    stage.sim.world.failures.clear()
    said = len(person.heard) - len(person.expected)
    if said:
        await person.hears("〔")
    faulted = any(call.fault and call.path == UPDATE for call in stage.sim.world.ledger.calls)
    assert len(card.updates) + said == 1 or (faulted and not card.updates and not said), "a click was answered twice"


async def old_code_is_spent(stage: Stage, day: int) -> None:
    """A question nobody clicked that takes no update any more: there is nothing to say about it."""
    person = stage.person("pb01")
    await person.says("拜访", "哪位客户")
    await stage.settled()
    stage.sim.world.failures.add(Failure(UPDATE, "errcode", USED_UP))
    await person.says("取消", "已取消")
    stage.books.talks["pb01", "visit", "cancelled"] += 1
    await stage.settled()
    stage.sim.world.failures.clear()


async def nobody_is_there(stage: Stage, day: int) -> None:
    """Written to somebody without a licence: dead at once, and known to be."""
    mark_unlicensed(stage.sim, UNREACHED)
    await stage.person(UNREACHED).says("我的")
    stage.books.ends["dead"] += 1
    await stage.settled()


async def poison(stage: Stage, day: int) -> None:
    """A message that nobody can handle: an apology, a word to the operator, and another life once that is repaired."""
    person, operator = stage.person("subhead01"), stage.person(OPERATOR)
    await person.says(f"毒药{day}", "没有办成")
    await operator.hears("死信")
    number = stage.look("SELECT max(id) FROM inbox WHERE state = 'dead' AND person = 'subhead01'")[0][0]
    await errand(stage, "inbox.requeue", number=number, reason="原因已排除")
    stage.books.recorded.update({"update.dead": 1, "inbox.requeue": 1})
    await person.hears("没看懂")


async def killer(stage: Stage, day: int) -> None:
    """A message that takes its process down each time: it ends dead with one apology, its neighbours are served."""
    person = stage.person(KILLERS)
    neighbours = [stage.person("cs01"), stage.person("cs02")]
    person.phone.say(f"杀手{day}")
    await asyncio.gather(*(neighbour.says("我的", "客服坐席") for neighbour in neighbours))
    await person.hears("没有办成")
    await stage.person(OPERATOR).hears("死信")
    stage.books.dead[KILLERS] += 1
    stage.books.recorded["update.dead"] += 1


async def an_import(stage: Stage, day: int) -> None:
    """A feed file through the running service, again until it says that it is done."""
    stage.books.imported += 1
    number = stage.books.imported
    folder = stage.lives.folder / f"feed{number}"
    folder.mkdir()
    header = "customer_id,level,assessed_on,valid_until,channel,regime"
    assessed = date(2026, 1, 1) + timedelta(days=number)
    row = f"C00000001,C2,{assessed},{assessed + timedelta(days=365)},重启柜面,bank"
    (folder / "risk_assessments.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    day_now = stage.sim.world.clock.iso()[:10]
    await errand(stage, "import", folder=str(folder), as_of=day_now, max_bad="0", dry_run=False)


async def a_notice(stage: Stage, day: int) -> None:
    """Of a day off, and of other hours, for a department that has nothing to do with this story. Both replace what the
    last one said, which is a draft."""
    number = len(stage.books.notices)
    off, hours = str(date(2028, 1, 1) + timedelta(days=number)), f"09:00-12:{number:02}"
    stage.books.notices.append((off, hours))
    file = stage.lives.folder / "notice.csv"
    file.write_text(f"day,workday,name,unit_id\n{off},0,停业,{AWAY}\n", encoding="utf-8")
    await errand(stage, "calendar.import", file=str(file), confirm=False)
    await errand(stage, "calendar.hours", ranges=hours, unit=AWAY)


async def a_page(stage: Stage, day: int) -> None:
    """The page behind a card, signed in through WeCom, asked for until it opens."""
    person = stage.person("rm04")
    customer = customers_of(stage.bank, "rm04")[0]
    link = link_of((await person.says(f"查 {customer.name}", customer.name)).json(), "")
    assert link is not None
    address = URL(f"{stage.sim.url}/_sim/v1/open").with_query(sim_user="rm04", url=link)
    await opened(lambda: _visit(str(address), customer.name), "the page opens")


async def a_list(stage: Stage, day: int) -> None:
    """One file, told once, whoever died while it was made; it says whose it was."""
    person = stage.person("rm04")
    card = await person.says("导出 客户 CSV", "为了什么")
    await person.presses(card, "服务", "写明编号或理由")
    card = await person.says("重启盘点 2026-118", "要手机号明文吗")
    card = await person.presses(card, "否，脱敏", "行数")
    ready = await person.presses(card, "确认导出", "正在生成", "文件做好了")
    stage.books.talks["rm04", "export_plain", "done"] += 1
    stage.books.lists += 1
    lines = ready.state.card["horizontal_content_list"]  # type: ignore[union-attr]
    copy = next(line["value"] for line in lines if line["keyname"] == "副本号")
    await typed(stage, "export.trace", "邓婷（rm04", copies=[copy])


async def health(stage: Stage, day: int) -> None:
    for replica in stage.lives.replicas.values():
        url = f"http://127.0.0.1:{replica.admin_port}/readyz"
        await opened(partial(_visit, url, ""), "ready")


async def _asked(person: Person, act: Callable[[], Any], *answers: str) -> None:
    await person.acknowledged(act())
    await person.hears(*answers)


async def _visit(address: str, name: str) -> bool:
    """One browser, one look."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser, browser.get(address) as page:
        return page.status == 200 and name in await page.text()


Trouble = Callable[[Stage, int], Awaitable[None]]
TROUBLES: Mapping[Trouble, tuple[str, ...]] = {
    send_fails_once: ("outbox.later", "outbox.wake"),
    nobody_knows: ("outbox.ambiguous", "outbox.resolve", "outbox.doubt"),
    code_is_spent: ("outbox.fallback",),
    old_code_is_spent: ("outbox.superseded",),
    nobody_is_there: ("outbox.dead",),
    poison: ("inbox.requeue",),
    killer: (NOTED_ALONE, "inbox.killer"),
    an_import: ("import.*",),
    a_notice: ("calendar.import", "calendar.hours", "timer.case.reckon"),
    a_page: ("page", "sign_in.begin", "sign_in.returned", "sign_in.finish", "auth/getuserinfo"),
    another_system: (
        "api.admit",
        "api.begin",
        "api.close",
        "api.feeds",
        "api.hold",
        "api.import",
        "api.keys.add",
        "api.keys.revoke",
        "api.put",
        "api.refused",
        "answers.forget",
    ),
    a_list: ("file.claim", "file.part", "file.end", "file.sweep", "export.read", "export.trace"),
    health: ("readyz",),
    new_keys: ("keys.begin", "keys.reseal", "keys.retire"),
    new_master_key: ("keys.rewrap",),
    labels: ("labels", "labels.claim", "labels.publish"),
    the_trail: ("audit.who", "audit.did", "audit.export"),
    a_verdict_again: ("suitability.replay",),
    what_is_old: ("retention.report", "retention.apply", "retention.done"),
    broken_glass: ("grant.revoke", "timer.glass.review"),
    a_copy_is_asked_for: ("timer.subject.remind",),
    a_wish_runs_out: ("timer.approval.expire",),
    a_picture: ("outbox.drawn", "media/upload"),
    stopped: ("staff.post", "staff.leave", "staff.follow"),
    who_decides_leaves: ("timer.approval.pass_on",),
    out_and_in: ("inbox.left", "inbox.joined"),
}
"""Each trouble with what it alone makes the bot do."""


async def troubles(stage: Stage, day: int) -> None:
    """Each that shows a point of this story, and again while what it alone can show was not shown often enough."""
    for trouble, reaches in TROUBLES.items():
        shows = {point for point in stage.lives.wanted if name_of(point) in reaches}
        for _ in range(AGAIN if shows else 0):
            await trouble(stage, day)
            await stage.settled()
            if all(name_of(point) in BY_TOMORROW for point in shows & set(stage.lives.missing)):
                break
