"""What is on record of a process that starts: its version and the settings it works with, and from where on the audit
chain uses another hash.
"""

from collections.abc import Mapping

from storage import audit
from storage.audit import STARTER
from storage.chain import HASH_CHANGE
from storage.unit import Unit
from storage.vault import Vault


def fingerprints(vault: Vault, settings: Mapping[str, str]) -> dict[str, str]:
    """Each setting by a keyed digest: that one changed can be seen, what it says (a password) cannot be guessed."""
    return {name: vault.index("setting", f"{name}={value}").hex()[:8] for name, value in sorted(settings.items())}


def note_start(unit: Unit, version: str, policy: str, settings: Mapping[str, str]) -> None:
    """`settings` are those that are not the defaults."""
    unit.actor = STARTER
    _, _, algorithm = audit.head(unit.connection)
    if algorithm != unit.vault.suite.digest:
        unit.audit(HASH_CHANGE, "audit:chain", {"from": algorithm, "to": unit.vault.suite.digest})
    detail = {"version": version, "policy": policy, "settings": fingerprints(unit.vault, settings)}
    unit.audit("house.started", "house:settings", detail)
