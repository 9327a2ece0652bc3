"""The bot's lives: starts `rmbot serve`, learns of every death, starts it again, and decides who may die next."""

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0


@dataclass
class Replica:
    """One `rmbot serve`: its settings, and the process that is it just now."""

    name: str
    state: Path
    environment: dict[str, str]
    public_port: int
    admin_port: int
    pid: int = 0
    deaths: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Lives:
    """All replicas of one story. `hits` counts the deaths at each point."""

    def __init__(self, folder: Path, seed: int, in_peril: Callable[[], bool]) -> None:
        self.folder, self._in_peril = folder, in_peril
        self._dice = random.Random(seed)
        self._armed, self._hits_file = folder / "armed.json", folder / "hits.jsonl"
        self.hours_passed = folder / "hours_passed"
        self._armed.write_text("{}")
        self._hits_file.touch()
        self.wanted: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.kills = 0
        self.before_start: Callable[[], None] = lambda: None
        self.replicas: dict[str, Replica] = {}
        self._parent: Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._known = asyncio.Event()
        self._story: asyncio.Task[Any] | None = None
        self.error: BaseException | None = None
        self._stopping = False
        self.points: list[str] = []

    async def start(self, replicas: list[Replica], choose: Callable[[list[str]], Mapping[str, int]]) -> None:
        """Begin the first lives; `choose` says how often which of all points is to be hit."""
        command = [sys.executable, "-m", "tests.crash.child"]
        self._parent = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=1 << 20)
        self._story = asyncio.current_task()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._arm())]
        for task in self._tasks:
            task.add_done_callback(self._broken)
        await asyncio.wait_for(self._known.wait(), START_SECONDS)
        self.wanted = Counter(choose(self.points))
        for replica in replicas:
            self.replicas[replica.name] = replica
            self._begin(replica)

    def _broken(self, task: asyncio.Task[None]) -> None:
        """A life that ended otherwise than by SIGKILL ends the story, too."""
        if not task.cancelled() and (error := task.exception()) is not None and self._story is not None:
            self.error = error
            self._story.cancel(str(error))

    async def stop(self) -> None:
        """Whoever still lives is killed from outside."""
        self._stopping = True
        for task in self._tasks[1:]:
            task.cancel()
        if self._parent is not None and self._parent.stdin is not None:
            self._parent.stdin.close()
            await self._parent.wait()
        if self.error is not None:
            raise self.error

    @property
    def missing(self) -> list[str]:
        """The points that were not hit often enough yet."""
        return sorted(point for point, times in self.wanted.items() if self.hits[point] < times)

    def _begin(self, replica: Replica) -> None:
        assert self._parent is not None
        assert self._parent.stdin is not None
        replica.ended.clear()
        self.before_start()
        order = {
            "name": replica.name,
            "state": str(replica.state),
            "env": dict(replica.environment),
            "armed": str(self._armed),
            "hits": str(self._hits_file),
            "hours_passed": str(self.hours_passed),
            "log": str(self.folder / f"{replica.name}.log"),
        }
        self._parent.stdin.write(json.dumps(order).encode() + b"\n")

    async def _listen(self) -> None:
        assert self._parent is not None
        assert self._parent.stdout is not None
        while line := await self._parent.stdout.readline():
            self._told(json.loads(line))

    def _told(self, words: dict[str, Any]) -> None:
        if "points" in words:
            self.points = words["points"]
            self._known.set()
        elif "pid" in words:
            self.replicas[words["name"]].pid = words["pid"]
        else:
            self._ended(self.replicas[words["name"]], words["ended"])

    def _ended(self, replica: Replica, status: int) -> None:
        replica.pid = 0
        replica.deaths += 1
        self._read_hits()
        replica.ended.set()
        if not self._stopping:
            assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, self.log_of(replica)
            self._begin(replica)

    async def restarted(self) -> None:
        """Every replica ended from outside, and begun again."""
        for replica in self.replicas.values():
            await self._restart(replica)

    async def _restart(self, replica: Replica) -> None:
        await until(lambda: replica.pid != 0, f"{replica.name} lives")
        os.kill(replica.pid, signal.SIGKILL)
        await replica.ended.wait()

    def log_of(self, replica: Replica) -> str:
        return (self.folder / f"{replica.name}.log").read_text()[-3000:]

    def _read_hits(self) -> None:
        deaths = [json.loads(line) for line in self._hits_file.read_text().splitlines()]
        self.kills = len(deaths)
        self.hits = Counter(point for death in deaths for point in death)

    async def _arm(self) -> None:
        """Whoever dies disarms everybody; arm again when no update could be taken for a killer by one more death."""
        while True:
            disarmed = self._armed.read_text() == "{}"
            if disarmed and self._still_missing() and not await asyncio.to_thread(self._in_peril):
                self._write({point: self._dice.randrange(1 + min(self.hits[point], 1)) for point in self.missing})
            await asyncio.sleep(0.02)

    def _still_missing(self) -> bool:
        """Also after a death that nobody told of yet: it would be asked for once more."""
        self._read_hits()
        return bool(self.missing)

    def _write(self, armed: dict[str, int]) -> None:
        fresh = self._armed.with_suffix(".new")
        fresh.write_text(json.dumps(armed))
        fresh.replace(self._armed)


async def until(
    true: Callable[[], bool | Awaitable[bool]], what: str | Callable[[], str], seconds: float = 60.0
) -> None:
    """Wait for something to become true; the failure says what did not."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        late = asyncio.get_running_loop().time() >= deadline
        assert not late, f"after {seconds} s still not: {what if isinstance(what, str) else what()}"
        await asyncio.sleep(0.02)
