"""A complaint in few words: filing, the way to the decision, and the books behind it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import cases, schema
from storage.cases import Record
from tests.chats.talking import Chat

FILE, PERSON = schema.case_file.c, schema.case_person.c
PLAIN = {"性质": "投诉", "来源": "客户本人", "办理渠道": "营业现场"}
NO = {"涉及客户经理": "否", "五人以上群诉": "否", "资金或信息安全": "否"}


def chat(house: Any, userid: str, *, restless: bool = False) -> Chat:
    return Chat(house, house.phone(userid), restless)


async def file(
    who: Chat,
    line: str = "欧阳静 说理财到期没有人提醒",
    *,
    business: str = "自营理财",
    cause: str = "服务态度及质量",
    flags: dict[str, str] | None = None,
    **first: str,
) -> str:
    """The whole form of a complaint; the number it got. `first` answers other than PLAIN on the first card."""
    await who.says(f"投诉 {line}", hears="办理渠道")
    return await filled(who, business=business, cause=cause, flags=flags, **first)


async def filled(
    who: Chat,
    *,
    business: str = "自营理财",
    cause: str = "服务态度及质量",
    flags: dict[str, str] | None = None,
    **first: str,
) -> str:
    """The form from its second question on."""
    await who.clicks("下一步", hears="关于哪类业务", choosing={**PLAIN, **first})
    await who.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": business})
    await who.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": cause})
    await who.clicks("下一步", hears="请核对", choosing={**NO, **(flags or {})})
    return await saved(who)


async def saved(who: Chat) -> str:
    """保存, and the number."""
    await who.clicks("保存", hears="已登记")
    rows = await who.house.look(sa.select(FILE.id).order_by(FILE.opened_at.desc(), FILE.id.desc()))
    return str(rows[0][0])


async def propose(who: Chat, plan: str = "赔付并道歉", pay: str = "1000元") -> None:
    await who.clicks("提交方案", hears="打算怎么处理")
    await who.says(plan, hears="要赔付多少钱")
    await who.says(pay, hears="请核对")
    await who.clicks("保存", hears="已提交方案")


async def decide(who: Chat) -> None:
    await who.clicks("处理决定", hears="是谁的责任")
    await who.clicks("有责", hears="处理决定是什么")
    await who.says("赔付一千元并致歉", hears="根本原因")
    await who.says("到期提醒没有设", hears="请核对")
    await who.clicks("保存", hears="已处理决定")


async def inform(who: Chat) -> None:
    await who.clicks("告知", hears="怎么告知的")
    await who.clicks("电话", hears="告知了什么")
    await who.says("已把决定告诉客户", hears="请核对")
    await who.clicks("保存", hears="已告知")


async def confirm(who: Chat) -> None:
    await who.clicks("客户确认", hears="客户满意吗")
    await who.clicks("满意", hears="请核对")
    await who.clicks("保存", hears="已客户确认")


async def does(who: Chat, action: str, hears: str) -> Any:
    """An action of the drop-down."""
    return await who.clicks("办所选", hears=hears, choosing={"其他操作": action})


async def state(house: Any, case_id: str) -> str:
    return str((await house.look(sa.select(FILE.state).where(FILE.id == case_id)))[0][0])


async def case_of(house: Any, case_id: str) -> Any:
    return await house.app.database.read(lambda unit: cases.load_case(unit, case_id))


async def records(house: Any, case_id: str) -> list[Record]:
    return list(await house.app.database.read(lambda unit: cases.records(unit, case_id)))


async def part(house: Any, case_id: str, role: str) -> str | None:
    case = await case_of(house, case_id)
    return case.roles.get(role)


async def opened_at(house: Any, case_id: str) -> datetime:
    return (await house.look(sa.select(FILE.opened_at).where(FILE.id == case_id)))[0][0]  # type: ignore[no-any-return]


async def accepted(filer: Chat, handler: Chat, line: str = "欧阳静 说理财到期没有人提醒") -> str:
    """Filed and taken on."""
    number = await file(filer, line)
    await handler.hears("新的投诉请您处理")
    await handler.clicks("受理", hears="已受理")
    return number


async def goes_by(house: Any, **time: float) -> None:
    """Business time goes by for everybody, and all it brings has come."""
    await house.world.clock.advance(**time)
    await house.app.clock.reread()
    await house.settled()


async def is_now(house: Any, moment: datetime) -> None:
    """The business clock shows that moment, and all that is due by then has come."""
    await house.world.clock.set(moment.isoformat())
    await house.app.clock.reread()
    await house.settled()
