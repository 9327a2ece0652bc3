"""What a row that comes does to the row that is there."""

from enum import Enum, auto

from storage.imports.format import FileSpec, Kind
from storage.imports.rows import Kept


class Verdict(Enum):
    """DISPUTED: an append file says something else, or says it of a row that ended; who knows both rows decides."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    DISPUTED = auto()


def weigh(spec: FileSpec, there: Kept | None, digest: int) -> Verdict:
    """By key and digest alone."""
    if there is None:
        return Verdict.NEW
    if there.digest == digest and not there.closed:
        return Verdict.SAME
    if spec.kind is Kind.APPEND and not spec.corrects:
        return Verdict.DISPUTED
    return Verdict.CHANGED
