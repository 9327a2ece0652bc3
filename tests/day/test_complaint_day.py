"""The founding example on the phone page: an agent files, the RM handles, a department helps, the supervisor decides,
and after 24 hours the branch president has a card and a text message.
"""

import os
import re
from pathlib import Path

import sqlalchemy as sa
from playwright.async_api import expect

from storage import schema
from tests.chats.conftest import House
from tests.day.player import Player, Table

PICTURES = os.environ.get("COMPLAINT_PICTURES")
"""A folder to leave the pictures of the README in; nothing is kept without it."""

FLAT = "* { box-shadow: none !important }"  # soft shadows are many of a picture's bytes
STORY = "说理财到期没有人提醒，要求补偿七天的利息"
PLAN = "按活期利率补偿七天利息，客户经理当面致歉，以后到期前三天短信提醒"


async def test_a_complaint_of_a_good_customer(table: Table, house: House) -> None:
    agent = await table.adds("cs01")
    rm = table.player("rm02")
    case = await the_agent_files(agent)
    supervisor = await table.changes(table.player("rm01"), "sup01")
    await the_rm_is_called_and_the_supervisor_copied(rm, supervisor, case)
    await the_rm_asks_a_department(rm)
    department = await table.changes(agent, "prod01")
    await the_department_answers(department, rm)
    await the_rm_proposes(rm)
    await the_supervisor_decides(supervisor, rm)
    await keep(table, "complaint")
    await a_day_later_the_president_knows(table, department, house, case)
    agent = await table.changes(table.player("branch01"), "cs01")
    await the_rm_brings_it_to_an_end(rm)
    await everybody_sees_the_same_end(agent, supervisor, case)
    await house.settled()
    await house.books_are_whole()
    files = await house.look(sa.select(schema.case_file.c.id, schema.case_file.c.state))
    assert files == [(case, "closed")]


async def the_agent_files(agent: Player) -> str:
    """One line says who and what; the rest is picked."""
    await agent.taps_hint("投诉 欧阳静 说理财到期没有人提醒", sees="办理渠道")
    await agent.picks("办理渠道", "电子渠道")
    await agent.presses("下一步", sees="关于哪类业务？")
    await agent.ticks("自营理财")
    await agent.presses("下一步", sees="为什么不满意？")
    await agent.ticks("服务态度及质量")
    await agent.presses("下一步", sees="涉及客户经理")
    await agent.presses("下一步", sees="请核对，没问题就保存")
    await agent.drops_down("要改哪一项", "事由")
    await agent.presses("改这一项", sees="发生了什么，客户要求什么？")
    checked = await agent.says(STORY, sees="请核对，没问题就保存")
    await expect(checked).to_contain_text("欧*静")
    filed = await agent.presses("保存", sees="已登记，编号")
    found = re.search(r"C\d{9}", await filed.inner_text())
    assert found is not None
    return found[0]


async def the_rm_is_called_and_the_supervisor_copied(rm: Player, supervisor: Player, case: str) -> None:
    called = await rm.sees("新的投诉请您处理：自营理财，服务态度及质量（S3）")
    for words in (case, "欧阳静 · 客户号 C00000007", STORY, "高净值"):
        await expect(called).to_contain_text(words)
    copied = await supervisor.sees("抄送：新的投诉")
    await expect(copied).to_contain_text("欧*静")
    await rm.presses("受理", sees="已受理")


async def the_rm_asks_a_department(rm: Player) -> None:
    await rm.presses("联系客户", sees="怎么联系的？")
    await rm.presses("电话", sees="谈了什么？")
    await rm.says("客户情绪平复，同意等方案", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已联系客户")
    await rm.drops_down("其他操作", "协办")
    await rm.presses("办所选", sees="请哪些部门协办？")
    await rm.ticks("产品")
    await rm.presses("下一步", sees="请他们做什么？")
    await rm.says("请核实到期提醒的规则", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已协办")


async def the_department_answers(department: Player, rm: Player) -> None:
    asked = await department.sees("产品协办")
    await expect(asked).to_contain_text("请核实到期提醒的规则")
    await department.presses("答复", sees="协办的结果？")
    await department.says("规则里没有覆盖这类产品，已补上", sees="有照片吗？")
    await department.says("跳过", sees="请核对，没问题就保存")
    await department.presses("保存", sees="已答复")
    await rm.sees("各部门的协办都已答复")


async def the_rm_proposes(rm: Player) -> None:
    await rm.presses("提交方案", sees="打算怎么处理？")
    await rm.says(PLAN, sees="要赔付多少钱？")
    await rm.says("三千二百元", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已提交方案")


async def the_supervisor_decides(supervisor: Player, rm: Player) -> None:
    asked = await supervisor.sees("请审批处理方案")
    await expect(asked).to_contain_text("由刘芳提请")
    await supervisor.presses("同意", sees="已同意")
    await rm.sees("方案已同意，请作出处理决定")


async def a_day_later_the_president_knows(table: Table, player: Player, house: House, case: str) -> None:
    """24 hours after filing, open still: a card at once, and a text message with the number and nothing else."""
    await table.tool("+1天")
    president = await table.changes(player, "branch01")
    warned = await president.sees("高净值客户的投诉超过 24 小时没有关闭（S3）")
    await expect(warned).to_contain_text(case)
    await table.tool("短信")
    text = table.page.get_by_text(f"案件 {case} 已升级：分行行长，请登录企业微信查看")
    await expect(text).to_be_visible()
    await keep(table, "escalation")
    await table.page.keyboard.press("Escape")
    assert [sms["mobile"] for sms in await house.world.sms()] == ["19999000002"]


async def the_rm_brings_it_to_an_end(rm: Player) -> None:
    await rm.says("案件 欧阳静", sees="方案已同意")
    await rm.presses("处理决定", sees="是谁的责任？")
    await rm.presses("部分", sees="处理决定是什么？")
    await rm.says("补偿三千二百元并致歉", sees="根本原因和整改？")
    await rm.says("跳过", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已处理决定")
    await rm.presses("告知", sees="怎么告知的？")
    await rm.presses("电话", sees="告知了什么？")
    await rm.says("电话告知，客户接受", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已告知")
    await rm.presses("客户确认", sees="客户满意吗？")
    await rm.presses("满意", sees="请核对，没问题就保存")
    await rm.presses("保存", sees="已客户确认")


async def everybody_sees_the_same_end(agent: Player, supervisor: Player, case: str) -> None:
    await agent.sees("客户已确认，案件关闭")
    await supervisor.says(f"案件 {case}", sees="已关闭")
    await supervisor.presses("经过", sees="（2/2）")
    for words in (
        "法定期限：15 日（自然日",
        "许志强 同意",
        PLAN,
        "规则里没有覆盖这类产品",
        "超时提醒（重要客户升级·分行行长）：高建国",
    ):
        await expect(supervisor.answers.filter(has_text="/2）").filter(has_text=words)).to_have_count(1)


async def keep(table: Table, name: str) -> None:
    if PICTURES:
        await table.page.wait_for_timeout(600)
        await table.page.screenshot(path=Path(PICTURES) / f"{name}.png", style=FLAT)
