"""Who looks at customers by night is read about by security the next morning, once."""

from datetime import datetime

from bot.clock import SHANGHAI
from tests.chats.complaining import chat, is_now
from tests.chats.traces import trail


async def test_security_hears_of_it_once(house) -> None:
    rm, security = chat(house, "rm01"), chat(house, "secadmin01")
    await is_now(house, datetime(2026, 11, 23, 22, 30, tzinfo=SHANGHAI))
    for number in range(1, 5):
        await rm.says(f"查 C0000000{number}", hears="数据截至")
    await is_now(house, datetime(2026, 11, 24, 6, 59, tzinfo=SHANGHAI))
    assert "异常" not in await security.log()
    await is_now(house, datetime(2026, 11, 24, 7, 1, tzinfo=SHANGHAI))
    await security.phone.hears("11月23日查看客户有异常")
    await house.restart()
    await is_now(house, datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI))
    told = [line for line in (await security.log()).splitlines() if "李明（rm01）" in line]
    assert told == ["1. 李明（rm01）夜间看客户：4 位，每天限 3 位"]
    ((record, subjects),) = await trail(house, "reading.abnormal")
    assert record["detail"] == {"found": [{"actor": "rm01", "customers": 4, "what": "night"}]}
    assert subjects == []
