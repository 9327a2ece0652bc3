"""The patience of a form ends at the moment its RM says something: it is put away once, and the RM hears so once."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.inbox import Received
from storage.timers import DueTimer
from tests.races.day import both
from tests.races.replicas import Hand, Replicas, two_replicas
from tests.races.test_races import CELLS, MONDAY, Tell, fill

ROUNDS = 5
BY_TIMER, BY_WORDS = "先收起来了", "这一份已经收起来了"

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.mark.timeout(300)
def test_put_away_once(migrated_url: str, tmp_path: Path, record_property: Tell) -> None:
    ends: Counter[str] = Counter()
    fill(migrated_url, tmp_path, 1)
    with two_replicas(migrated_url, tmp_path / "key", MONDAY) as replicas:
        for _ in range(ROUNDS):
            ends.update(race(replicas))
        assert (replicas.deadlocks(), replicas.told_of_weather()) == (0, Counter())
    record_property("told", dict(ends))


def race(replicas: Replicas) -> list[str]:
    replicas.hand([(cell.number % 2, replicas.said(cell.rm, "拜访")) for cell in CELLS])
    replicas.settled()
    replicas.passes(minutes=31)
    replicas.answers()
    pairs = [(timer, replicas.said(timer.person, "聊了理财")) for timer in replicas.due("talk:%")]
    assert len(pairs) == len(CELLS)
    for timer, said in pairs:
        replicas.hand(hands(replicas, timer, said))
    replicas.settled()
    heard = replicas.answers()
    assert forms(replicas) == {"expired"}
    return [judge(heard, timer, said) for timer, said in pairs]


def hands(replicas: Replicas, timer: DueTimer, said: Received) -> list[Hand]:
    """The timer at both, the words before, between or after."""
    place = replicas.number() % 3
    found = both(replicas, timer)
    return [*found[:place], (replicas.number() % 2, said), *found[place:]]


def judge(heard: Mapping[str, Mapping[str, str]], timer: DueTimer, said: Received) -> str:
    told = heard.get(f"timer:{timer.id}", {}).get(timer.person, "")
    answer = heard[said.dedup_key][said.person]
    assert told.count(BY_TIMER) + answer.count(BY_WORDS) == 1, (told, answer)
    return "by the timer" if told else "by the words"


def forms(replicas: Replicas) -> set[str]:
    """How all the forms stand."""
    return {row.status for row in replicas.look(lambda unit: unit.rows(sa.select(schema.conversation.c.status)))}
