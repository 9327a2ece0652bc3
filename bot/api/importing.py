"""A long delivery, carried out beside the loop: one after the other, and never twice under the same name."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import IO

import structlog

from handlers import deliveries
from handlers.deliveries import Call
from storage import api_answers
from storage.api_answers import LEASE, Answer, Asked, InHand
from storage.database import Database
from storage.imports.delivery import Delivery, deliver, refusal
from storage.imports.reader import Row
from storage.imports.rejection import FileRefused
from storage.imports.report import FileReport
from storage.imports.stream import csv_stream, ndjson_stream
from storage.unit import Unit

READERS: Mapping[str, str] = {"text/csv": "csv", "application/x-ndjson": "ndjson", "application/ndjson": "ndjson"}
PATIENCE, BETWEEN = 20.0, 0.2  # seconds to wait for the same request, and from look to look

log = structlog.get_logger("api")


def _rows(delivery: Delivery, kind: str, file: IO[bytes]) -> Iterator[Row]:
    if kind == "csv":
        return csv_stream(delivery.name, file)
    mine = delivery.grant.columns(delivery.name)
    return ndjson_stream(delivery.name, file, {each.name: each for each in delivery.spec.columns if each.name in mine})


class Importing:
    """Carries out imports; `await importing(call, delivery, kind, file)` gives the answer. Raises Refused."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one = asyncio.Semaphore(1)

    async def __call__(self, call: Call, delivery: Delivery, kind: str, file: IO[bytes]) -> Answer:
        if before := await self._begun(call):
            return before
        async with self._held(call), self._one:
            rows = _rows(delivery, kind, file)
            return await asyncio.to_thread(self._carried_out, call, delivery, rows)

    async def _begun(self, call: Call) -> Answer | None:
        """The answer of before; whoever asks while it is being found waits a while for it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while True:
            try:
                return await self._database.do(lambda unit: deliveries.begin(unit, call), "api.begin")
            except InHand:
                if loop.time() > until:
                    raise
                await asyncio.sleep(BETWEEN)

    def _carried_out(self, call: Call, delivery: Delivery, rows: Iterator[Row]) -> Answer:
        answers: list[Answer] = []

        def done(unit: Unit, report: FileReport) -> None:
            answers.append(deliveries.end(unit, call, "api.import", delivery, report))

        try:
            deliver(self._database, delivery, rows, done)
        except FileRefused as refused:
            self._database.run(partial(done, report=refusal(delivery, refused)), "api.import")
        return answers[-1]

    @asynccontextmanager
    async def _held(self, call: Call) -> AsyncIterator[None]:
        """The name stays ours while we are at it; when nothing came of it, it is free as soon as the lease ends."""
        holding = asyncio.create_task(self._hold(call.asked)) if call.asked else None
        try:
            yield
        finally:
            if holding is not None:
                holding.cancel()

    async def _hold(self, asked: Asked) -> None:
        while True:
            try:
                await self._database.do(lambda unit: api_answers.hold(unit, asked), "api.hold")
            except Exception as error:
                log.warning("api_hold_failed", error=type(error).__name__)
            await asyncio.sleep(LEASE / 3)
