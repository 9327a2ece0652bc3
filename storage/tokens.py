"""The access token, shared by all replicas: one of them refreshes, the others wait and read."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_COLUMNS = schema.token.c
_FIRST = sa.text("INSERT INTO token (name, lease_until) VALUES (:name, 0) ON CONFLICT DO NOTHING")


@dataclass(frozen=True)
class KeptToken:
    """A token and the machine time until which it is used."""

    value: str
    expires: float


def read(unit: Unit, name: str) -> KeptToken | None:
    row = unit.row(sa.select(schema.token).where(_COLUMNS.name == name))
    if row is None or row.value is None:
        return None
    return KeptToken(unit.vault.open("token", "value", name, row.value), row.expires)


def lease(unit: Unit, name: str, holder: str, seconds: float) -> bool:
    """True for the one that may refresh now; a lease ends by itself if its holder dies."""
    unit.execute(_FIRST, {"name": name})
    free = schema.token.update().where(_COLUMNS.name == name, _COLUMNS.lease_until < unit.machine_now)
    return unit.changed(free.values(lease_token=holder, lease_until=unit.machine_now + seconds))


def store(unit: Unit, name: str, holder: str, token: KeptToken) -> bool:
    """Keep a fresh token; False when the lease was lost meanwhile."""
    mine = schema.token.update().where(_COLUMNS.name == name, _COLUMNS.lease_token == holder)
    sealed = unit.vault.seal("token", "value", name, token.value)
    values = {"value": sealed, "expires": token.expires, "version": _COLUMNS.version + 1, "lease_until": 0.0}
    return unit.changed(mine.values(values))


def release(unit: Unit, name: str, holder: str) -> None:
    mine = schema.token.update().where(_COLUMNS.name == name, _COLUMNS.lease_token == holder)
    unit.execute(mine.values(lease_until=0.0))
