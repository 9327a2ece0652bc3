"""Takes the pictures of the README: plays its tour on a throw-away demo (`python -m tools.screenshots`)."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.clock import SHANGHAI
from bot.demo.opening import Diary

IMAGES = Path(__file__).parents[1] / "docs" / "images"
OPENING = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
LARGEST = 150_000  # bytes of one picture, so that the repository stays small
FLAT = "* { box-shadow: none !important }"  # soft shadows are many of a picture's bytes
PATIENCE, REST = 10_000, 600  # milliseconds


def main() -> None:
    """Play and take every picture, replacing those of before."""
    IMAGES.mkdir(exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        play(browser, address)
        browser.close()
    sizes = {picture.name: picture.stat().st_size for picture in sorted(IMAGES.glob("*.png"))}
    print(", ".join(f"{name} {size // 1000} KB" for name, size in sizes.items()))
    if max(sizes.values()) > LARGEST:
        sys.exit(f"a picture is larger than {LARGEST // 1000} KB")


@contextmanager
def demo() -> Iterator[str]:
    """The phone page of a fresh demo that begins on a fixed day: a picture changes only when the product does."""
    with tempfile.TemporaryDirectory() as folder:
        Diary(OPENING, OPENING.date() - timedelta(days=1), loaded=False).write(Path(folder))
        free = {"RMBOT_HTTP__PORT": "0", "RMBOT_HTTP__ADMIN_PORT": "0"}
        command = [sys.executable, "-m", "bot.cli", "--state", folder, "demo", "--sim-port", "0"]
        with subprocess.Popen(command, env=os.environ | free, stdout=subprocess.PIPE, text=True) as running:
            try:
                yield address_in(running)
            finally:
                running.terminate()


def address_in(running: subprocess.Popen[str]) -> str:
    """What the demo prints once everything is ready."""
    assert running.stdout
    for line in running.stdout:
        if found := re.search(r"手机页面\s+(http://\S+)", line):
            return found[1]
    sys.exit("the demo did not start")


def play(browser: Browser, address: str) -> None:
    """The tour as the README tells it."""
    page = browser.new_page(viewport={"width": 1120, "height": 920}, bypass_csp=True)
    page.goto(address)
    first, second = page.get_by_test_id("phone-rm01"), page.get_by_test_id("phone-rm02")
    say(first, "查 王秀兰", "数据截至")
    say(second, "查 王秀兰", "数据截至")
    take(page, "phones")

    phone = sharp(browser, f"{address}#rm01")
    digest = phone.get_by_test_id("card").filter(has_text="今日提醒")
    take(digest, "digest")
    press(digest, "看原因", "数据截至")
    take(newest(phone), "finding")
    press(newest(phone), "查客户", "建议：")
    take(newest(phone), "summary")
    page = details(phone)
    take(page, "page")
    page.locator("#assets").scroll_into_view_if_needed()
    page.get_by_role("link", name="资产信息").click()
    take(page, "charts")
    take(plain(page), "reveal")
    say(phone, "适当性 王秀兰 样例理财101号 20万", "规则")
    take(newest(phone), "suitability")
    say(phone, "拜访 王秀兰 电话 接通 聊了理财续期 下周三回访", "请核对，没问题就保存")
    take(newest(phone), "confirm")
    say(phone, "保存", "拜访已保存")
    say(phone, "待办", "我的待办")
    take(newest(phone), "todo")


def sharp(browser: Browser, address: str) -> Locator:
    """One phone, as sharp as a real one's screen."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
    page.goto(address)
    return page.get_by_test_id("phone-rm01")


def details(phone: Locator) -> Page:
    """The signed-in page behind the newest card."""
    with phone.page.expect_popup() as opened:
        newest(phone).get_by_role("button", name="详情").click()
    opened.value.wait_for_load_state()
    opened.value.set_viewport_size({"width": 390, "height": 720})
    return opened.value


def plain(page: Page) -> Page:
    """The number of the customer in plain, from the same page."""
    page.get_by_role("link", name="查看明文").click()
    page.get_by_text("手机号", exact=True).click()
    page.get_by_text("服务", exact=True).click()
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**/reveal/*")
    page.set_viewport_size({"width": 390, "height": 420})
    return page


def say(phone: Locator, words: str, answer: str) -> None:
    phone.get_by_placeholder("发消息…").fill(words)
    phone.get_by_role("button", name="发送", exact=True).click()
    expect(newest(phone)).to_contain_text(answer, timeout=PATIENCE)


def press(card: Locator, label: str, answer: str) -> None:
    """A button, and the card that answers it."""
    phone = card.page.get_by_test_id("phone-rm01")
    card.get_by_role("button", name=label, exact=True).click()
    expect(newest(phone)).to_contain_text(answer, timeout=PATIENCE)


def newest(phone: Locator) -> Locator:
    return phone.get_by_test_id("card").last


def take(what: Page | Locator, name: str) -> None:
    """One picture, once the newest message has come to rest in sight."""
    page = what if isinstance(what, Page) else what.page
    page.wait_for_timeout(REST)
    what.screenshot(path=IMAGES / f"{name}.png", style=FLAT)


if __name__ == "__main__":
    main()
