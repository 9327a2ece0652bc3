"""Over real chats and pages: what each post hears of one customer holds no value beyond what the model says."""

from typing import Any

from tests.chats.complaining import chat
from tests.chats.conftest import *  # noqa: F403 - the stage of the chats
from tests.chats.paper import Paper
from tests.chats.traces import browse, messages
from tests.privacy import model

CUSTOMER = "C00000007"
READERS = {  # userid: post, how they stand to the customer
    "rm02": ("客户经理", "own_book"),
    "subhead01": ("支行行长", "in_scope"),
    "branch01": ("分行行长", "in_scope"),
    "cs01": ("客服坐席", "in_scope"),
    "aml01": ("反洗钱岗", "in_scope"),
    "risk01": ("风控专员", "in_scope"),
    "rm01": ("客户经理", None),
    "sysadmin01": ("系统管理员", None),
    "audit01": ("审计员", None),
}
PAGES = {
    "h5.static", "verify", "h5.card", "h5.call", "h5.oauth", "livez", "readyz", "callback.verify", "callback.receive",
    "h5.reveal.ask", "h5.reveal.begin", "h5.reveal", "h5.reveal.code", "h5.file", "h5.file.download",
    "h5.photos", "h5.photo",
}  # fmt: skip


def secrets(paper: Paper) -> dict[str, str]:
    """The values of the customer as they lie in the bank's file, by field."""
    row = paper.customers[CUSTOMER]
    return {"name": row["name"], "customer_number": CUSTOMER, "mobile": row["mobile"], "id_number": row["id_number"],
            "address": row["address"], "personal": row["occupation"]}  # fmt: skip


def beyond(told: str, paper: Paper, post: str, how: str | None, surface: str) -> list[str]:
    """The fields whose plain value was told although the model does not show them plainly."""
    purpose = next(iter(sorted(model.purposes(post), key=lambda each: each != "服务")))
    plain = {field for field in secrets(paper) if how and model.form(post, field, how, surface, "full_name", purpose)
             in ("plain", "wan")}  # fmt: skip
    return [field for field, value in secrets(paper).items() if value and value in told and field not in plain]


async def test_nobody_is_told_more_than_the_model_says(house: Any, bank: Any) -> None:
    paper, wrong = Paper(bank), []
    for userid, (post, how) in READERS.items():
        who = chat(house, userid)
        for words in (f"查 {CUSTOMER}", "待办", "我的", "案件", "帮助"):
            await who.says(words)
        await house.settled()
        cards = [bubble for bubble in await who.phone.bubbles() if bubble.card and "详情" in bubble.buttons]
        wrong += [
            (userid, field) for field in beyond("".join(await messages(house, userid)), paper, post, how, "wecom")
        ]
        assert bool(cards) is (how is not None), userid
        if cards:
            status, page = await browse(house, userid, cards[-1].link("详情"))
            assert status == 200
            wrong += [(userid, field) for field in beyond(page, paper, post, how, "page")]
            assert (secrets(paper)["name"] in page) is (how == "own_book")
    assert wrong == []


async def test_every_page_stands_in_the_table(house: Any) -> None:
    """A new page fails here until somebody has thought about who may see it."""
    made = house.app._public()
    named = {route.name for route in made.router.routes() if route.name}
    assert named == PAGES
