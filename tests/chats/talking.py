"""A phone whose every step names what is done and what comes of it, so that a story reads like a chat log."""

from dataclasses import dataclass
from typing import Any

from simulator.client import Bubble, NotHeard, Phone, PhoneError
from simulator.reading import button_with, questions_of


@dataclass
class Chat:
    """Steps of one person. `house.restart()` follows every step of a `restless` one."""

    house: Any
    phone: Phone
    restless: bool = False

    async def says(self, text: str, hears: str = "") -> Bubble:
        await self.phone.says(text)
        return await self.hears(hears)

    async def sends_photo(self, hears: str = "", data: str = "") -> Bubble:
        await self.phone.sends_photo(data)
        return await self.hears(hears)

    async def sends_location(self, lat: float, lng: float, label: str, hears: str = "") -> Bubble:
        await self.phone.sends_location(lat, lng, label)
        return await self.hears(hears)

    async def clicks(self, label: str, hears: str = "", choosing: dict[str, str | list[str]] | None = None) -> Bubble:
        """Press a button; the card it is on must be grey afterwards and say what was done, or have a new button."""
        card = await self.card(label)
        await self.phone.chooses(choosing or {})
        await self.phone.clicks(label, card)
        heard = await self.hears(hears)
        now = await self.is_now(card)
        pressed, there = button_with(card.card, label), button_with(now.card, label)
        assert now.replace_text or pressed != there, f"“{label}”按过之后卡片还亮着"
        return heard

    async def passes(self, hears: str = "", **time: float) -> Bubble:
        """Business time goes by, and brings `hears`."""
        await self._advance(**time)
        return await self.hears(hears)

    async def passes_quietly(self, **time: float) -> None:
        """Business time goes by, and nothing comes of it."""
        await self._advance(**time)
        await self.house.settled()
        await self.phone.hears_nothing(0)

    async def _advance(self, **time: float) -> None:
        await self.phone.marks()
        await self.house.world.clock.advance(**time)
        await self.house.app.clock.reread()

    async def card(self, label: str) -> Bubble:
        """The newest card on which the button can be pressed."""
        for bubble in reversed(await self.phone.bubbles()):
            if bubble.live and button_with(bubble.card, label):
                return bubble
        raise PhoneError(f"没有一张还能按的卡片有“{label}”：{await self.log()}")

    async def is_now(self, bubble: Bubble) -> Bubble:
        return next(each for each in await self.phone.bubbles() if each.id == bubble.id)

    async def live(self) -> list[Bubble]:
        """The cards that can still be pressed."""
        return [bubble for bubble in await self.phone.bubbles() if bubble.live]

    async def heard(self) -> str:
        """All that came after the last step."""
        return "\n".join(bubble.text for bubble in await self.phone.heard())

    async def log(self) -> str:
        return "\n".join(f"[{b.json['side']}] {b.text}" for b in await self.phone.bubbles())

    async def hears(self, text: str) -> Bubble:
        """The bubble that came with `text`, the pressable one first, once everything has come."""
        await self.phone.hears(text)
        await self.house.settled()
        came = [bubble for bubble in await self.phone.heard() if text in bubble.text]
        if not came:
            raise NotHeard(f"没有听到“{text}”：{await self.heard()}")
        if self.restless:
            await self.house.restart()
        return next((bubble for bubble in reversed(came) if bubble.live), came[-1])


def rows_of(card: Bubble) -> dict[str, str]:
    """The labelled lines on a card, those that were too long to stand side by side included."""
    beside = {row["keyname"]: row["value"] for row in card.card.get("horizontal_content_list", ())}
    below = card.card.get("sub_title_text", "").split("\n")
    return {**dict(line.split("：", 1) for line in below if "：" in line), **beside}


def options_of(card: Bubble) -> dict[str, list[str]]:
    """Each question of a card with the words of its options."""
    return {title: [option["text"] for option in asked["option_list"]] for title, asked in questions_of(card.card)}
