"""Every version that a record names has its words: permissions and commands too, also when nobody counted up."""

from hashlib import sha256
from pathlib import Path

import orjson
import sqlalchemy as sa

from bot.packs import SHIPPED, keep_packs, shipped_policy, shipped_processes, shipped_rules
from storage import pack_versions, schema
from storage.unit import Unit
from tests.storage.deeds import opened

POLICY = (SHIPPED / "policy.yaml").read_text("utf-8")


def kept(unit: Unit) -> dict[str, str]:
    rows = unit.rows(sa.select(schema.pack_version.c.name, schema.pack_version.c.version, schema.pack_version.c.body))
    return {f"{row.name}-{row.version}": row.body for row in rows}


def wordings(unit: Unit) -> set[str]:
    here = sa.select(schema.pack_version.c.body).where(schema.pack_version.c.name == "policy")
    return {row.body for row in unit.rows(here)}


def told(unit: Unit) -> list[str]:
    bodies = [orjson.loads(row.body) for row in unit.rows(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq))]
    return [each["detail"]["sha256"] for each in bodies if each["resource"] == "pack:policy"]


def test_what_was_allowed_under_a_version_can_be_read_later(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database:
        for _ in range(2):
            database.run(lambda unit: keep_packs(unit, shipped_processes(), shipped_rules()))
        found = database.read_now(kept)
        assert found[shipped_policy().version] == POLICY
        assert {name.rpartition("-")[0] for name in found} == {path.stem for path in SHIPPED.glob("*.yaml")}
        other = POLICY.replace("value: 90", "value: 30")
        database.run(lambda unit: pack_versions.keep(unit, "policy", 1, other))
        digests = [sha256(text.encode()).hexdigest() for text in (POLICY, other)]
        assert database.read_now(told) == digests, "the same version with other words is on record as such"
        assert database.read_now(wordings) == {POLICY, other}, "and what was allowed before can still be read"
        for text in (POLICY, other, other):
            database.run(lambda unit, text=text: pack_versions.keep(unit, "policy", 1, text))
        assert database.read_now(told) == digests * 2, "there and back is two changes more"
        assert database.read_now(wordings) == {POLICY, other}
