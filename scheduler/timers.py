"""Timers that have come due, each fired once as an Update of its own (design decision 8)."""

from concurrent.futures import Future
from typing import Any

from domain.ids import UserId
from domain.refusal import Refused
from domain.update import Update, UpdateKind
from handlers.context import House
from handlers.dispatch import dispatch, give_up, refuse
from storage import timers
from storage.database import Database
from storage.group import Work, promise
from storage.timers import DueTimer
from storage.unit import Unit


def fire_due(database: Database, house: House) -> list[Future[Any]]:
    """Queue a unit for every timer that is due; whichever replica's unit comes first fires it."""
    futures = []
    for timer in database.read_now(timers.due):
        work = timer_work(house, timer)
        database.submit(work)
        assert work.future is not None
        futures.append(work.future)
    return futures


def timer_work(house: House, timer: DueTimer) -> Work:
    def update(unit: Unit) -> Update:
        return Update(
            kind=UpdateKind.TIMER,
            person=UserId(timer.person),
            key=f"timer:{timer.id}",
            now=unit.now,
            verb=timer.kind,
            subject=timer.subject,
        )

    def run(unit: Unit) -> None:
        if timers.fire(unit, timer):
            dispatch(unit, house, update(unit))

    def failed(unit: Unit, error: Exception) -> None:
        if not timers.fire(unit, timer):
            return
        if isinstance(error, Refused):
            refuse(unit, house, update(unit), error)
        else:
            give_up(unit, house, update(unit), error)

    def lapse(unit: Unit, _error: Exception) -> None:
        timers.fire(unit, timer)

    return Work(f"timer.{timer.kind}", run, (failed, lapse), promise())
