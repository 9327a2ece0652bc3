"""The customer page in a real browser of a phone's size: nothing is blocked, and nothing shows without its
watermark.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.bot.web_place import Place, open_place

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium：apt install chromium")
expect.set_options(timeout=20_000)  # milliseconds; for what a busy machine takes
PHONE = {"width": 390, "height": 844}
SMALL = """[...document.querySelectorAll("a, button, summary")]
    .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.textContent)"""


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def phone(place: Place) -> AsyncIterator[Page]:
    """A tab of the phone that rm01 holds."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport=PHONE, is_mobile=True, has_touch=True)
        await page.context.add_cookies([{"name": "sim_user", "value": "rm01", "url": place.sim.url}])
        yield page
        await browser.close()


async def test_the_page_is_whole_and_fits_a_phone(place: Place, phone: Page) -> None:
    told: list[str] = []
    phone.on("console", lambda message: told.append(message.text))
    phone.on("pageerror", lambda error: told.append(str(error)))
    await phone.goto(place.url + place.card("rm01"))
    await expect(phone.get_by_role("heading", name="单样芳")).to_be_visible()
    await phone.get_by_role("link", name="服务记录").click()
    await expect(phone.get_by_role("heading", name="服务记录")).to_be_in_viewport()
    assert await phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert await phone.evaluate(SMALL) == [], "a thumb needs 44 pixels"
    assert told == []
    await phone.emulate_media(media="print")
    await expect(phone.get_by_role("link")).to_have_count(0)
    await expect(phone.locator("svg[data-reader]")).to_be_visible()
    await expect(phone.get_by_role("heading", name="服务记录")).to_be_visible()


async def test_every_chart_is_drawn_and_told_in_numbers(place: Place, phone: Page) -> None:
    told: list[str] = []
    phone.on("console", lambda message: told.append(message.text))
    phone.on("pageerror", lambda error: told.append(str(error)))
    await phone.goto(place.url + place.card("rm01"))
    for title in ("资产配置", "近12个月 AUM", "近12个月资金进出", "关系图"):
        await expect(phone.get_by_role("img", name=title).locator("canvas")).to_have_count(1)
    await expect(phone.get_by_role("table")).to_have_count(0)
    await phone.get_by_text("看数字").nth(1).click()
    await expect(phone.get_by_role("row", name="26-11 62.00 万")).to_be_visible()
    await phone.emulate_media(color_scheme="dark")
    await expect(phone.locator("canvas")).to_have_count(4)
    assert told == []


@pytest.mark.parametrize("act", ["mark.remove()", "mark.setAttribute('visibility', 'hidden')", "mark.innerHTML = ''"])
async def test_who_takes_the_watermark_away_sees_nothing(place: Place, phone: Page, act: str) -> None:
    await phone.goto(place.url + place.card("rm01"))
    await expect(phone.locator("svg[data-reader]")).to_have_count(1)
    await phone.evaluate(f"const mark = document.querySelector('svg[data-reader]'); {act}")
    await expect(phone.get_by_text("单样芳")).to_have_count(0)
