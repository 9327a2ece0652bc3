"""Many ends, few wake-ups: every waiter gets what its future ended with, whichever thread ended it and when."""

import asyncio
from concurrent.futures import Future
from threading import Thread

import pytest

from bot.arrivals import Arrivals

THREADS, EACH = 4, 500


async def test_every_waiter_gets_its_own_end() -> None:
    arrivals = Arrivals()
    futures: list[Future[None]] = [Future() for _ in range(THREADS * EACH)]
    waiters = [arrivals.of(future) for future in futures]

    def end(part: list[Future[None]]) -> None:
        for number, future in enumerate(part):
            if number % 7:
                future.set_result(None)
            else:
                future.set_exception(ValueError(str(number)))

    threads = [Thread(target=end, args=(futures[start::THREADS],)) for start in range(THREADS)]
    for thread in threads:
        thread.start()
    ended = await asyncio.wait_for(asyncio.gather(*waiters, return_exceptions=True), 10)
    for thread in threads:
        thread.join()
    assert [type(error) for error in ended] == [type(future.exception()) for future in futures]
    assert {str(error) for error in ended if error} == {str(number) for number in range(0, EACH, 7)}


async def test_what_has_already_ended_arrives() -> None:
    future: Future[None] = Future()
    future.set_exception(OSError("full"))
    with pytest.raises(OSError, match="full"):
        await Arrivals().of(future)


async def test_a_waiter_that_went_away_takes_nobody_along() -> None:
    arrivals = Arrivals()
    left, stayed = Future[None](), Future[None]()
    gone = asyncio.ensure_future(arrivals.of(left))
    waiting = asyncio.ensure_future(arrivals.of(stayed))
    gone.cancel()
    left.set_exception(ValueError("nobody listens"))
    stayed.set_result(None)
    await asyncio.wait_for(waiting, 5)
    assert gone.cancelled()
