"""Lets many people live their stories side by side, at a steady rate: a step waits for the answer to the one before."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from simulator.actions import Phone
from simulator.delivery import Callback
from simulator.errors import Refused
from simulator.ledger import Call
from simulator.reading import Answers, button_with, selections_for
from simulator.timeline import Bubble
from simulator.world import World

_T = TypeVar("_T")
LOOK_AGAIN = 0.005  # seconds


@dataclass(frozen=True)
class Step:
    """Somebody says words, or presses a button of the newest card that has it; the answer holds the words `hears`."""

    who: str
    hears: str
    says: str = ""
    presses: str = ""
    picks: Answers = field(default_factory=dict)


class Stuck(Exception):
    """A step that could not be done, or was not answered."""


@dataclass
class Stories:
    """`rate` steps a second of all together, each story in its turn; one is given up after `patience` seconds."""

    world: World
    stories: Sequence[Sequence[Step]]
    rate: float
    patience: float
    begun: float = 0.0
    late: float = 0.0
    sent: float = 0.0
    turns: list[float] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    async def lived(self) -> dict[str, Any]:
        """All of them to their ends; a story that is stuck goes no further."""
        loop = asyncio.get_running_loop()
        self.begun = loop.time()
        async with asyncio.TaskGroup() as group:
            for place, steps in enumerate(self.stories):
                group.create_task(self._live(place, steps))
        acks = [callback.ack_ms for callback in self.callbacks if callback.ack_ms is not None]
        return {
            "sent": self.sent, "late": self.late, "turns": self.turns, "acks": acks,
            "done": len(self.callbacks), "stuck": self.stuck, "violations": self.world.ledger.violations(),
        }  # fmt: skip

    async def _live(self, place: int, steps: Sequence[Step]) -> None:
        loop = asyncio.get_running_loop()
        for number, step in enumerate(steps):
            due = self.begun + (number * len(self.stories) + place) / self.rate
            self.late = max(self.late, loop.time() - due)
            await asyncio.sleep(max(0.0, due - loop.time()))
            self.sent = loop.time() - self.begun
            try:
                self.turns.append(await self._turn(step))
            except (Stuck, Refused, LookupError) as error:
                self.stuck.append(f"{step.who} {step.says or step.presses}：{error}")
                return

    async def _turn(self, step: Step) -> float:
        """Milliseconds to the answer."""
        member = self.world.member(step.who)
        if member is None:
            raise Stuck("没有这个人")
        phone, seen = Phone(self.world, member), self.world.timeline.of[member.key]
        button = step.presses
        card = await self._until(lambda: _card_with(button, seen), f"没有带“{button}”的卡片") if button else None
        before = len(seen)
        callback = _done(phone, step, card)
        self.callbacks.append(callback)
        answer = await self._until(lambda: _heard(step.hears, seen[before:]), f"没有听到“{step.hears}”")
        return took(callback, self.world.ledger.calls[answer - 1])

    async def _until(self, look: Callable[[], _T | None], what: str) -> _T:
        """What `look` finds, which may come yet; the phone has no event for it."""
        until = asyncio.get_running_loop().time() + self.patience
        while (found := look()) is None:
            if asyncio.get_running_loop().time() > until:
                raise Stuck(what)
            await asyncio.sleep(LOOK_AGAIN)
        return found


def took(callback: Callback, answer: Call) -> float:
    """Milliseconds from what was done on the phone to the answer on it."""
    over = datetime.fromisoformat(answer.at) + timedelta(milliseconds=answer.ms)
    return (over - datetime.fromisoformat(callback.at)) / timedelta(milliseconds=1)


def _card_with(label: str, seen: Sequence[Bubble]) -> Bubble | None:
    """The newest card on which this can be pressed."""
    live = (bubble for bubble in reversed(seen) if bubble.state is not None and bubble.state.replace_text is None)
    return next((bubble for bubble in live if bubble.state and button_with(bubble.state.card, label)), None)


def _done(phone: Phone, step: Step, card: Bubble | None) -> Callback:
    if card is None or card.state is None:
        done = phone.say(step.says)
    else:
        action, key = button_with(card.state.card, step.presses) or ("", "")
        picked = selections_for(card.state.card, step.picks)
        done = phone.press(card, key, picked, menu=action == "action")
    assert done.callback is not None
    return done.callback


def _heard(words: str, fresh: Sequence[Bubble]) -> int | None:
    """The number of the call that brought these words."""
    told = (bubble for bubble in fresh if bubble.sent and words in json.dumps(bubble.sent.body, ensure_ascii=False))
    return next((bubble.ledger for bubble in told), None)
