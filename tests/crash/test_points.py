"""Every point has one story that reaches it: known on every day, not on the day that the sample comes to it."""

from collections import Counter

from tests.crash.points import all_points, name_of
from tests.crash.stories import STORIES


def test_every_commit_and_call_has_its_story() -> None:
    told = Counter(name for reaches in STORIES.values() for name in reaches)
    points = {name_of(point) for point in all_points()}
    assert points - set(told) == set(), "no story: give these one, in tests/crash/troubles.py or elsewhere"
    assert set(told) - points == set(), "no point any more"
    assert [name for name, times in told.items() if times > 1] == []
