"""Updates that take their process down: noted, run alone, dead after three deaths; their neighbours are innocent."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage import inbox
from storage.inbox import InboxRow
from storage.unit import Unit
from tests.fork_server import Forked
from tests.storage.deeds import Deeds, assert_whole, marks, opened, received, settled, states

CHILD = "tests.storage.test_killer:live"
LIVES = 25


class Mortal(Deeds):
    """`kill-once` kills the process the first time it runs, wherever that is."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = Path(folder)

    def handle(self, unit: Unit, row: InboxRow) -> None:
        super().handle(unit, row)
        if row.dedup_key.startswith("once") and not (scar := self._folder / row.dedup_key).exists():
            scar.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def live(url: str, folder: str, rows: str, *redelivered: str) -> None:
    """One life of a replica: takes in what is delivered again, works the inbox off, ends."""
    with opened(url, Path(folder), Mortal(folder)) as database:
        for key in redelivered:
            database.receive(received(key, f"p-{key}", "kill" if key.startswith("x") else "do"))
        settled(database, int(rows))


def lives(url: str, folder: Path, rows: int, redelivered: Sequence[str] = ()) -> list[int]:
    """Exit codes of one life after the other until one ends by itself."""
    codes: list[int] = []
    while len(codes) < LIVES and (not codes or codes[-1] != 0):
        with Forked(CHILD, url, str(folder), str(rows), *redelivered, stdout=subprocess.DEVNULL) as child:
            codes.append(child.wait(60))
    return codes


def put_in(url: str, folder: Path, keys: Sequence[str]) -> None:
    with opened(url, folder) as database:
        for key in keys:
            database.receive(received(key, f"p-{key}", "kill" if key.startswith("x") else "do")).result(30)


@pytest.mark.parametrize("killers", [["x"], pytest.param(["x1", "x2"], marks=pytest.mark.full)])
def test_a_killer_dies_after_three_deaths_alone(migrated_url: str, tmp_path: Path, killers: list[str]) -> None:
    neighbours = [f"n{number}" for number in range(6)]
    put_in(migrated_url, tmp_path, [*neighbours[:3], *killers, *neighbours[3:]])
    codes = lives(migrated_url, tmp_path, 6 + len(killers))
    # Once in a group, beside the neighbours (with two workers, both groups at once), then three times alone.
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert 3 * len(killers) <= len(codes) - 1 <= 4 * len(killers)
    with opened(migrated_url, tmp_path) as database:
        found = states(database)
        assert {key: found.pop(key) for key in killers} == dict.fromkeys(killers, ("dead", "ProcessKiller"))
        assert {state for state, _ in found.values()} == {"done"}
        assert marks(database) == sorted(
            [*(("handled", key) for key in neighbours), *(("poisoned", key) for key in killers)]
        )
        assert_whole(database)


def test_who_kills_once_is_handled_in_the_next_life(migrated_url: str, tmp_path: Path) -> None:
    keys = ["n0", "once1", "n1", "once2", "n2"]
    put_in(migrated_url, tmp_path, keys)
    codes = lives(migrated_url, tmp_path, 5)
    assert codes == [-signal.SIGKILL, -signal.SIGKILL, 0]
    with opened(migrated_url, tmp_path) as database:
        assert set(states(database).values()) == {("done", None)}
        assert marks(database) == sorted(("handled", key) for key in keys)
        assert_whole(database)


def test_a_killer_that_is_delivered_again_and_again_dies_too(migrated_url: str, tmp_path: Path) -> None:
    """On SQLite the row is never kept beside the unit that kills: the note must outlive it."""
    codes = lives(migrated_url, tmp_path, 3, ["n0", "x", "n1"])
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert len(codes) - 1 <= 5
    with opened(migrated_url, tmp_path) as database:
        assert states(database) == {"n0": ("done", None), "x": ("dead", "ProcessKiller"), "n1": ("done", None)}
        assert marks(database) == [("handled", "n0"), ("handled", "n1"), ("poisoned", "x")]
        assert_whole(database)


def test_a_dead_letter_gets_another_life_with_a_reason(migrated_url: str, tmp_path: Path) -> None:
    put_in(migrated_url, tmp_path, ["x"])
    lives(migrated_url, tmp_path, 1)
    with opened(migrated_url, tmp_path) as database:
        ((row_id, person, kind, error, _),) = database.read_now(inbox.dead_letters)
        assert (person, kind, error) == ("p-x", "said", "ProcessKiller")
        assert database.run(lambda unit: inbox.requeue(unit, row_id, "修好了"))
        assert not database.run(lambda unit: inbox.requeue(unit, row_id, "再来一次"))

    class Repaired(Deeds):
        epochs: tuple[int, ...] = ()

        def handle(self, unit: Unit, row: InboxRow) -> None:
            self.epochs += (row.epoch,)

    deeds = Repaired()
    with opened(migrated_url, tmp_path, deeds) as database:
        settled(database, 1)
        assert states(database) == {"x": ("done", None)}
        assert deeds.epochs == (1,)
