"""A message nobody can handle: one apology with a number, word to the operator, and everybody else goes on."""

import re

import sqlalchemy as sa

from storage import inbox, reasons, schema
from tests.chats.traces import trail

GARBAGE = b"\x01\x01" + bytes(40)
CUSTOMERS = schema.rows_of(schema.customer)
CUSTOMER = CUSTOMERS.c


async def test_broken_data_of_one_customer(house, phone) -> None:
    rm, neighbour, operator = phone("rm01"), phone("rm02"), phone("sysadmin01")
    kept = await swap_address(house, "C00000004", GARBAGE)
    await operator.marks()

    await rm.says("查 单雄信")
    apology = await rm.hears("这次没有办成，已通知管理员")
    number = re.search(r"编号 ([0-9A-F]{8})", apology.text)
    assert number is not None
    alert = await operator.hears(f"编号 {number[1]}")
    assert "rmbot inbox dead" in alert.text
    assert "单雄信" not in alert.text
    assert len([text for text in await rm.texts() if "没有办成" in text]) == 1

    await rm.says("查 王秀兰")
    await rm.hears("数据截至")
    await neighbour.says("查 欧阳静")
    await neighbour.hears("数据截至")

    ((row_id, person, kind, error, _),) = await house.app.database.read(inbox.dead_letters)
    assert (person, kind, error) == ("rm01", "said", "VaultError")
    await swap_address(house, "C00000004", kept)
    await rm.marks()
    assert await house.app.database.do(lambda unit: inbox.requeue(unit, row_id, "数据已按备份恢复"))
    await rm.hears("单雄信 · 客户号 C00000004")
    assert await house.app.database.read(inbox.dead_letters) == []
    ((requeued, _),) = await trail(house, "inbox.requeue")
    number = requeued["detail"]["why"]
    assert await house.app.database.read(lambda unit: reasons.told(unit, [number])) == {number: "数据已按备份恢复"}
    assert not await house.app.database.do(lambda unit: inbox.requeue(unit, row_id, "再来一次"))


async def swap_address(house, customer: str, cell: bytes) -> bytes:  # type: ignore[no-untyped-def]
    """Put another sealed cell in the place of one; returns what was there."""

    def swapped(unit):  # type: ignore[no-untyped-def]
        here = CUSTOMER.customer_id == customer
        before = unit.execute(sa.select(CUSTOMER.address).where(here)).scalar_one()
        unit.execute(CUSTOMERS.update().where(here).values(address=cell))
        return before

    return await house.app.database.do(swapped)
