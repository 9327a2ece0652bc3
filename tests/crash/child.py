"""Runs `rmbot serve` again and again, each life a fork of this process that kills itself at the points it is told.

Reads one JSON line for each life to start and writes one when it began and one when it ended. The points are
installed from outside, in the child alone; the file of armed points is read anew whenever it changes.
"""

import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot import callback, channel, cli, retry, sender, token, valve, wecom_client, worker
from bot.packs import default_pack, shipped_processes
from bot.sms import gateway
from storage import attempts, inbox, label_runs
from storage.database import Database
from storage.group import Group
from tests.crash.points import (
    AFTER,
    ANSWERED,
    ASKING,
    BEFORE,
    KEPT_FIRST,
    KEPT_LAST,
    NOTED,
    NOTED_ALONE,
    SMS,
    all_points,
    unit_point,
)

KILLER, POISON = "杀手", "毒药"
OK = 200


class Crash:
    """Ends this process where it is told to; what a dying process writes first is only for the report."""

    def __init__(self, armed: Path, hits: Path) -> None:
        self._armed, self._hits = armed, hits
        self._read_at = 0
        self._left: dict[str, int] = {}

    def at(self, *points: str) -> None:
        """Passed by; the last pass that an armed point allows is the end."""
        self._reread()
        for point in points:
            if point in self._left:
                self._left[point] -= 1
                if self._left[point] < 0:
                    self.now(points)

    def now(self, points: Iterable[str]) -> None:
        """Nobody else dies until the parent has looked at what this death left behind."""
        with self._hits.open("a") as file:
            file.write(json.dumps(sorted(set(points))) + "\n")
        self._armed.write_text("{}")
        os.kill(os.getpid(), signal.SIGKILL)

    def _reread(self) -> None:
        changed = self._armed.stat().st_mtime_ns
        if changed != self._read_at:
            self._read_at = changed
            self._left = json.loads(self._armed.read_text() or "{}")


def install(crash: Crash) -> None:
    """Wrap what commits, what calls WeCom and what answers it."""
    _after(Group, "link", lambda group: crash.at(*_points(BEFORE, group)))
    _before(Database, "told", lambda _database, group: crash.at(*_points(AFTER, group)))
    _after(inbox, "insert", lambda *_: crash.at(KEPT_FIRST))
    _after(attempts, "note", lambda *_: crash.at(NOTED))
    _after(attempts, "note_alone", lambda *_: crash.at(NOTED_ALONE))
    _around_answers(crash)
    _around_requests(crash)
    _around_text_messages(crash)
    _before(worker.InboxWorker, "handle", lambda _worker, _unit, row: _misbehave(crash, row))


class CertainWithin:
    """Seconds within which a repeated message is swallowed: none while the parent says that hours have passed."""

    def __init__(self, hours_passed: Path) -> None:
        self._hours_passed, self._seconds = hours_passed, retry.CERTAIN_WITHIN

    def __lt__(self, seconds: float) -> bool:
        return self._hours_passed.exists() or self._seconds < seconds


def hasten(hours_passed: Path) -> None:
    """Machine time cannot be moved: what a dead process leaves leased is free after a second, not after forty."""
    channel.LEASE_SECONDS, token.LEASE_SECONDS = 1.0, 1.0
    vars(channel).update(pause_after=lambda _times: 0.2)
    vars(valve).update(pause_after=lambda _times, _pauses: 0.2)
    vars(sender).update(CERTAIN_WITHIN=CertainWithin(hours_passed))
    label_runs.LEASE = 1.0


def _points(when: str, group: Group) -> list[str]:
    return [unit_point(when, outcome.work.name) for outcome in group.outcomes]


def _misbehave(crash: Crash, row: inbox.InboxRow) -> None:
    """The planted messages: one that takes its process down each time, one that fails until it is requeued."""
    text = json.loads(row.body).get("text", "")
    if text.startswith(KILLER):
        crash.now([KILLER])
    if text.startswith(POISON) and row.epoch == 0:
        raise ArithmeticError


def _after(owner: Any, name: str, look: Callable[..., None]) -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any) -> Any:
        result = original(*args)
        look(*args)
        return result

    setattr(owner, name, wrapped)


def _before(owner: Any, name: str, look: Callable[..., None]) -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any) -> Any:
        look(*args)
        return original(*args)

    setattr(owner, name, wrapped)


def _around_answers(crash: Crash) -> None:
    original = callback.Callback._receive

    async def receive(self: Any, request: Any) -> Any:
        response = await original(self, request)
        if response.status == OK:
            crash.at(KEPT_LAST)
        return response

    callback.Callback._receive = receive  # type: ignore[method-assign]


def _around_requests(crash: Crash) -> None:
    original = wecom_client.WecomClient._request

    async def request(self: Any, method: str, path: str, *given: Any, **named: Any) -> Any:
        crash.at(f"{ASKING} {path}")
        answer = await original(self, method, path, *given, **named)
        crash.at(f"{ANSWERED} {path}")
        return answer

    wecom_client.WecomClient._request = request  # type: ignore[method-assign]


def _around_text_messages(crash: Crash) -> None:
    original = gateway.GatewayProvider.send

    async def send(self: Any, id: str, mobile: str, text: str) -> str:
        crash.at(f"{ASKING} {SMS}")
        receipt = await original(self, id, mobile, text)
        crash.at(f"{ANSWERED} {SMS}")
        return receipt

    gateway.GatewayProvider.send = send  # type: ignore[method-assign]


def live(order: dict[str, Any]) -> None:
    """One life: the command line of `rmbot serve`, and nothing of this file's but the crash points."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["env"])
    sys.argv = ["rmbot", "--state", order["state"], "serve"]
    hasten(Path(order["hours_passed"]))
    install(Crash(Path(order["armed"]), Path(order["hits"])))
    cli.main()


def main() -> None:
    """Fork a life for each order, tell of every end, until the orders end. What is read once is read before: a life
    begins with it."""
    default_pack(), shipped_processes()
    tell(points=all_points())
    lives: dict[int, str] = {}
    waiting = b""
    while True:
        if select.select([0], [], [], 0.005)[0]:
            read = os.read(0, 65536)
            if not read:
                return end(lives)
            *orders, waiting = (waiting + read).split(b"\n")
            for order in orders:
                begin(json.loads(order), lives)
        while lives and (ended := os.waitpid(-1, os.WNOHANG))[0]:
            tell(name=lives.pop(ended[0]), ended=ended[1])


def begin(order: dict[str, Any], lives: dict[int, str]) -> None:
    pid = os.fork()
    if pid == 0:
        os.close(0)
        live(order)
    lives[pid] = order["name"]
    tell(name=order["name"], pid=pid)


def end(lives: dict[int, str]) -> None:
    """The last death of all is from outside, too."""
    for pid in lives:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def tell(**words: object) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    main()
