"""`rmbot serve` killed with SIGKILL before and after every kind of commit and every kind of send."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.crash.complaint import Complaint
from tests.crash.keeping import copies_come_due, glasses_are_looked_at, wishes_are_over
from tests.crash.people import Rm, together
from tests.crash.points import name_of
from tests.crash.staffing import the_night, what_was_passed_on_is_long_over
from tests.crash.stage import Stage, customers_of, staged
from tests.crash.stories import THE_MORNING
from tests.crash.troubles import troubles
from tests.crash.verdict import judge

EACH, SAMPLE = 5, 12
DAYS = 12
Choose = Callable[[list[str]], Mapping[str, int]]


def every_point(times: int) -> Choose:
    return lambda points: dict.fromkeys(_here(points), times)


def _here(points: list[str]) -> list[str]:
    """The morning's care has a story of its own."""
    return [point for point in points if name_of(point) not in THE_MORNING]


def sample_of_today(points: list[str]) -> Mapping[str, int]:
    """Another dozen every day, so that all come round within three weeks."""
    ordered = random.Random(1).sample(_here(points), len(_here(points)))
    begin = datetime.now(UTC).toordinal() * SAMPLE % len(ordered)
    return dict.fromkeys((ordered + ordered)[begin : begin + SAMPLE], 1)


async def tell(stage: Stage, rms: list[str], days: int) -> None:
    """Day after day until every point was hit as often as it must be; then a last quiet one."""
    people = [Rm(stage.sim, userid, customers_of(stage.bank, userid), stage.books) for userid in rms]
    stage.people |= {person.userid: person for person in people}
    stage.lives.before_start = lambda: _trouble_at_start(stage)
    for day in range(days):
        await a_day(stage, people, day)
        if not stage.lives.missing:
            break


async def a_day(stage: Stage, people: list[Rm], day: int) -> None:
    complaint = Complaint(stage, day)
    stage.begin_day(day)
    await together([complaint.is_filed(), *(rm.morning(day) for rm in people)])
    await stage.settled()
    stage.advance(minutes=31)
    await together([complaint.is_accepted(), *(rm.hears("收起来了") for rm in people)])
    await complaint.is_given_time()
    await complaint.is_proposed()
    await troubles(stage, day)
    await the_next_day(stage)
    await together(
        [
            complaint.is_a_day_old(),
            glasses_are_looked_at(stage),
            wishes_are_over(stage),
            *(rm.is_reminded() for rm in people),
        ]
    )
    await complaint.is_closed()
    stage.advance(minutes=61)
    await together(rm.is_reminded_again() for rm in people)
    await stage.settled()
    await copies_come_due(stage)
    await what_was_passed_on_is_long_over(stage)
    await stage.settled()


async def the_next_day(stage: Stage) -> None:
    """An hour later than now, by way of the night."""
    then = stage.sim.world.clock.now() + timedelta(hours=25)
    await the_night(stage)
    stage.sim.world.clock.set(then)


def _trouble_at_start(stage: Stage) -> None:
    """While those points are wanting: the menu is gone and the token is void when the bot starts. The key file is the
    one that opens the database."""
    for replica in stage.lives.replicas.values():
        replica.environment["RMBOT_CRYPTO__KEY_FILE"] = str(stage.key_file)
    if any("menu/" in point for point in stage.lives.missing):
        stage.sim.world.menu = None
    if any("gettoken" in point for point in stage.lives.missing):
        stage.sim.world.tokens.reset()


def table(stage: Stage, facts: Mapping[str, int], file: Path) -> str:
    """The points and the deaths at each, also as a file."""
    lives = stage.lives
    lines = [f"{lives.hits[point]:4}  {point}" for point in lives.points if lives.wanted[point]]
    summary = f"{lives.kills} kills at {len(lines)} points, {facts}"
    text = "\n".join([*lines, summary, ""])
    file.write_text(text, encoding="utf-8")
    return text


@dataclass
class Theatre:
    """Where the stories are played: the database, the bank, a folder, and how the report is told."""

    url: str
    key_file: Path
    bank: Path
    folder: Path
    tell: Callable[[str, object], None]

    async def play(self, choose: Choose, rms: list[str], *, replicas: int = 1) -> None:
        async with staged(self.url, self.key_file, self.bank, self.folder, choose, replicas) as stage:
            await tell(stage, rms, DAYS)
            await stage.settled()
            await asyncio.sleep(0.5)
        self.tell("told", table(stage, judge(stage), self.folder / "points.txt"))
        assert stage.lives.missing == []


@pytest.fixture
def theatre(
    bank_url: tuple[str, Path], bank: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> Theatre:
    return Theatre(*bank_url, bank, tmp_path, record_property)


@pytest.mark.timeout(600)
async def test_a_sample_of_deaths_changes_nothing(theatre: Theatre) -> None:
    await theatre.play(sample_of_today, ["rm01"])


@pytest.mark.full
@pytest.mark.timeout(3600)
async def test_deaths_at_every_point_change_nothing(theatre: Theatre) -> None:
    await theatre.play(every_point(EACH), ["rm01", "rm02", "rm03"])


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_replicas_that_die_in_turn_change_nothing(theatre: Theatre) -> None:
    await theatre.play(every_point(1), ["rm01", "rm02", "rm03"], replicas=2)
