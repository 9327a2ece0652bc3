"""What people do and what they must be answered; the model knows what was said, and nothing of how the bot works."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from simulator import actions
from simulator.app import Running
from simulator.reading import Answers, button_with, selections_for
from simulator.timeline import Bubble
from tests.crash.lives import until

PATIENCE = 90.0


@dataclass(frozen=True)
class Customer:
    number: str
    name: str


@dataclass
class VisitDone:
    """A visit as its RM entered it."""

    userid: str
    customer: Customer
    kind: str
    note: str
    photos: int = 0
    place: str = ""
    undone: bool = False


@dataclass
class Expected:
    """The books as they must be in the end: what was said and acknowledged, each once."""

    visits: list[VisitDone] = field(default_factory=list)
    todos: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    talks: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    recorded: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    greeted: set[tuple[str, str]] = field(default_factory=set)
    imported: int = 0
    notices: list[tuple[str, str]] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    typed: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    glasses: int = 0
    wishes: int = 0
    requests: int = 0
    renewed: int = 0
    lists: int = 0
    left: list[str] = field(default_factory=list)
    passed_on: list[str] = field(default_factory=list)
    complaints: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)


def heard_by(sim: Running, userid: str) -> list[Bubble]:
    """What the application wrote to this person, oldest first."""
    return [bubble for bubble in sim.world.timeline.of.get(userid, ()) if bubble.side == "app"]


def words_of(bubble: Bubble) -> str:
    """The message as it was sent; a later redrawing of the card does not change it."""
    assert bubble.sent is not None
    return json.dumps(bubble.sent.body, ensure_ascii=False)


class Person:
    """One phone, and the sequence of everything that must appear on it."""

    def __init__(self, sim: Running, userid: str) -> None:
        self.sim, self.userid = sim, userid
        member = sim.world.member(userid)
        assert member is not None, userid
        self.phone = actions.Phone(sim.world, member)
        self.expected: list[str] = []
        self.pressed: list[Bubble] = []

    async def says(self, text: str, *answers: str) -> Bubble:
        return await self._told(self.phone.say(text), answers)

    async def says_and_hears(self, text: str, answers: list[str]) -> list[Bubble]:
        """What goes different ways may come in any order."""
        await self.acknowledged(self.phone.say(text))
        return await self.hears_in_any_order(answers)

    async def sends_photo(self, *answers: str) -> Bubble:
        return await self._told(self.phone.send_media("image"), answers)

    async def sends_voice(self, *answers: str) -> Bubble:
        return await self._told(self.phone.send_media("voice"), answers)

    async def sends_place(self, label: str, *answers: str) -> Bubble:
        return await self._told(self.phone.send_location(31.2, 121.4, label), answers)

    async def enters(self, *answers: str) -> Bubble:
        return await self._told(self.phone.enter(), answers)

    async def opens_menu(self, key: str, *answers: str) -> Bubble:
        return await self._told(self.phone.press_menu({"type": "click", "key": key, "name": key}), answers)

    async def causes(self, event: str) -> Bubble:
        return await self._told(self.phone.event(event, {"EventKey": "x"}, event), ())

    async def says_at_once(self, *said: tuple[str, str]) -> None:
        """Several messages without waiting for an answer; the answers must come in the order of the words."""
        for text, _ in said:
            self.phone.say(text)
        await self.hears(*(answer for _, answer in said))

    async def presses(self, bubble: Bubble, label: str, *answers: str) -> Bubble:
        """A button of a card: answered, and the card redrawn once."""
        return await self.chooses(bubble, {}, label, *answers)

    async def chooses(self, bubble: Bubble, chosen: Answers, label: str, *answers: str) -> Bubble:
        """The same after something was picked on the card; the last answer, as it came."""
        card = bubble.state.card if bubble.state else {}
        found = button_with(card, label)
        assert found is not None, (label, words_of(bubble))
        self.pressed.append(bubble)
        picked = selections_for(card, chosen)
        heard = await self._told(self.phone.press(bubble, found[1], picked, menu=found[0] == "action"), answers)
        await until(lambda: bool(bubble.updates), f"{self.userid}: the card redrawn after {label}", PATIENCE)
        return heard

    async def presses_again(self, bubble: Bubble, label: str, *answers: str) -> None:
        """A button that the phone shows no longer, by a click that was on its way."""
        assert bubble.sent is not None
        found = button_with(bubble.sent.body["template_card"], label)
        assert found is not None
        await self._told(self.phone.press(bubble, found[1], {}, force=True), answers)

    async def _told(self, mine: Bubble, answers: tuple[str, ...]) -> Bubble:
        await self.acknowledged(mine)
        return await self.hears(*answers) if answers else mine

    async def acknowledged(self, mine: Bubble) -> None:
        callback = mine.callback
        assert callback is not None
        await until(lambda: callback.state == "acked", f"{callback.id} acknowledged", PATIENCE)

    async def hears(self, *answers: str) -> Bubble:
        """The next messages, one each, in this order."""
        self.expected += answers
        await until(self._complete, lambda: f"{self.userid} hears {answers}; heard: {self._tail()}", PATIENCE)
        for place, answer in enumerate(self.expected):
            assert answer in words_of(self.heard[place]), (self.userid, place, answer, self._tail())
        return self.heard[len(self.expected) - 1]

    async def hears_in_any_order(self, answers: list[str]) -> list[Bubble]:
        """Messages that came at one moment by different ways."""
        begun = len(self.expected)
        await until(
            lambda: len(self.heard) >= begun + len(answers),
            lambda: f"{self.userid}: {answers}; heard: {self._tail()}",
            PATIENCE,
        )
        fresh = self.heard[begun:]
        found = [next(bubble for bubble in fresh if answer in words_of(bubble)) for answer in answers]
        self.expected += [next(a for a in answers if a in words_of(bubble)) for bubble in fresh]
        return found

    def _complete(self) -> bool:
        return len(self.heard) >= len(self.expected)

    @property
    def heard(self) -> list[Bubble]:
        return heard_by(self.sim, self.userid)

    def _tail(self) -> list[str]:
        return [words_of(bubble)[:400] for bubble in self.heard[-3:]]


class Rm(Person):
    """A relationship manager with a day's work."""

    def __init__(self, sim: Running, userid: str, customers: list[Customer], books: Expected) -> None:
        super().__init__(sim, userid)
        self.customers, self.books = customers, books
        self.open: list[VisitDone] = []

    async def morning(self, day: int) -> None:
        """Ask, log two visits, take one back, touch everything once, leave a form open."""
        first, second, third = (self.customers[(3 * day + offset) % len(self.customers)] for offset in range(3))
        await self.enters("您好")
        await self.says_at_once(*((f"查 {customer.name}", customer.name) for customer in (first, second, third)))
        self.open = []
        await self._visit_by_line(first, f"聊了续期{self.userid}{day}")
        await self._visit_by_words(second, f"看了新铺{self.userid}{day}")
        if day % 2 == 0:
            await self._undo()
        await self._odds_and_ends()
        await self.says("拜访", "哪位客户")
        self.books.talks[self.userid, "visit", "expired"] += 1
        self.books.fired["talk.expire"] += 1

    async def _visit_by_line(self, customer: Customer, note: str) -> None:
        asked = await self.says(f"拜访 {customer.name} 电话 接通 {note} 明天上午十点回访", note)
        await self.presses(asked, "保存", note)
        self._logged(VisitDone(self.userid, customer, "电话", note))
        await self.presses_again(asked, "保存", "")

    async def _visit_by_words(self, customer: Customer, note: str) -> None:
        await self.says_at_once(("拜访", "哪位客户"), (customer.name, ""), ("面访", ""), ("接通", ""), (note, ""))
        await self.sends_photo("1 张")
        place = f"示例路{self.userid}"
        await self.says("完成", "")
        await self.sends_place(place, "")
        await self.says_at_once(("明天上午十点", note), ("保存", note))
        self._logged(VisitDone(self.userid, customer, "面访", note, photos=1, place=place))

    def _logged(self, visit: VisitDone) -> None:
        self.open.append(visit)
        self.books.visits.append(visit)
        self.books.talks[self.userid, "visit", "done"] += 1
        self.books.recorded.update({"visit.logged": 1, "todo.created": 1, "photo.kept": visit.photos})

    async def _undo(self) -> None:
        await self.says("撤销", "已撤销")
        visit = self.open.pop()
        visit.undone = True
        self.books.todos[self.userid, visit.customer.number, "cancelled"] += 1
        self.books.recorded.update({"visit.undone": 1, "todo.cancelled": 1})

    async def _odds_and_ends(self) -> None:
        await self.opens_menu("cmd.mine.0", "名下客户")
        await self.sends_voice("文字、照片或位置")
        await self.sends_place("别处", "没有在填的记录")
        await self.causes("view")
        await self.causes("view_miniprogram")

    async def is_reminded(self) -> None:
        """Each promise of yesterday's comes back once; the first is put off for an hour, the others are done."""
        names = [visit.customer.name for visit in self.open]
        cards = await self.hears_in_any_order(names)
        self.books.fired["todo.remind"] += len(names)
        later, *others = zip(self.open, cards, strict=True)
        await self.presses(later[1], "稍后", later[0].customer.name)
        await self.presses(self.heard[-1], "1小时后", "再提醒您")
        self.books.recorded["todo.snoozed"] += 1
        self.books.talks[self.userid, "snooze", "done"] += 1
        for visit, card in others:
            await self.presses(card, "完成", "已完成", later[0].customer.name)
            self._done(visit)

    async def is_reminded_again(self) -> None:
        """What was put off comes back once more, and is done."""
        visit = self.open[0]
        card = await self.hears(visit.customer.name)
        self.books.fired["todo.remind"] += 1
        await self.presses(card, "完成", "已完成", "没有未完成的待办")
        self._done(visit)

    def _done(self, visit: VisitDone) -> None:
        self.books.todos[self.userid, visit.customer.number, "done"] += 1
        self.books.recorded["todo.done"] += 1


def mark_unlicensed(sim: Running, userid: str) -> None:
    """WeCom skips this person: whatever is written to them ends as dead."""
    sim.world.directory = replace(sim.world.directory, unlicensed=frozenset({userid}))


async def together(work: Iterable[Any]) -> None:
    """Side by side; the first failure ends all."""
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)
