"""Checkpoints: what the chain's end was at a moment, signed and kept outside the database."""

from dataclasses import dataclass
from pathlib import Path

import orjson
import sqlalchemy as sa

from storage import audit, schema
from storage.chain import CHAIN
from storage.columns import microseconds
from storage.database import Database
from storage.notary import CHECKPOINT, Notary
from storage.unit import Unit, unhurried

ACTION = "audit.checkpoint"
_AUDIT = schema.audit.c
_NAMED = f'"action":"{ACTION}"'
_TOLD = {
    "sqlite": "SELECT body FROM audit WHERE chain = :chain AND instr(body, CAST(:named AS BLOB)) > 0",
    "postgresql": "SELECT body FROM audit WHERE chain = :chain AND position(convert_to(:named, 'UTF8') IN body) > 0",
}


@dataclass(frozen=True)
class Checkpoint:
    """The record it names and that record's hash."""

    seq: int
    hash: bytes

    @property
    def digest(self) -> str:
        """What a person can compare by eye."""
        said = self.hash.hex()[:16]
        return " ".join(said[at : at + 4] for at in range(0, 16, 4))


def sign_head(database: Database, notary: Notary) -> Checkpoint | None:
    """Sign the end of the chain and append it to the file; None when nothing was written since the last one.

    It is on record only afterwards (`record`): a line without its record proves no less, a record without its line is a
    finding.
    """
    found = database.read_now(_news)
    if found is not None:
        at = microseconds(database.clocks.business())
        said = {"kind": CHECKPOINT, "format": 1, "chain": CHAIN, "seq": found.seq, "hash": found.hash.hex(), "at": at}
        notary.keep(notary.signed(said))
    return found


def record(unit: Unit, checkpoint: Checkpoint, notary: Notary) -> None:
    detail = {"seq": checkpoint.seq, "hash": checkpoint.hash.hex(), "key": notary.public_key}
    unit.audit(ACTION, f"audit:{checkpoint.seq}", detail)


def _news(unit: Unit) -> Checkpoint | None:
    seq, hashed, _ = audit.head(unit.connection)
    body = unit.row(sa.select(_AUDIT.body).where(_AUDIT.chain == CHAIN, _AUDIT.seq == seq))
    stale = body is None or orjson.loads(body.body)["action"] == ACTION
    return None if stale else Checkpoint(seq, hashed)


def told(unit: Unit) -> dict[int, str]:
    """The checkpoints of which the chain itself tells: number and hash of each."""
    unhurried(unit)
    rows = unit.rows(sa.text(_TOLD[unit.connection.dialect.name]), {"chain": CHAIN, "named": _NAMED})
    said = [each for row in rows if (each := orjson.loads(bytes(row.body)))["action"] == ACTION]
    return {each["detail"]["seq"]: each["detail"]["hash"] for each in said}


def kept(file: Path) -> list[bytes]:
    """The lines of a file of checkpoints, none when there is none."""
    return file.read_bytes().splitlines(keepends=True) if file.exists() else []
