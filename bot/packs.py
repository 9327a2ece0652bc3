"""Where packs lie and how they are read: YAML files shipped beside the program, or a folder of the operator's."""

from collections.abc import Iterator
from pathlib import Path

import bot
from domain.pack import Pack, load_pack
from domain.policy import Policy
from domain.process.library import Library
from domain.retention.table import Edition
from domain.suitability.rulebook import Rulebook
from storage import pack_versions
from storage.unit import Unit

DEFAULT, POLICY, RETENTION = "default.yaml", "policy.yaml", "retention.yaml"
_NOT_LEARNT = ("default", "policy")
"""Kept for the record alone: the house has the one that is shipped."""
SHIPPED = Path(bot.__file__).parents[1] / "deploy" / "packs"


def default_pack() -> Pack:
    """The pack in use; raises domain.pack.PackError naming line and column."""
    return load_pack((SHIPPED / DEFAULT).read_text("utf-8"))


def shipped_policy() -> Policy:
    """Who may do what, as shipped; raises domain.pack.PackError."""
    return load_pack((SHIPPED / POLICY).read_text("utf-8")).permissions()


def shipped_processes() -> Library:
    """The processes of all other packs that are shipped; raises domain.pack.PackError."""
    return Library(load_pack(text) for text in _others())


def shipped_rules() -> Rulebook:
    """The suitability rules that are shipped; raises domain.pack.PackError."""
    return Rulebook(load_pack(text) for text in _others())


def shipped_retention() -> Edition:
    """How long data is kept, as shipped; raises domain.pack.PackError."""
    return load_pack((SHIPPED / RETENTION).read_text("utf-8")).keeping()


def keep_packs(unit: Unit, library: Library, rulebook: Rulebook) -> None:
    """Write down the shipped versions, those of permissions and commands among them, so that every record's version
    has its words; and learn those that earlier releases left cases or decisions on. Raises Refused.
    """
    for text in _shipped():
        pack = load_pack(text)
        pack_versions.keep(unit, pack.name, pack.version, text)
    for body in pack_versions.bodies(unit, but=_NOT_LEARNT):
        pack = load_pack(body)
        library.learn(pack)
        rulebook.learn(pack)


def _others() -> Iterator[str]:
    return _shipped(DEFAULT, POLICY)


def _shipped(*but: str) -> Iterator[str]:
    for file in sorted(SHIPPED.glob("*.yaml")):
        if file.name not in but:
            yield file.read_text("utf-8")
