"""Databases of the tests' own: empty, or copied from one that was filled once. A copy costs a tenth of the filling."""

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

Fill = Callable[[str, Path], None]
"""Fills the empty database of a URL; may make the key file that opens it."""
Copied = Callable[[Fill, Path], str]
"""The URL of a copy of what was filled so, with the key file put at the path (the fixture `copied`)."""


def migrate(url: str, _key: Path) -> None:
    """Nothing but the newest schema."""
    from storage.migrate import upgrade

    upgrade(url)


class SqliteDatabases:
    """Copies of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[Fill, Path] = {}
        self.keys: dict[Fill, Path] = {}

    def template(self, fill: Fill) -> Path:
        """The file that copies are made of."""
        if fill not in self._templates:
            number = len(self._templates)
            template, self.keys[fill] = self._folder / f"{number}.db", self._folder / f"{number}.key"
            fill(f"sqlite:///{template}", self.keys[fill])
            self._templates[fill] = template
        return self._templates[fill]

    def copy(self, fill: Fill, file: Path) -> str:
        """The URL of a copy in `file`."""
        shutil.copy(self.template(fill), file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        """Goes with its folder."""


class PostgresDatabases:
    """Databases on one server, made and dropped."""

    def __init__(self, server: str, folder: Path) -> None:
        self._server = make_url(server)
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT")
        self._folder = folder
        self._numbers = count(1)
        self._templates: dict[Fill, str] = {}
        self.keys: dict[Fill, Path] = {}

    def create(self, template: str = "template0") -> str:
        name = f"rmbot_{os.getpid()}_{next(self._numbers)}"
        with self._engine.connect() as connection:
            # A third of the work; before version 15 it is the only way.
            how = "STRATEGY FILE_COPY" if connection.dialect.server_version_info >= (15,) else ""
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {how}'))
        return self._server.set(database=name).render_as_string(hide_password=False)

    def copy(self, fill: Fill, _file: Path | None = None) -> str:
        """The URL of a copy."""
        if fill not in self._templates:
            url, self.keys[fill] = self.create(), self._folder / f"{len(self._templates)}.key"
            fill(url, self.keys[fill])
            self._templates[fill] = url
        return self.create(str(make_url(self._templates[fill]).database))

    def drop(self, url: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'))

    def close(self) -> None:
        for url in self._templates.values():
            self.drop(url)
        self._engine.dispose()
