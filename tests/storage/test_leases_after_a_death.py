"""Messages a dead process had in hand: at once where nobody else can hold them, after the lease where a replica may."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import outbox, schema
from storage.opening import open_database
from storage.outbox import Lane, OutKind
from storage.unit import Unit
from tests.storage.deeds import Clocks, Deeds


def in_hand(unit: Unit) -> None:
    outbox.put(
        unit, msg_key="m", lane=Lane.INTERACTIVE, kind=OutKind.SEND, recipient="rm01", body={"n": 1}, task_id=None
    )
    held = schema.outbox.update().values(state=outbox.LEASED, lease_token="dead", lease_until=unit.machine_now + 40)
    unit.execute(held)


def claimable(unit: Unit) -> bool:
    until = unit.execute(sa.select(schema.outbox.c.lease_until)).scalar_one()
    return bool(until < unit.machine_now)


@pytest.mark.parametrize("serves", [True, False])
def test_what_was_in_hand_goes_on(migrated_url: str, tmp_path: Path, backend: str, serves: bool) -> None:
    clocks = Clocks()
    first = open_database(migrated_url, tmp_path / "key", clocks)
    first.start(None)
    first.run(in_hand)
    first.stop()
    second = open_database(migrated_url, tmp_path / "key", clocks)
    second.start(Deeds() if serves else None)
    assert second.read_now(claimable) == (backend == "sqlite" and serves)
    clocks.push(seconds=41)
    assert second.read_now(claimable)
    second.stop()
