"""查: a customer's summary, found by whatever the RM remembers."""


async def test_the_rm_asks_for_a_customer(phone) -> None:
    rm = phone("rm01")
    await rm.says("查 王秀兰")
    card = await rm.hears("王秀兰")
    print(card.message)
