"""The interface killed before and after each of its commits: whoever asks again is answered, and it was done once."""

from pathlib import Path

import pytest

from tests.crash.lives import until
from tests.crash.stage import staged
from tests.crash.troubles import troubles
from tests.crash.verdict import chain, deliveries

DAYS = 30


def _of_the_interface(points: list[str]) -> dict[str, int]:
    return {point: 1 for point in points if " api." in point or "answers." in point}


@pytest.mark.full
@pytest.mark.timeout(900)
async def test_another_system_hears_its_answer_through_every_death(
    bank_url: tuple[str, Path], bank: Path, tmp_path: Path
) -> None:
    async with staged(*bank_url, bank, tmp_path, _of_the_interface) as stage:
        for day in range(DAYS):
            await troubles(stage, day)
            stage.advance(hours=25)
            await until(lambda: stage.count("api_answer") == 0, "answers are gone after their day")
            if not stage.lives.missing:
                break
        await stage.settled()
        deliveries(stage)
        chain(stage)
        assert stage.lives.missing == []
        assert stage.lives.kills >= 20
