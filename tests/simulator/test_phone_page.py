"""The phone page in a real browser: a person types, presses and chooses; a small application answers for real."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from simulator import crypto, samples
from simulator.app import Running
from simulator.client import World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium：apt install chromium")
PATIENCE = 20_000  # milliseconds; for what a busy machine takes
expect.set_options(timeout=PATIENCE)
Json = dict[str, Any]
LINK = {"type": 1, "url": "http://127.0.0.1:9/h5/customer"}


def options(*words: str) -> list[Json]:
    return [{"id": f"o{n}", "text": word} for n, word in enumerate(words)]


def question(key: str, title: str, *words: str) -> Json:
    return {"question_key": key, "title": title, "option_list": options(*words)}


CARDS: dict[str, Json] = {
    "摘要": {
        "card_type": "button_interaction",
        "source": {"desc": "客户摘要 · 数据截至 11月20日", "desc_color": 3},
        "action_menu": {"desc": "更多操作", "action_list": [{"text": "稍后提醒", "key": "snooze"}]},
        "main_title": {"title": "示例·王秀兰", "desc": "金卡 · 示例支行 · 自己名下"},
        "quote_area": {"type": 1, "url": LINK["url"], "title": "建议", "quote_text": "理财 20 万将于 11月30日 到期，先问续期意向。"},
        "horizontal_content_list": [
            {"keyname": "资产", "value": "86.4 万（30 天 +3.1 万）"},
            {"keyname": "风险等级", "value": "C3，有效至 2027-03-01"},
            {"keyname": "客户档案", "value": "打开", **LINK},
            {"keyname": "经办", "value": "示例·李四", "type": 3, "userid": "rm02"},
        ],
        "button_selection": question("dimension", "再看", "持仓", "交易", "联系记录"),
        "button_list": [
            {"text": "记拜访", "style": 1, "key": "visit"}, {"text": "打开档案", "style": 2, "type": 1, "url": LINK["url"]},
            {"text": "投诉", "style": 3, "key": "complain"}, {"text": "不再提示", "style": 4, "key": "mute"},
        ],
    },
    "登记": {
        "card_type": "multiple_interaction",
        "main_title": {"title": "拜访登记", "desc": "示例·王秀兰"},
        "select_list": [
            question("way", "方式", "电话", "上门", "到访"),
            question("result", "结果", "接通", "未接通"),
            question("next", "下次联系", "三天后", "一周后", "不用"),
        ],
        "submit_button": {"text": "提交", "key": "submit"},
    },
    "投票": {
        "card_type": "vote_interaction",
        "main_title": {"title": "客户关心什么", "desc": "可以多选"},
        "checkbox": {"question_key": "topic", "mode": 1, "option_list": [
            {**option, "is_checked": False} for option in options("理财续期", "存款利率", "基金定投", "保险")]},
        "submit_button": {"text": "选好了", "key": "chosen"},
    },
    "通知": {
        "card_type": "text_notice",
        "source": {"desc": "待办提醒"},
        "main_title": {"title": "今日到期", "desc": "3 位客户有产品到期"},
        "emphasis_content": {"title": "128.6 万", "desc": "今日到期金额"},
        "sub_title_text": "先联系金额最大的两位。",
        "jump_list": [{**LINK, "title": "看全部"}],
        "card_action": LINK,
    },
    "图文": {
        "card_type": "news_notice",
        "source": {"desc": "活动", "desc_color": 2},
        "main_title": {"title": "客户沙龙", "desc": "周五下午三点"},
        "card_image": {"url": "https://example.com/a.png", "aspect_ratio": 2.25},
        "vertical_content_list": [{"title": "地点", "desc": "示例支行二楼"}, {"title": "名额", "desc": "每人两位"}],
        "card_action": LINK,
    },
}  # fmt: skip
TRICK = (
    '<a href="http://127.0.0.1:9/h5/a">看档案</a><img src=x onerror=alert(1)><a href="javascript:alert(2)">坏链接</a>'
)
MARKDOWN = '## 今日小结\n> 三位客户\n**王秀兰** <font color="warning">今天到期</font>\n[打开](http://127.0.0.1:9/)'
GREY = '<div class="gray">11月</div>本月 12 次拜访'
OTHERS: dict[str, tuple[str, Json]] = {
    "链接": ("text", {"content": TRICK}),
    "标记": ("markdown", {"content": MARKDOWN}),
    "文卡": ("textcard", {"title": "月报", "description": GREY, "url": LINK["url"], "btntxt": "打开"}),
}  # fmt: skip


class Bot:
    """Answers a text by the card or message of that name, and a press by greying the card."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.count = 0
        self.delay = 0.0
        self.free = asyncio.Event()
        self.free.set()
        self.jobs: set[asyncio.Task[None]] = set()

    async def take(self, request: web.Request) -> web.Response:
        envelope = await request.text()
        config = self.app.config
        xml = crypto.decrypt(_field(envelope, "Encrypt"), config.aes_key, config.corp_id).decode()
        job = asyncio.create_task(self.answer(xml))
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)
        return web.Response()

    async def answer(self, xml: str) -> None:
        await asyncio.sleep(self.delay)
        await self.free.wait()
        person, kind = _field(xml, "FromUserName").lower(), _field(xml, "MsgType")
        if kind == "text":
            await self.say(person, _field(xml, "Content"))
        elif _field(xml, "Event") == "template_card_event":
            chosen = "、".join(re.findall(r"<OptionId><!\[CDATA\[(.*?)\]\]>", xml))
            words = f"{_field(xml, 'EventKey')} {chosen}".strip()
            await self.app.update(_field(xml, "ResponseCode"), [person], button={"replace_name": words})
        elif _field(xml, "Event") == "click":
            await self.app.text(f"菜单 {_field(xml, 'EventKey')}", person)
        elif kind != "event":
            await self.app.text(f"收到{kind}", person)

    async def say(self, person: str, words: str) -> None:
        self.count += 1
        if words in CARDS:
            sent = await self.app.card({**CARDS[words], "task_id": f"t-{self.count}"}, person)
        elif words in OTHERS:
            sent = await self.app.send(*OTHERS[words], person)
        elif words == "图片":
            media = await self.app.upload("image", samples.picture(), "a.png")
            sent = await self.app.send("image", {"media_id": media["media_id"]}, person)
        else:
            sent = await self.app.text(f"你说：{words}", person)
        assert sent["errcode"] == 0, sent


def _field(xml: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", xml, re.DOTALL)
    return found[1] if found else ""


MENU = {"button": [
    {"type": "click", "name": "今日待办", "key": "TODAY"},
    {"name": "客户", "sub_button": [{"type": "click", "name": "到期提醒", "key": "DUE"}]},
]}  # fmt: skip


@pytest.fixture
async def bot(app: Any, world: World) -> AsyncIterator[Bot]:
    """An application with a menu, connected as the callback of the world."""
    bot = Bot(app)
    server = web.Application()
    server.router.add_post("/wecom/callback", bot.take)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await world.app(callback_url=f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback")
    await app.post("menu/create", MENU, agentid=str(app.config.agent_id))
    yield bot
    await runner.cleanup()
    await asyncio.gather(*bot.jobs)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


@pytest.fixture
async def visit(browser: Browser, running: Running, bot: Bot) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens the page; at the end nothing may stand in the console (a CSP violation would)."""
    complaints: list[str] = []

    async def opened(
        width: int = 1280, height: int = 860, at: str = "", before: Callable[[Page], Awaitable[None]] | None = None
    ) -> Page:
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before is not None:
            await before(page)
        await page.goto(f"{running.url}/{at}")
        return page

    yield opened
    assert complaints == []


async def say(phone: Locator, words: str) -> None:
    await phone.get_by_placeholder("发消息…").fill(words)
    await phone.get_by_role("button", name="发送", exact=True).click()


def phone_of(page: Page, userid: str) -> Locator:
    return page.get_by_test_id(f"phone-{userid}")


async def people_come_and_go(page: Page, app: Any) -> None:
    """News for somebody without a phone is counted, and opens that phone; others are found by name."""
    await app.text("请审批", "mgr01")
    await page.get_by_role("button", name="打开 示例·王五 的手机，1 条未读").click()
    await expect(phone_of(page, "mgr01").get_by_text("请审批")).to_be_visible()
    assert page.url.endswith("#rm01,rm02,mgr01")
    await page.get_by_role("button", name="收起手机 rm02").click()
    await expect(phone_of(page, "rm02")).to_have_count(0)
    await page.get_by_role("button", name="添加手机").click()
    await page.get_by_label("搜索成员").fill("李四")
    await page.get_by_role("button", name="示例·李四").click()
    await expect(phone_of(page, "rm02")).to_be_visible()
    await expect(page.get_by_role("button", name="打开 示例·王五 的手机")).to_have_count(0)


async def test_people_play_side_by_side_come_and_go(visit: Callable[..., Awaitable[Page]], app: Any) -> None:
    page = await visit()
    first, second = phone_of(page, "rm01"), phone_of(page, "rm02")
    await expect(first).to_be_visible()
    await expect(second).to_be_visible()
    await first.get_by_role("button", name="帮助", exact=True).click()
    await expect(first.get_by_text("你说：帮助")).to_be_visible()
    await expect(first.get_by_role("button", name="帮助", exact=True)).to_have_count(0)
    await second.get_by_placeholder("发消息…").fill("你好")
    await second.get_by_placeholder("发消息…").press("Enter")
    await expect(second.get_by_text("你说：你好")).to_be_visible()
    await expect(first.get_by_text("你好")).to_have_count(0)
    await people_come_and_go(page, app)


async def test_buttons_drop_down_sheets_and_votes(visit: Callable[..., Awaitable[Page]]) -> None:
    page = await visit()
    phone = phone_of(page, "rm01")
    await say(phone, "摘要")
    card = phone.get_by_test_id("card").last
    await expect(card.get_by_text("示例·王秀兰")).to_be_visible()
    await card.get_by_label("再看").select_option("交易")
    await card.get_by_role("button", name="记拜访").click()
    await expect(card.get_by_role("button", name="visit o1")).to_be_disabled()

    await say(phone, "登记")
    card = phone.get_by_test_id("card").last
    await card.get_by_role("button", name="方式：电话").click()
    await phone.get_by_role("dialog", name="方式").get_by_role("radio", name="上门").click()
    await expect(card.get_by_role("button", name="方式：上门")).to_be_focused()
    await card.get_by_role("button", name="提交").click()
    await expect(card.get_by_role("button", name="submit o1、o0、o0")).to_be_disabled()
    await expect(card.get_by_role("button", name="方式：上门")).to_be_disabled()

    await say(phone, "投票")
    card = phone.get_by_test_id("card").last
    await card.get_by_text("存款利率").click()
    await card.get_by_text("保险").click()
    await card.get_by_role("button", name="选好了").click()
    await expect(card.get_by_role("button", name="chosen o1、o3")).to_be_disabled()
    await expect(card.get_by_role("checkbox", name="保险")).to_be_checked()


async def test_every_kind_of_message_is_drawn_and_markup_stays_text(visit: Callable[..., Awaitable[Page]]) -> None:
    page = await visit(at="#rm01")
    phone = phone_of(page, "rm01")
    for words, seen in (
        ("通知", "128.6 万"),
        ("图文", "示例支行二楼"),
        ("标记", "今天到期"),
        ("文卡", "本月 12 次拜访"),
    ):
        await say(phone, words)
        await expect(phone.get_by_text(seen)).to_be_visible()
    await say(phone, "链接")
    bubble = phone.get_by_test_id("bubble").filter(has_text="看档案")
    await expect(bubble.get_by_role("link")).to_have_text(["看档案"])
    await expect(bubble).to_contain_text("<img src=x onerror=alert(1)>")
    await say(phone, "图片")
    await expect(phone.get_by_role("img", name="图片")).to_have_js_property("naturalWidth", 240)
    async with page.expect_popup() as opened:
        await bubble.get_by_role("link").click()
    address = await (await opened.value).evaluate("window.name")
    assert address == "h5-rm01"


async def save_and_reset(page: Page, folder: Path) -> None:
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="保存对话").click()
    file = folder / "transcript.jsonl"
    await (await saving.value).save_as(file)
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["kind"] for line in lines if line["side"] == "member"] == [
        "event",
        "image",
        "location",
        "voice",
        "event",
        "event",
    ]
    assert lines[-1]["text"] == "菜单 DUE"
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="重置").click()
    await expect(page.get_by_test_id("bubble")).to_have_count(0)


async def test_plus_panel_menu_transcript_and_reset(visit: Callable[..., Awaitable[Page]], tmp_path: Path) -> None:
    page = await visit(at="#rm02")
    phone = phone_of(page, "rm02")
    await expect(phone_of(page, "rm01")).to_have_count(0)
    await phone.get_by_role("button", name="更多输入").click()
    for entry, choice, heard in (
        ("照片", "示例照片", "收到image"),
        ("位置", "示例大厦", "收到location"),
        ("语音", "", "收到voice"),
    ):
        await phone.get_by_role("button", name=entry, exact=True).click()
        if choice:
            await phone.get_by_role("dialog").get_by_role("button", name=choice).click()
        await expect(phone.get_by_text(heard)).to_be_visible()
    await phone.get_by_role("button", name="切换到菜单").click()
    await phone.get_by_role("button", name="今日待办").click()
    await expect(phone.get_by_text("菜单 TODAY")).to_be_visible()
    await phone.get_by_role("button", name="客户", exact=True).click()
    await phone.get_by_role("button", name="到期提醒").click()
    await expect(phone.get_by_text("菜单 DUE")).to_be_visible()
    await save_and_reset(page, tmp_path)


async def test_inspector_clock_weather_and_account_of_calls(
    visit: Callable[..., Awaitable[Page]], world: World
) -> None:
    page = await visit()
    phone = phone_of(page, "rm01")
    await say(phone, "你好")
    await expect(phone.get_by_text("你说：你好")).to_be_visible()
    await expect(phone.get_by_test_id("latency").last).to_contain_text("回应")
    await (
        phone.get_by_test_id("bubble").filter(has_text="你好").first.get_by_role("button", name="检查这条消息").click()
    )
    drawer = page.get_by_role("dialog", name="检查消息")
    await expect(drawer).to_contain_text("原件")
    await drawer.get_by_role("tab", name="回调明文 XML").click()
    await expect(drawer).to_contain_text("<Content><![CDATA[你好]]></Content>")
    await drawer.get_by_role("tab", name="密文").click()
    await expect(drawer).to_contain_text("msg_signature=")
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()

    await world.clock.set("2026-11-23T16:30:00+08:00")
    await page.get_by_role("button", name="到明早9点").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("11月24日 周二09:00")
    await page.get_by_role("button", name="+1小时").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("10:00")
    assert (await world.clock.now()).startswith("2026-11-24T10:00")

    await page.get_by_role("radio", name="坏天气").click()
    await expect(page.get_by_text("每个回调送三次")).to_be_visible()
    assert (await world.get("/settings"))["weather"] == "bad"

    await page.get_by_role("button", name="接口总账").click()
    await page.get_by_label("筛选").fill("menu/create")
    await expect(page.get_by_role("list", name="接口调用").get_by_role("listitem")).to_have_count(1)


async def test_text_messages_with_their_recipients(
    visit: Callable[..., Awaitable[Page]], app: Any, world: World, running: Running
) -> None:
    await world.people({"userid": "rm01", "name": "示例·张三", "mobile": "199 0000-0001"})
    page = await visit()
    sms = {
        "id": "sms:C26110001.president",
        "mobile": "19900000001",
        "text": "案件 C26110001 已升级：分行行长，请登录企业微信查看",
    }
    for message in (sms, sms, sms | {"id": "other", "mobile": "19900000009"}):
        async with app.http.post(f"{running.url}/sms", json=message) as reply:
            assert reply.status == 200
    await page.get_by_role("button", name="短信").click()
    first = page.get_by_role("list", name="短信").get_by_role("listitem").filter(has_text="示例·张三")
    for words in (
        "19900000001",
        "案件 C26110001 已升级：分行行长",
        "sms:C26110001.president",
        "网关收到 2 次，只算一条",
    ):
        await expect(first).to_contain_text(words)
    await expect(first.locator("small").first).to_have_text(re.compile(r"^\d+月\d+日 \d\d:\d\d:\d\d$"))
    other = page.get_by_role("list", name="短信").get_by_role("listitem").filter(has_text="未登记的号码")
    await expect(other).to_contain_text("19900000009")


async def test_a_real_phone_shows_one_person_at_a_time(visit: Callable[..., Awaitable[Page]], app: Any) -> None:
    page = await visit(390, 844)
    await expect(phone_of(page, "rm01")).to_be_visible()
    await expect(phone_of(page, "rm02")).to_be_hidden()
    await app.text("给李四的消息", "rm02")
    await page.get_by_role("button", name="示例·李四，1 条未读").click()
    await expect(phone_of(page, "rm02").get_by_text("给李四的消息")).to_be_visible()
    await expect(phone_of(page, "rm01")).to_be_hidden()
    await expect(page.get_by_role("button", name="示例·李四", exact=True)).to_have_attribute("aria-pressed", "true")


async def test_what_went_wrong_is_seen(visit: Callable[..., Awaitable[Page]], app: Any, world: World, bot: Bot) -> None:
    page = await visit(at="#rm01")
    phone = phone_of(page, "rm01")
    await app.text("长" * 700)
    await expect(phone.get_by_text("超出限制")).to_be_visible()
    sent = await app.text("收回的话")
    await expect(phone.get_by_text("收回的话")).to_be_visible()
    await app.post("message/recall", {"msgid": sent["msgid"]})
    await expect(phone.get_by_text("RM 管家 撤回了一条消息")).to_be_visible()
    await expect(phone.get_by_text("收回的话")).to_have_count(0)

    bot.delay = 1.1
    await say(phone, "摘要")
    await expect(phone.locator(".badge.slow")).to_contain_text("回应")
    bot.delay = 0
    card = phone.get_by_test_id("card").last
    await card.get_by_role("button", name="更多").click()
    await phone.get_by_role("dialog", name="更多操作").get_by_role("button", name="稍后提醒").click()
    await expect(phone.get_by_text("按下：稍后提醒")).to_be_visible()
    bot.free.clear()
    await card.get_by_role("button", name="投诉").click()
    await expect(card.get_by_role("button", name="投诉")).to_have_attribute("aria-busy", "true")
    bot.free.set()
    await expect(card.get_by_role("button", name="complain o0")).to_be_disabled()

    await world.app(callback_url="http://127.0.0.1:9/wecom/callback")
    await say(phone, "有人吗")
    await expect(phone.get_by_text("机器人没有收到")).to_be_visible()  # after WeCom's last retry


async def test_news_comes_where_server_sent_events_do_not(visit: Callable[..., Awaitable[Page]]) -> None:
    page = await visit(before=lambda page: page.route("**/_sim/v1/events*", lambda route: route.fulfill(status=204)))
    await say(phone_of(page, "rm01"), "你好")
    await expect(phone_of(page, "rm01").get_by_text("你说：你好")).to_be_visible()
    await say(phone_of(page, "rm01"), "再来")
    await expect(phone_of(page, "rm01").get_by_text("你说：再来")).to_be_visible()


async def test_the_page_is_served_with_its_parts(running: Running) -> None:
    async with aiohttp.ClientSession() as http, http.get(running.url) as reply:
        page = await reply.text()
        assert "script-src 'self'" in page
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)
        for part in re.findall(r'(?:href|src)="([^"]+)"', page):
            async with http.get(f"{running.url}/{part}") as asset:
                assert asset.status == 200, part


async def test_a_button_held_while_the_world_changes_is_pressed(
    visit: Callable[..., Awaitable[Page]], world: World
) -> None:
    """News redraws only what it changed: a button that is replaced between press and release never hears the click."""
    page = await visit(at="#rm01")
    phone = phone_of(page, "rm01")
    await phone.get_by_placeholder("发消息…").fill("有人吗")
    await phone.get_by_role("button", name="发送", exact=True).hover()
    await page.mouse.down()
    await world.app(name="RM 小管家")
    await expect(phone.get_by_role("heading", name="RM 小管家")).to_be_visible()
    await page.mouse.up()
    await expect(phone.get_by_text("你说：有人吗")).to_be_visible()
