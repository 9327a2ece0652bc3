"""What the interface offers, as one table: the router and its description are both made from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.imports.format import FILES, FileSpec, Kind

IMPORT, PUT, CLOSE, FEEDS = "imports", "put", "close", "feeds"


@dataclass(frozen=True)
class Operation:
    """One method of one path; `spec` is the kind of data that it is about."""

    act: str
    method: str
    path: str
    spec: FileSpec | None = None

    @property
    def name(self) -> str:
        return f"api.{self.act}" + (f".{self.spec.name}" if self.spec else "")

    @property
    def key(self) -> str:
        """The one column that names a row in the path."""
        assert self.spec is not None
        return self.spec.key[0]


def operations() -> Iterator[Operation]:
    for spec in FILES:
        yield Operation(IMPORT, "POST", f"/api/v1/imports/{spec.name}", spec)
    for spec in FILES:
        if len(spec.key) == 1:
            path = f"/api/v1/{spec.name}/{{{spec.key[0]}}}"
            yield Operation(PUT, "PUT", path, spec)
            if spec.kind is Kind.SNAPSHOT:
                yield Operation(CLOSE, "DELETE", path, spec)
    yield Operation(FEEDS, "GET", "/api/v1/feeds")


OPERATIONS: tuple[Operation, ...] = tuple(operations())
