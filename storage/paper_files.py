"""The templates of papers to sign as they were given out, by digest: the bank's own forms, with nothing of a customer
in them, and therefore not sealed.
"""

from collections.abc import Callable

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_PAPER = schema.paper_file.c


def keep(unit: Unit, digest: str, read: Callable[[], bytes]) -> None:
    """Keep a template; one that is there is not read again."""
    if unit.row(sa.select(_PAPER.sha256).where(_PAPER.sha256 == digest)) is None:
        unit.execute(schema.paper_file.insert().values(sha256=digest, content=read(), kept_at=unit.now))


def content(unit: Unit, digest: str) -> bytes | None:
    """The template; None for one that was never kept."""
    row = unit.row(sa.select(_PAPER.content).where(_PAPER.sha256 == digest))
    return None if row is None else bytes(row.content)
