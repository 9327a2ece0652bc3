"""The subject and the floor of rows 1 and 2, each a process: the callback alone, on a database or on nothing."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from aiohttp import web

from bot.app import SWITCH_INTERVAL
from bot.bench.service import settings_for
from bot.callback import Callback
from bot.clock import HouseClock
from bot.envelope import MAX_BYTES, Envelope
from bot.http import Runner, constant_errors
from storage.database import Database
from storage.group import Work, Worker
from storage.inbox import Received
from storage.opening import open_database

NOTHING = "nothing"
Json = dict[str, Any]


class Nowhere(Database):
    """The floor: callbacks are handed to a thread and back as with a database, and nothing is written."""

    def __init__(self, clock: HouseClock) -> None:
        super().__init__(clock)
        self._queue: SimpleQueue[Future[None] | None] = SimpleQueue()

    def start(self, worker: Worker | None) -> None:
        Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._queue.put(None)

    def receive(self, received: Received) -> Future[None]:
        future: Future[None] = Future()
        self._queue.put(future)
        return future

    def submit(self, work: Work) -> None:
        work.run(self.reader())

    def reader(self) -> Any:
        raise TypeError("there is no database here")

    def _serve(self) -> None:
        while (future := self._queue.get()) is not None:
            future.set_result(None)


async def serve(url: str, key_file: Path, beside: Callable[[Database], Json] | None = None) -> None:
    """Listen on a free port, say which, and end with SIGTERM. Nobody works on what is kept. What is done `beside`, on
    a thread of its own, is told when it has ended.
    """
    clock = HouseClock()
    database = Nowhere(clock) if url == NOTHING else open_database(url, key_file, clock)
    database.start(None)
    wecom = settings_for("", key_file).wecom
    envelope = Envelope(wecom.token.get_secret_value(), wecom.aes_key.get_secret_value(), wecom.corp_id)
    application = web.Application(middlewares=[constant_errors], client_max_size=MAX_BYTES)
    application.router.add_post("/wecom/callback", Callback(envelope, database, clock, wecom.agent_id).receive)
    runner = Runner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)  # noqa: T201 - the answer to who started it
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    if beside is not None:
        print(json.dumps(await asyncio.to_thread(beside, database)), flush=True)  # noqa: T201
    await ended.wait()
    await runner.cleanup()
    database.stop()


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
