"""Hands and eyes before the phone page: visible clicks, typing, reading, and nothing else."""

import re
from typing import Self

from playwright.async_api import Locator, Page, expect

PATIENCE = 30_000  # milliseconds; for what a busy machine takes
expect.set_options(timeout=PATIENCE)


class Table:
    """The page with its phones and the tools above them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.context.on("console", lambda said: self._note(said.type, said.text))
        page.context.on("weberror", lambda error: self._note("error", str(error.error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def player(self, userid: str) -> "Player":
        return Player(self.page, userid)

    async def tool(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def adds(self, userid: str) -> "Player":
        """One more phone beside the others."""
        await self.tool("添加手机")
        return await self._finds(userid)

    async def changes(self, player: "Player", userid: str) -> "Player":
        """The phone goes from one hand to another."""
        await player.phone.get_by_role("button", name="换人").click()
        return await self._finds(userid)

    async def _finds(self, userid: str) -> "Player":
        await self.page.get_by_label("搜索成员").fill(userid)
        await self.page.get_by_role("listitem").filter(has_text=f"{userid} ·").get_by_role("button").click()
        player = self.player(userid)
        await expect(player.phone).to_be_visible()
        return player

    async def badges(self) -> list[str]:
        """How long each answer took, as the page says it."""
        return await self.page.get_by_test_id("latency").all_inner_texts()


class Player:
    """One person at one phone."""

    def __init__(self, page: Page, userid: str) -> None:
        self.page, self.userid = page, userid
        self.phone = page.get_by_test_id(f"phone-{userid}")
        self.answers = self.phone.locator('[data-testid="bubble"][data-side="app"]')

    async def enters(self, sees: str) -> Locator:
        """Opens the chat once more."""
        return await self._then(self.phone.get_by_role("button", name="重新进入应用"), sees)

    async def says(self, words: str, sees: str) -> Locator:
        await self.phone.get_by_placeholder("发消息…").fill(words)
        return await self._then(self.phone.get_by_role("button", name="发送", exact=True), sees)

    async def taps_hint(self, words: str, sees: str) -> Locator:
        """A chip above the bottom bar."""
        return await self._then(
            self.phone.get_by_label("试试这样说").get_by_role("button", name=words, exact=True), sees
        )

    async def presses(self, label: str, sees: str) -> Locator:
        """A button of the newest card that has it; afterwards that card is grey."""
        pressed, answer = await self._pressed(label, sees)
        await expect(pressed.locator(".foot")).to_be_disabled(timeout=PATIENCE)
        return answer

    async def looks(self, label: str, sees: str) -> Locator:
        """A button that only shows something; afterwards its card can be pressed again."""
        pressed, answer = await self._pressed(label, sees)
        again = pressed.get_by_role("button", name=label, exact=True)
        await expect(again).to_be_enabled(timeout=PATIENCE)
        return answer

    async def _pressed(self, label: str, sees: str) -> tuple[Locator, Locator]:
        card = self.card(label)
        mine = await card.get_attribute("data-id")
        answer = await self._then(card.get_by_role("button", name=label, exact=True), sees)
        return self.phone.locator(f'[data-id="{mine}"]'), answer

    def card(self, label: str) -> Locator:
        """The newest turn with a button of this name that can be pressed."""
        button = self.page.locator(f'button.foot:enabled[aria-label="{label}"]')
        return self.answers.filter(has=button).last

    async def drops_down(self, question: str, option: str | re.Pattern[str]) -> Self:
        select = self.phone.get_by_label(question).last
        words = [each for each in await select.locator("option").all_inner_texts() if re.search(option, each)]
        await select.select_option(words[0])
        return self

    async def picks(self, question: str, option: str) -> Self:
        """A list that opens as a sheet."""
        await self.phone.get_by_role("button", name=f"{question}：").last.click()
        sheet = self.phone.get_by_role("dialog", name=question)
        await sheet.get_by_role("radio", name=option, exact=True).click()
        return self

    async def ticks(self, words: str) -> Self:
        await self.answers.last.get_by_text(words).click()
        return self

    async def sends(self, kind: str, what: str, sees: str) -> Locator:
        """A photo or a place, from the panel behind the plus."""
        plus = self.phone.get_by_role("button", name="更多输入", exact=True)
        if await plus.get_attribute("aria-expanded") == "false":
            await plus.click()
        await self.phone.get_by_role("button", name=kind, exact=True).click()
        return await self._then(self.phone.get_by_role("dialog").get_by_role("button", name=what), sees)

    async def opens_page(self) -> Page:
        """详情 of the newest card, in a window of its own."""
        async with self.page.expect_popup() as opened:
            await self.card("详情").get_by_role("button", name="详情").click()
        page = await opened.value
        await page.wait_for_load_state()
        return page

    async def sees(self, words: str) -> Locator:
        found = self.answers.filter(has_text=words).last
        await expect(found).to_be_visible(timeout=PATIENCE)
        return found

    async def _then(self, button: Locator, sees: str) -> Locator:
        """Press; a new answer comes, these words are there once more (older cards may turn to them too), in sight."""
        found = self.answers.filter(has_text=sees)
        before, answered = await found.count(), await self.answers.count()
        await button.click()
        await expect(self.answers.nth(answered)).to_be_attached(timeout=PATIENCE)
        await expect(found.nth(before)).to_be_attached(timeout=PATIENCE)
        await expect(found.last).to_be_in_viewport(timeout=PATIENCE)
        return found.last
