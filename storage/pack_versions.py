"""Packs in every version that something rests on: a running case stays on its version, a decision on its rules."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from domain.refusal import Refused
from domain.suitability import rulebook
from storage import schema
from storage.unit import Unit

FOR_THE_RECORD = ("default", "policy")
"""Nothing runs on an old wording of these; who looks at a record wants every wording there was, counted up or not."""
CHANGED = "流程包 {name} 第 {version} 版的内容变了，而已有案件或判断在用它：请把包里的 version 加 1 再启动"
_AFTER = timedelta(microseconds=1)
_COLUMNS, _FILE, _DECIDED = schema.pack_version.c, schema.case_file.c, schema.suitability_decision.c


def keep(unit: Unit, name: str, version: int, body: str) -> None:
    """Keep a pack as it is now. The same version with other words is refused once something rests on it; of what is
    kept for the record alone, the words of before stay beside the new ones.
    """
    digest = sha256(body.encode()).hexdigest()
    here = sa.and_(_COLUMNS.name == name, _COLUMNS.version == version)
    newest = sa.select(_COLUMNS.sha256, _COLUMNS.stored_at).where(here).order_by(_COLUMNS.stored_at.desc())
    known = unit.row(newest.limit(1))
    if known is not None and known.sha256 == digest:
        return
    if known is not None and _in_use(unit, name, version):
        raise Refused(CHANGED.format(name=name, version=version), reason="pack changed in place")
    stale = here if name not in FOR_THE_RECORD else sa.and_(here, _COLUMNS.sha256 == digest)
    unit.execute(schema.pack_version.delete().where(stale))
    at = unit.now if known is None else max(unit.now, known.stored_at + _AFTER)  # the newest, however the clock stands
    values = {"name": name, "version": version, "body": body, "sha256": digest, "stored_at": at}
    unit.execute(schema.pack_version.insert(), values)
    unit.audit("pack.kept", f"pack:{name}", {"version": version, "sha256": digest})


def _in_use(unit: Unit, name: str, version: int) -> bool:
    rests = [sa.select(_FILE.id).where(_FILE.process == name, _FILE.version == version)]
    if name == rulebook.NAME:
        rests.append(sa.select(_DECIDED.id).where(_DECIDED.rule_version == version))
    return any(unit.row(found.limit(1)) is not None for found in rests)


def bodies(unit: Unit, name: str | None = None, but: Iterable[str] = ()) -> Iterable[str]:
    """Every version that is kept, of one pack, or of all but these."""
    kept = sa.select(_COLUMNS.body).order_by(_COLUMNS.name, _COLUMNS.version)
    here = _COLUMNS.name == name if name is not None else _COLUMNS.name.not_in(list(but))
    return [row.body for row in unit.rows(kept.where(here))]
