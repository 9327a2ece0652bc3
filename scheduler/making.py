"""Files that people wait for are made one after another, by whichever replica is free; what is over is deleted."""

import asyncio

from handlers import making
from handlers.context import House
from storage import made_files
from storage.database import Database


class Making:
    """Asked often."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house

    async def __call__(self) -> None:
        while await self._database.read(made_files.any_wanted):
            if not await asyncio.to_thread(making.make_next, self._database, self._house):
                break
        while await self._database.read(made_files.any_over):
            await self._database.do(made_files.sweep, "file.sweep")
