"""One person's phone, driven from a test in words a person would use."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yarl import URL

from simulator.reading import button_with, link_of, selections_for, strings_of

if TYPE_CHECKING:
    from simulator.client import World

Json = dict[str, Any]


class PhoneError(Exception):
    """The phone cannot do this; the text says why."""


class NotHeard(AssertionError):
    """What a test expected to hear did not come; the text shows what came instead."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One bubble as it was when read."""

    json: Json

    @property
    def id(self) -> str:
        return str(self.json["id"])

    @property
    def card(self) -> Json:
        return dict(self.json.get("card") or {})

    @property
    def live(self) -> bool:
        return bool(self.json.get("card_state", {}).get("live"))

    @property
    def replace_text(self) -> str | None:
        text = self.json.get("card_state", {}).get("replace_text")
        return None if text is None else str(text)

    @property
    def text(self) -> str:
        """Everything one can read on the bubble, one string a line."""
        shown = [self.json["text"], *strings_of(self.json.get("card") or self.json.get("content"))]
        return "\n".join(dict.fromkeys(filter(None, [*shown, self.replace_text])))

    @property
    def buttons(self) -> list[str]:
        """What is written on the card's buttons."""
        card = self.card
        submit = [card["submit_button"]["text"]] if card.get("submit_button") else []
        return [button["text"] for button in card.get("button_list", ())] + submit

    @property
    def callback(self) -> Json:
        return dict(self.json.get("callback") or {})

    def link(self, label: str = "") -> str:
        """Where the tap on `label` (any link when empty) leads."""
        url = link_of(self.json, label)
        if url is None:
            raise PhoneError(f"没有通往“{label}”的链接：{self.text}")
        return url


class Phone:
    """One person's phone. `hears` looks at what arrived or changed after the last action."""

    def __init__(self, world: "World", userid: str) -> None:
        self.world, self.userid = world, userid
        self._since = 0
        self._chosen: dict[str, str | list[str]] = {}

    async def does(self, action: str, **body: Any) -> Json:
        """Any action of the control API."""
        answer = await self.world.post(f"/members/{self.userid}/{action}", **body)
        self._since = answer["seq"]
        return answer

    async def says(self, text: str) -> None:
        await self.does("say", text=text)

    async def enters(self) -> None:
        await self.does("enter")

    async def sends_photo(self, data: str = "") -> None:
        """A picture in base64, or the built-in sample."""
        await self.does("photo", data=data)

    async def sends_voice(self) -> None:
        await self.does("voice")

    async def sends_video(self) -> None:
        await self.does("video")

    async def sends_link(self, title: str, url: str) -> None:
        await self.does("link", title=title, url=url)

    async def sends_location(self, lat: float, lng: float, label: str) -> None:
        await self.does("location", lat=lat, lng=lng, label=label)

    async def opens_menu(self, name: str) -> str:
        """Tap an entry of the application's menu; the page's address if it opens one."""
        return str((await self.does("menu", name=name)).get("url", ""))

    async def opens(self, label: str = "", on: Bubble | None = None) -> str:
        """The address a browser opens, signed in as this person, after a tap on a link of the newest card."""
        target = (on or await self.last_card()).link(label)
        return str(URL(f"{self.world.url}/_sim/v1/open").with_query(sim_user=self.userid, url=target))

    async def chooses(self, answers: dict[str, str | list[str]]) -> None:
        """Tick options by question title and option text; they go with the next button."""
        self._chosen |= answers

    async def clicks(self, label: str, on: Bubble | None = None, *, force: bool = False, as_user: str = "") -> None:
        """Press the button (or corner-menu entry) that says `label`, on the newest live card that has it.

        `force` presses it on a card that no longer allows it, as it was when `on` was read.
        """
        bubble = on or await self._newest_with(label)
        found = button_with(bubble.card, label) or button_with(bubble.json["message"]["template_card"], label)
        if found is None:
            raise PhoneError(f"卡片上没有“{label}”：{bubble.buttons}")
        await self._press(bubble, *found, force=force, as_user=as_user)

    async def submits(self, answers: dict[str, str | list[str]] | None = None, on: Bubble | None = None) -> None:
        """Answer the newest question card and press its submit (or first) button."""
        await self.chooses(answers or {})
        bubble = on or await self._newest_with("")
        found = button_with(bubble.card, "")
        if found is None:
            raise PhoneError(f"这张卡片没有可提交的按钮：{bubble.text}")
        await self._press(bubble, *found)

    async def _press(
        self, bubble: Bubble, action: str, key: str, *, force: bool = False, as_user: str = ""
    ) -> None:  # fmt: skip
        selected = selections_for(bubble.card, self._chosen)
        self._chosen = {}
        await self.does(
            action,
            bubble=bubble.id,
            key=key,
            selected=selected,
            force=force,
            **({"as_user": as_user} if as_user else {}),
        )

    async def _newest_with(self, label: str) -> Bubble:
        shown = await self.bubbles()
        for bubble in reversed(shown):
            if bubble.live and button_with(bubble.card, label) is not None:
                return bubble
        raise PhoneError(f"没有一张还能按的卡片有“{label}”；现有：{[b.buttons for b in shown if b.card]}")

    async def bubbles(self, after: int = 0, wait: float = 0) -> list[Bubble]:
        answer = await self.world.get(f"/members/{self.userid}/bubbles?after={after}&wait={wait}")
        return [Bubble(json) for json in answer["bubbles"]]

    async def texts(self) -> list[str]:
        """What the application wrote to this person, oldest first."""
        return [bubble.text for bubble in await self.bubbles() if bubble.json["side"] == "app"]

    async def last_card(self) -> Bubble:
        cards = [bubble for bubble in await self.bubbles() if bubble.card]
        if not cards:
            raise PhoneError("还没有收到卡片")
        return cards[-1]

    async def heard(self) -> list[Bubble]:
        """What arrived or changed since the last action."""
        return [bubble for bubble in await self.bubbles(self._since) if bubble.json["said"] > self._since]

    async def hears(self, text: str, timeout: float = 20) -> Bubble:  # noqa: ASYNC109 — the server waits
        """The newest bubble with `text` that came after the last action; waits for it."""
        loop = asyncio.get_running_loop()
        deadline, after = loop.time() + timeout, self._since
        while True:
            fresh = await self.bubbles(after, max(0.0, deadline - loop.time()))
            found = [b for b in fresh if b.json["said"] > self._since and text in b.text]
            if found:
                return found[-1]
            if loop.time() >= deadline:
                came = [bubble.text for bubble in await self.heard()]
                raise NotHeard(f"{self.userid} 等了 {timeout} 秒，没有听到“{text}”；听到的是：{came}")
            after = max([after, *(bubble.json["seq"] for bubble in fresh)])

    async def hears_nothing(self, seconds: float = 0.4) -> None:
        """Nothing comes after the last action."""
        await asyncio.sleep(seconds)
        if came := await self.heard():
            raise NotHeard(f"{self.userid} 不该听到：{[bubble.text for bubble in came]}")

    async def marks(self) -> None:
        """Forget what came until now, without doing anything."""
        self._since = (await self.world.get("/updates?wait=0"))["seq"]
