"""A card that nobody may press any more, before it left: a notice stays, an answer goes."""

from pathlib import Path

import pytest

from storage import outbox
from storage.opening import open_database
from storage.outbox import Lane, OutKind
from storage.unit import Unit
from tests.storage.deeds import Clocks


@pytest.mark.parametrize(
    ("lane", "stays"), [(Lane.INTERACTIVE, False), (Lane.DEADLINE, True), (Lane.DIGEST, True)], ids=str
)
def test_only_a_notice_is_taken_out_of_play(migrated_url: str, tmp_path: Path, lane: Lane, stays: bool) -> None:
    def settled_before_it_left(unit: Unit) -> set[str]:
        outbox.put(unit, msg_key="m", lane=lane, kind=OutKind.SEND, recipient="rm01", body={"n": 1}, task_id="card")
        return outbox.supersede(unit, ["rm01"], ["card"])

    database = open_database(migrated_url, tmp_path / "key", Clocks())
    database.start(None)
    assert database.run(settled_before_it_left) == ({"card"} if stays else set())
    database.stop()
