"""The morning's care, its process killed again and again: each finding once, and one digest for each who has some."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.chats.conftest import AS_OF
from tests.crash.lives import until
from tests.crash.people import PATIENCE, heard_by, words_of
from tests.crash.points import name_of
from tests.crash.stage import Stage, staged
from tests.crash.stories import THE_MORNING
from tests.crash.test_crash import EACH
from tests.scheduler.care_model import TODAY, expected

OVER = f"cron_run WHERE job = 'care.digest' AND slot = '{TODAY}'"


def the_morning(points: list[str]) -> Mapping[str, int]:
    return {point: EACH for point in points if name_of(point) in THE_MORNING}


@pytest.mark.full
@pytest.mark.timeout(600)
async def test_a_morning_of_deaths(
    bank_url: tuple[str, Path], bank: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with staged(*bank_url, bank, tmp_path, the_morning, cares=True) as stage:
        await until(lambda: stage.count(OVER) == 1, "the morning is over", PATIENCE)
        await stage.settled()
    hits = expected(bank, AS_OF)
    assert _found(stage) == Counter(hits)
    owners = {owner for *_, owner in hits if owner}
    assert _told(stage) == dict.fromkeys(owners, 1)
    assert stage.lives.missing == []
    record_property("told", f"{dict(stage.lives.hits)}, {len(hits)} findings, {len(owners)} digests")


def _found(stage: Stage) -> Counter[tuple[str, ...]]:
    """Every finding, and whose one to-do it became."""
    columns = "finding.rule, finding.customer_id, finding.episode, todo.owner"
    rows = stage.look(f"SELECT {columns} FROM finding LEFT JOIN todo ON todo.source_id = finding.id")
    return Counter(map(tuple, rows))


def _told(stage: Stage) -> dict[str, int]:
    """How many messages came to each phone; all are digests."""
    people = [userid for userid, shown in stage.sim.world.timeline.of.items() if shown]
    heard = {userid: heard_by(stage.sim, userid) for userid in people}
    assert all("今日提醒" in words_of(bubble) for bubbles in heard.values() for bubble in bubbles)
    return {userid: len(bubbles) for userid, bubbles in heard.items()}
