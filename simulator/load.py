"""Presses an application hard: told in lines of JSON on standard input what to send, answers in lines what came of it.

`python -m simulator.load FOLDER` is a strict simulated WeCom with the people of FOLDER, in calm weather.
"""

import asyncio
import json
import sys
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator.actions import Phone
from simulator.app import Running, start
from simulator.delivery import Callback, seal
from simulator.directory import from_folder
from simulator.inbound import message
from simulator.ledger import Call
from simulator.rush import rush
from simulator.stories import Step, Stories, took

Json = dict[str, Any]
QUIET, PATIENCE, ANSWER_PATIENCE = 3.0, 180.0, 20.0


@dataclass(frozen=True)
class Load:
    """The phones and what is known of them."""

    sim: Running

    async def aim(self, url: str) -> Json:
        """Where callbacks go from now on."""
        self.sim.world.app = replace(self.sim.world.app, callback_url=url)
        return {}

    async def seal(self, texts: list[list[str]]) -> Json:
        """Envelopes of text messages, not sent: query and body of each."""
        world = self.sim.world
        return {"sealed": [self._sealed(userid, text) for userid, text in texts], "corp_id": world.app.corp_id}

    def _sealed(self, userid: str, text: str) -> tuple[str, str]:
        app, epoch = self.sim.world.app, self.sim.world.clock.epoch()
        envelope = seal(app, message(app, userid, epoch, "text", {"Content": text}), epoch)
        return envelope.url.partition("?")[2], envelope.body

    async def rush(self, amount: int, in_flight: int) -> Json:
        return await rush(self.sim.world.app, amount, in_flight)

    async def turns(self, texts: list[list[str]], rate: float) -> Json:
        """Let people say `texts` at `rate` a second, wait for what they are told, and report every time."""
        world, loop = self.sim.world, asyncio.get_running_loop()
        world.clear()
        callbacks: list[Callback] = []
        late, started = 0.0, loop.time()
        for number, (userid, text) in enumerate(texts):
            pause = started + number / rate - loop.time()
            late = max(late, -pause)
            if pause > 0 or number % 20 == 0:
                await asyncio.sleep(max(0.0, pause))
            callbacks.append(_say(self.sim, userid, text))
        sent = loop.time() - started
        await self._settle()
        drained = loop.time() - started - world.quiet_for()
        return {"sent": sent, "drained": drained, "late": late, **_times(self.sim, callbacks), **_said(self.sim)}

    async def live(self, stories: list[list[Json]], rate: float, patience: float = ANSWER_PATIENCE) -> Json:
        """Let people live their stories, `rate` steps a second of all together."""
        self.sim.world.clear()
        told = [[Step(**step) for step in steps] for steps in stories]
        return await Stories(self.sim.world, told, rate, patience).lived()

    async def settle(self) -> Json:
        """What everybody was told by the time nothing more comes."""
        await self._settle()
        return _said(self.sim)

    async def _settle(self) -> None:
        loop, world = asyncio.get_running_loop(), self.sim.world
        end = loop.time() + PATIENCE
        while (world.busy or world.quiet_for() < QUIET) and loop.time() < end:  # noqa: ASYNC110 - quiet has no event
            await asyncio.sleep(0.05)


def _say(sim: Running, userid: str, text: str) -> Callback:
    member = sim.world.member(userid)
    assert member is not None
    callback = Phone(sim.world, member).say(text).callback
    assert callback is not None
    return callback


def _times(sim: Running, callbacks: list[Callback]) -> Json:
    return {
        "acks": [callback.ack_ms for callback in callbacks if callback.ack_ms is not None],
        "turns": list(_turns(sim, callbacks)),
        "states": [callback.state for callback in callbacks],
        "refused": sum(copy.status == 503 for callback in callbacks for copy in callback.copies),
        "unanswered": sum(copy.status == 0 for callback in callbacks for copy in callback.copies),
    }


def _turns(sim: Running, callbacks: list[Callback]) -> Iterator[float]:
    """Milliseconds from each saying to its answer: a person's answers come in the order of the words."""
    answers: dict[str, deque[Call]] = defaultdict(deque)
    for call in sim.world.ledger.since(0, "message/send"):
        for delivery in call.deliveries:
            answers[delivery.userid].append(call)
    for callback in callbacks:
        if callback.state == "acked" and answers[callback.userid]:
            yield took(callback, answers[callback.userid].popleft())


def _said(sim: Running) -> Json:
    """What each person was told, in order."""
    told: dict[str, list[str]] = {}
    for call in sim.world.ledger.since(0, "message/send"):
        for delivery in call.deliveries:
            told.setdefault(delivery.userid, []).append(_title(call))
    lost = sum(delivery.fate != "delivered" for call in sim.world.ledger.calls for delivery in call.deliveries)
    return {"told": told, "dropped": lost, "violations": len(sim.world.ledger.violations())}


def _title(call: Call) -> str:
    body: Mapping[str, Any] = call.body
    return json.dumps(body[body["msgtype"]], ensure_ascii=False)[:600]


def _tell(answer: Json) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def serve(folder: Path) -> None:
    """Obey until the input ends."""
    sim = await start()
    world = sim.world
    world.directory = from_folder(folder)
    world.settings = replace(world.settings, weather="calm")
    _tell({"url": sim.url})
    load = Load(sim)
    orders: dict[str, Callable[..., Awaitable[Json]]] = {
        "aim": load.aim, "seal": load.seal, "rush": load.rush, "turns": load.turns, "settle": load.settle,
        "live": load.live,
    }  # fmt: skip
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        _tell(await orders[order.pop("do")](**order))
    await sim.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
