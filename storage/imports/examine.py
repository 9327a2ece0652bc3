"""A small file held in memory: its rows judged, and taken back by later checks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain.conflict import USUAL, PostRules
from storage.imports.batch import Good
from storage.imports.checks import Value
from storage.imports.format import FileSpec
from storage.imports.mapping import FileMap
from storage.imports.reader import Row
from storage.imports.rejection import FileRefused, Rejection
from storage.imports.rejects import Rejects
from storage.imports.sieve import Sieve
from storage.imports.tables import Key, key_of
from storage.imports.translate import translated

PLAIN = FileMap()


@dataclass
class Examined:
    """What became of a file so far; `good` shrinks and `rejections` grows as later checks look at it."""

    spec: FileSpec
    file: str
    header: tuple[str, ...]
    rows: int = 0
    good: dict[Key, Good] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)

    def drop(self, key: Key, name: str, reason: str) -> None:
        """Take back a row that a later check found wanting."""
        row = self.good.pop(key).row
        self.rejections.append(Rejection(self.file, row.line, name, reason, row.cells))


def examine(path: Path, spec: FileSpec, file: FileMap = PLAIN) -> Examined:
    """Read the file; rows that do not fit are in `rejections`. FileRefused when the file itself is not acceptable."""
    return examine_rows(path.name, translated(path, spec, file), spec)


def examine_rows(file: str, rows: Iterator[Row], spec: FileSpec, post_rules: PostRules = USUAL) -> Examined:
    """The same for rows from anywhere, the header first."""
    rejects = Rejects()
    sieve = Sieve(spec, file, header_of(file, rows), rejects, post_rules=post_rules)
    good = {key_of(spec, good.values): good for batch in sieve.through(rows) for good in batch.goods()}
    rejects.flush()
    return Examined(spec, file, sieve.header, sieve.rows, good, rejects.first)


def header_of(file: str, rows: Iterator[Row]) -> Row:
    """The first row. FileRefused where there is none."""
    header = next(rows, None)
    if header is None:
        raise FileRefused(Rejection(file, 1, "", "文件是空的，第一行应为列名"))
    return header


def known_values(examined: Examined) -> set[Value]:
    """The single keys of the rows that are still good."""
    return {key[0] for key in examined.good}
