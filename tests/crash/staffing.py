"""People leave, come back and lose a post, by the command line, by WeCom and by night; each is noticed once."""

from dataclasses import replace
from datetime import timedelta

from tests.crash.branch import LEADER_OF_LEAVERS, leaver, pair
from tests.crash.lives import until
from tests.crash.operating import errand
from tests.crash.people import PATIENCE
from tests.crash.stage import Stage

SECURITY = "secadmin01"
WALKER, WALKERS_LEADER = "adv02", "branch02"
DISABLED = "cp02"
GONE, REDUCED = "已离职或停用", "的岗位或机构已变"
BY_NIGHT = ("staff.sweep", "staff.gone", "staff.back", "user/get")


async def stopped(stage: Stage, day: int) -> None:
    """First one post of two, then altogether; who must know hears of it once."""
    person = leaver(len(stage.books.left))
    stage.books.left.append(person)
    security = stage.person(SECURITY)
    await errand(stage, "staff.post", person=person, post="催收岗", reason="资格过期")
    await security.hears(f"{person}）{REDUCED}")
    await errand(stage, "staff.leave", person=person, reason="离职")
    await stage.person(LEADER_OF_LEAVERS).hears(f"{person}）{GONE}")
    await security.hears(f"{person}）{GONE}")
    stage.books.recorded.update({"staff.post_taken": 1, "staff.reduced": 1, "staff.stopped": 1, "staff.left": 1})


async def who_decides_leaves(stage: Stage, day: int) -> None:
    """What waited for somebody's word goes on to the next superior, once; who asked takes it back."""
    userid, superior = pair(len(stage.books.passed_on))
    stage.books.passed_on.append(superior)
    asker, above = stage.person(userid), stage.person(LEADER_OF_LEAVERS)
    card = await asker.says("导出 客户 CSV", "为了什么")
    await asker.presses(card, "服务", "写明编号或理由")
    card = await asker.says("重启盘点 2026-118", "要手机号明文吗")
    card = await asker.presses(card, "是，要明文", "行数")
    await asker.presses(card, "提交审批", "导出客户清单")
    await stage.person(superior).hears("导出客户清单")
    await errand(stage, "staff.leave", person=superior, reason="离职")
    await above.hears_in_any_order([f"{superior}）{GONE}", "导出客户清单"])
    await stage.person(SECURITY).hears(f"{superior}）{GONE}")
    await asker.presses(await asker.hears("导出客户清单"), "撤回", "已撤回")
    stage.books.talks[userid, "export_plain", "done"] += 1
    stage.books.fired["approval.pass_on"] += 1
    stage.books.recorded.update({"staff.stopped": 1, "staff.left": 1})


async def what_was_passed_on_is_long_over(stage: Stage) -> None:
    """Three days later its end finds nothing to do, as those of agreed reports did."""
    if not stage.books.passed_on:
        return
    if stage.count("timer WHERE kind = 'approval.expire' AND state = 'armed'"):
        stage.advance(days=3)
        stage.weeks_on += 1
    await until(lambda: not stage.count("timer WHERE state = 'armed'"), "no timer left", PATIENCE)
    agreed = stage.books.recorded["retention.agreed"]
    stage.books.fired["approval.expire"] = len(stage.books.passed_on) + stage.books.wishes + agreed


async def out_and_in(stage: Stage, day: int) -> None:
    """WeCom says that somebody is out, and that they are back."""
    await _walks_out(stage)
    await _walks_in(stage, WALKER)


async def _walks_out(stage: Stage) -> None:
    await stage.person(WALKER).causes("unsubscribe")
    await _is_missed(stage, WALKER)


async def _is_missed(stage: Stage, userid: str) -> None:
    await stage.person(WALKERS_LEADER).hears(f"{userid}）{GONE}")
    await stage.person(SECURITY).hears(f"{userid}）{GONE}")
    stage.books.recorded.update({"staff.stopped": 1, "staff.left": 1})


async def _walks_in(stage: Stage, userid: str) -> None:
    person, today = stage.person(userid), stage.sim.world.clock.iso()[:10]
    await person.causes("subscribe")
    await _is_back(stage)
    if (userid, today) not in stage.books.greeted:
        stage.books.greeted.add((userid, today))
        await person.hears("您好")


async def _is_back(stage: Stage) -> None:
    stage.books.recorded.update({"staff.brought_back": 1, "staff.returned": 1})
    back = stage.books.recorded["staff.returned"]
    await until(lambda: stage.recorded("staff.returned") == back, "somebody is back", PATIENCE)


async def the_night(stage: Stage) -> None:
    """Whom WeCom has disabled is out by morning, and whom it has again is back; word of neither had come."""
    if not any(point.endswith(BY_NIGHT) for point in stage.lives.missing):
        return
    clock, directory = stage.sim.world.clock, stage.sim.world.directory
    await _walks_out(stage)
    gone = replace(directory.members[DISABLED], status=2)
    stage.sim.world.directory = replace(directory, members={**directory.members, DISABLED: gone})
    clock.set((clock.now() + timedelta(days=1)).replace(hour=2, minute=30))
    await _is_missed(stage, DISABLED)
    await _is_back(stage)
    await stage.settled()
    stage.sim.world.directory = replace(stage.sim.world.directory, members=directory.members)
    await _walks_in(stage, DISABLED)
