"""Field ownership: which source system writes which columns. Where a later delivery replaces an earlier one, a column
has one system; what people enter in the chat is a column of no feed (storage.imports.tables.HOUSE) and has none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from domain.refusal import Refused
from storage.imports.format import FILES, FileSpec, Kind

SPECS: Mapping[str, FileSpec] = {spec.name: spec for spec in FILES}
EVERY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grant:
    """What one key may write: kind → columns beside the key, EVERY for all there are."""

    kinds: Mapping[str, tuple[str, ...]]

    def may(self, kind: str) -> bool:
        return kind in self.kinds

    def columns(self, kind: str) -> tuple[str, ...]:
        """The columns of the kind, in the order of the format, its key included."""
        spec, named = SPECS[kind], self.kinds[kind]
        names = [column.name for column in spec.columns]
        return tuple(name for name in names if name in named or name in spec.key) if named else tuple(names)

    def every(self, kind: str) -> bool:
        return len(self.columns(kind)) == len(SPECS[kind].columns)

    def whole(self, kind: str) -> bool:
        """Whether every column that a row cannot do without is this system's: it alone may make and close rows."""
        mine = self.columns(kind)
        return all(column.name in mine for column in SPECS[kind].columns if not column.optional)

    def some(self, kind: str) -> bool:
        """Whether this system can deliver many rows of the kind at all: all of each, or its part of them (a record that
        is never changed has no parts, and rows are found by a key of one column).
        """
        spec = SPECS[kind]
        return self.every(kind) or (spec.kind is Kind.SNAPSHOT and len(spec.key) == 1)

    def written(self) -> str:
        return orjson.dumps(self.kinds, option=orjson.OPT_SORT_KEYS).decode()

    def words(self) -> str:
        """As it is given on the command line."""
        return " ".join(f"{kind}:{','.join(names)}" if names else kind for kind, names in self.kinds.items())


def kept_grant(written: str) -> Grant:
    return Grant({kind: tuple(names) for kind, names in orjson.loads(written).items()})


def read_grant(words: Iterable[str]) -> Grant:
    """`customers` or `staff:posts,status`, one word a kind. Raises Refused."""
    kinds: dict[str, tuple[str, ...]] = {}
    for word in words:
        kind, _, names = word.partition(":")
        if kind not in SPECS:
            raise Refused(f"没有“{kind}”这一种数据，有 {'、'.join(SPECS)}")
        if kind in kinds:
            raise Refused(f"{kind} 写了两次：一种数据写一次，几列用逗号隔开")
        kinds[kind] = _named(SPECS[kind], names) if ":" in word else EVERY
    if not kinds:
        raise Refused("请用 --kind 写明能写哪些数据，如 --kind customers")
    return Grant(kinds)


def _named(spec: FileSpec, names: str) -> tuple[str, ...]:
    known = {column.name for column in spec.columns} - set(spec.key)
    named = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    if strange := [name for name in named if name not in known]:
        raise Refused(f"{spec.name} 没有“{strange[0]}”这一列（主键不用写），有 {'、'.join(sorted(known))}")
    if not named:
        raise Refused(f"{spec.name}: 后面要写列名；所有的列就只写 {spec.name}")
    return named


def contested(wanted: Grant, others: Sequence[tuple[str, Grant]]) -> Iterator[tuple[str, str, str]]:
    """Kind, column and system of everything wanted that another system has already."""
    for system, grant in others:
        for kind in wanted.kinds:
            if grant.may(kind) and _replaces(SPECS[kind]):
                theirs = set(grant.columns(kind)) - set(SPECS[kind].key)
                yield from ((kind, name, system) for name in wanted.columns(kind) if name in theirs)


def _replaces(spec: FileSpec) -> bool:
    """Whether what comes later can change what came before; records of an append file stay as they came."""
    return spec.kind is Kind.SNAPSHOT or spec.corrects
