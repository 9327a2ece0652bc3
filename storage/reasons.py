"""Why somebody did something, in their own words: sealed beside the trail, whose records hold the number of it alone.

The chain is for ever and leaves the house in exports, so that nothing a person typed may stand in it.
"""

import secrets
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_REASON = schema.reason.c
_MARK = "reason:"


def keep(unit: Unit, said: str) -> str:
    """The number under which the words are found again."""
    key = f"{_MARK}{secrets.token_hex(8)}"
    unit.execute(schema.reason.insert().values(id=key, said=unit.vault.seal("reason", "said", key, said)))
    return key


def told(unit: Unit, words: Collection[str]) -> Mapping[str, str]:
    """What was said by each number; a word of the program stands for itself."""
    keys = sorted({each for each in words if each.startswith(_MARK)})
    rows = unit.rows(sa.select(schema.reason).where(_REASON.id.in_(keys))) if keys else ()
    found = {row.id: unit.vault.open("reason", "said", row.id, row.said) for row in rows}
    return {each: found.get(each, each) for each in words}
