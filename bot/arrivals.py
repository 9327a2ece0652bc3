"""Brings what ended on other threads back to the event loop: however many end together, the loop is woken once."""

import asyncio
from collections import deque
from collections.abc import Awaitable
from concurrent.futures import Future

Ended = tuple[asyncio.Future[None], Future[None]]


class Arrivals:
    """`await arrivals.of(future)`; asyncio's own way costs a system call for each of them."""

    def __init__(self) -> None:
        self._ended: deque[Ended] = deque()
        self._woken = False

    def of(self, future: "Future[None]") -> Awaitable[None]:
        """What `future` ends with; a waiter that goes away leaves it alone."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        future.add_done_callback(lambda ended: self._note(loop, (waiter, ended)))
        return waiter

    def _note(self, loop: asyncio.AbstractEventLoop, arrived: Ended) -> None:
        """On whatever thread ended it. Added before the look, emptied after the flag falls: none is overlooked."""
        self._ended.append(arrived)
        if not self._woken and not loop.is_closed():
            self._woken = True
            loop.call_soon_threadsafe(self._announce)

    def _announce(self) -> None:
        self._woken = False
        while self._ended:
            waiter, ended = self._ended.popleft()
            error = ended.exception()
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
