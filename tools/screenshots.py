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
        trust(browser, address)
        complain(browser, address)
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
    page = browser.new_page(viewport={"width": 1120, "height": 960}, device_scale_factor=0.85, bypass_csp=True)
    page.goto(address)
    first, second = page.get_by_test_id("phone-rm01"), page.get_by_test_id("phone-rm02")
    say(first, "查 王秀兰", "数据截至")
    say(second, "查 王秀兰", "数据截至")
    take(page, "phones")

    phone = phone_of(browser, address, "rm01")
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
    say(phone, "分层 王秀兰", "客户标签")
    take(newest(phone), "labels")


def trust(browser: Browser, address: str) -> None:
    """What is taken away, handed over and looked into: an export, a handover, the auditor's question."""
    rm, head, superior, auditor = (phone_of(browser, address, who) for who in ("rm01", "sup01", "subhead01", "audit01"))
    say(rm, "导出 客户", "导出清单")
    press(newest(rm), "下一步", "写明编号或理由")
    say(rm, "季度资产盘点", "要手机号明文吗")
    press(newest(rm), "否，脱敏", "要缩小范围吗")
    press(newest(rm), "跳过", "提交审批")
    take(newest(rm), "export")
    say(head, "交接 李明 刘芳", "移交哪些客户")
    press(newest(head), "全部客户", "没问题就保存")
    press(newest(head), "保存", "撤回申请")
    take(about(superior, "请审批"), "handover")
    say(auditor, "审计 C00000001", "谁看过")
    take(newest(auditor), "audit")


def complain(browser: Browser, address: str) -> None:
    """A complaint is registered, handled with a second department, and agreed to; a day on it is escalated."""
    desk = phone_of(browser, address, "cs01")
    say(desk, "投诉 欧阳静 说理财到期没有人提醒，要求补偿七天的利息", "办理渠道")
    press(newest(desk), "下一步", "关于哪类业务")
    say(desk, "自营理财", "为什么不满意")
    say(desk, "服务态度及质量", "五人以上群诉")
    press(newest(desk), "下一步", "没问题就保存")
    press(newest(desk), "保存", "已登记，编号")
    page = browser.new_page(viewport={"width": 1320, "height": 860}, device_scale_factor=0.75, bypass_csp=True)
    page.goto(f"{address}#sup01,rm02,prod01")
    handle(page)
    take(page, "complaint")
    page.goto(f"{address}#rm02,branch01")
    page.reload()
    escalate(page)


def handle(page: Page) -> None:
    """Three phones beside each other: who handles it, who helps, who agrees."""
    head, rm, product = (page.get_by_test_id(f"phone-{who}") for who in ("sup01", "rm02", "prod01"))
    press(about(rm, "客户投诉"), "受理", "已受理")
    newest(rm).get_by_label("其他操作").select_option(label="协办")
    press(newest(rm), "办所选", "请哪些部门协办")
    say(rm, "产品", "协办 2/2")
    say(rm, "请核实到期提醒有没有发出", "没问题就保存")
    press(newest(rm), "保存", "客户投诉")
    press(about(product, "请核实"), "答复", "协办的结果")
    say(product, "短信已发送，没有电话提醒", "有照片吗")
    press(newest(product), "没有了", "没问题就保存")
    press(newest(product), "保存", "已答复")
    press(about(rm, "各部门的协办都已答复"), "提交方案", "打算怎么处理")
    say(rm, "致歉并补偿七天利息", "要赔付多少钱")
    press(newest(rm), "跳过", "没问题就保存")
    press(newest(rm), "保存", "方案")
    press(about(head, "请审批"), "同意", "已同意")


def escalate(page: Page) -> None:
    """A day on: the president's card and text message."""
    page.get_by_role("button", name="+1天").click()
    about(page.get_by_test_id("phone-branch01"), "超过 24 小时没有关闭")
    page.get_by_role("button", name="短信").click()
    page.get_by_role("list", name="短信").get_by_text("请登录企业微信查看").wait_for()
    take(page, "escalation")


def phone_of(browser: Browser, address: str, who: str) -> Locator:
    """One phone, as sharp as a real one's screen."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
    page.goto(f"{address}#{who}")
    return page.get_by_test_id(f"phone-{who}")


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
    """Something said, and the card that answers it."""
    send(phone, words)
    expect(newest(phone)).to_contain_text(answer, timeout=PATIENCE)


def send(phone: Locator, words: str) -> None:
    phone.get_by_placeholder("发消息…").fill(words)
    phone.get_by_role("button", name="发送", exact=True).click()


def press(card: Locator, label: str, answer: str) -> None:
    """A button, and the card that answers it."""
    phone = card.locator("xpath=ancestor::*[starts-with(@data-testid, 'phone-')]")
    card.get_by_role("button", name=label, exact=True).click()
    expect(newest(phone)).to_contain_text(answer, timeout=PATIENCE)


def newest(phone: Locator) -> Locator:
    return phone.get_by_test_id("card").last


def about(phone: Locator, words: str) -> Locator:
    """The newest card that says `words`, once it is there; a greeting may have come after it."""
    card = phone.get_by_test_id("card").filter(has_text=words).last
    card.wait_for(timeout=PATIENCE)
    return card


def take(what: Page | Locator, name: str) -> None:
    """One picture, once the newest message has come to rest in sight."""
    page = what if isinstance(what, Page) else what.page
    page.wait_for_timeout(REST)
    what.screenshot(path=IMAGES / f"{name}.png", style=FLAT)


if __name__ == "__main__":
    main()
