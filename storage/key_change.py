"""A change of keys: a new data key, every cell sealed anew under it, the old one retired when no cell uses it any more;
or all data keys wrapped under a new master key.

Whoever still seals under the old key meets the new one with the first cell it reads (storage.vault); what it wrote
until then is found by the next pass. A retired key still opens what might turn up, so nothing can be lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from domain.refusal import Refused
from storage import key_file, keyring
from storage.database import Database
from storage.keyring import CELLS, OLD, RETIRED
from storage.resealing import Tally, count_rows, reseal
from storage.unit import Unit

PASSES = 5
Passing = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rotated:
    """What a rotation came to: the key in force, those retired, and the last pass over the cells."""

    kid: int
    retired: tuple[int, ...]
    renewed: int
    last: Tally


def rotate(database: Database, actor: str, passing: Passing) -> Rotated:
    """Go on with a change that was interrupted, or begin one. Raises nothing for cells that do not open: they are
    counted, and their key stays."""
    database.run(partial(_begin, actor=actor), "keys.begin")
    database.vault.learn()
    total, renewed = count_rows(database), 0
    for _ in range(PASSES):
        last = reseal(database, lambda table, seen: passing(table, seen, total))
        renewed += last.renewed
        if last.is_clean or (last.damaged and not last.renewed):
            break
    retired = database.run(partial(_retire, actor=actor, renewed=renewed), "keys.retire") if last.is_clean else ()
    database.vault.learn()
    return Rotated(database.vault.ring.kid, retired, renewed, last)


def _begin(unit: Unit, actor: str) -> None:
    """A new key, unless one is already on its way."""
    vault = unit.vault
    if unit.connection.dialect.name == "postgresql":
        unit.execute(sa.text("LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE"))  # two who begin together make one key
    rows = keyring.rows_of(unit.connection)
    if any(row.purpose == CELLS and row.state == OLD for row in rows):
        return
    master = keyring.master_of(vault.key_file, may_make=False)
    kid = keyring.add(unit.connection, master, vault.suite, CELLS)
    unit.actor = actor
    unit.audit("key.made", f"key:{kid}", {"algorithm": vault.suite.cells.name})


def _retire(unit: Unit, actor: str, renewed: int) -> tuple[int, ...]:
    """Every key that is no longer active; the pass before found no cell under any of them."""
    kids = tuple(row.kid for row in keyring.rows_of(unit.connection) if row.purpose == CELLS and row.state == OLD)
    keyring.set_state(unit.connection, kids, RETIRED)
    unit.actor = actor
    for kid in kids:
        unit.audit("key.retired", f"key:{kid}", {"renewed": renewed})
    return kids


def change_master(database: Database, actor: str, file: Path) -> int:
    """Wrap all data keys under the master key in `file`, which is made when it is not there; how many keys."""
    vault = database.vault
    before = keyring.master_of(vault.key_file, may_make=False)
    after = key_file.read_or_make(file)
    if after == before:
        raise Refused(f"{file} 里就是现在用的主密钥，没有可换的：请换一个文件名")

    def rewrap(unit: Unit) -> int:
        count = keyring.rewrap(unit.connection, before, after)
        unit.actor = actor
        unit.audit("key.rewrapped", "key:master", {"keys": count})
        return count

    count = database.run(rewrap, "keys.rewrap")
    vault.key_file = file
    return count


def states(database: Database) -> list[tuple[int, str, str, str]]:
    """Number, purpose, algorithm and state of every key."""
    rows = database.read_now(lambda unit: keyring.rows_of(unit.connection))
    return [(row.kid, row.purpose, row.algorithm, row.state) for row in rows]
