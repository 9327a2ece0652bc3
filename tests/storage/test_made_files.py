"""A file made for one person: made once whoever makes it, read a few times, sealed, then gone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.ids import FileId, UserId
from storage import made_files, schema
from storage.database import Database
from storage.made_files import Content, FileState, MadeFile
from tests.storage.deeds import Clocks, opened

WORDS = "机密的一行\n".encode() * 20_000  # several parts
CONTENT = Content("清单.csv", "text/csv", "2 万行", WORDS, timedelta(hours=24), 3)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[Database]:
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        yield made


def wanted(database: Database) -> FileId:
    return database.run(lambda unit: made_files.want(unit, "export", "export:1", UserId("rm01"), "客户经理"))


def claimed(database: Database) -> MadeFile:
    file = database.run(made_files.claim)
    assert file is not None
    return file


def keeps(database: Database, file: MadeFile, parts: int | None = None) -> bool:
    """Seal and keep the parts, or the first few of them before a death."""
    sealed = list(made_files.sealed_parts(database.vault, file, WORDS))[:parts]
    return all(
        database.run(partial(made_files.add_part, file=file, number=number, sealed=each))
        for number, each in enumerate(sealed)
    )


def published(database: Database) -> MadeFile:
    file_id = wanted(database)
    file = claimed(database)
    assert keeps(database, file)
    assert database.run(partial(made_files.publish, file=file, content=CONTENT))
    return loaded(database, file_id)


def loaded(database: Database, file_id: FileId) -> MadeFile:
    found = database.read_now(partial(made_files.load, file_id=file_id))
    assert found is not None
    return found


def parts(database: Database) -> list[bytes]:
    return [row.content for row in database.read_now(lambda unit: unit.rows(sa.select(schema.made_part.c.content)))]


def test_what_was_made_comes_back_and_lies_sealed(database: Database) -> None:
    file = published(database)
    assert database.read_now(partial(made_files.content, file=file)) == WORDS
    lying = parts(database)
    assert len(lying) > 3
    assert not [each for each in lying if "机密".encode() in each]
    assert database.run(made_files.claim) is None


def test_a_death_in_the_middle_is_made_good_by_the_next_and_undone_by_nobody(
    database: Database, clocks: Clocks
) -> None:
    file_id = wanted(database)
    first = claimed(database)
    assert keeps(database, first, parts=2)
    assert database.run(made_files.claim) is None, "the lease runs"
    clocks.push(seconds=made_files.LEASE_SECONDS + 1)
    second = claimed(database)
    assert second.attempts == 2
    assert not keeps(database, first), "who was thought dead adds nothing any more"
    assert keeps(database, second)
    assert not database.run(partial(made_files.publish, file=first, content=CONTENT))
    assert database.run(partial(made_files.publish, file=second, content=CONTENT))
    assert database.read_now(partial(made_files.content, file=loaded(database, file_id))) == WORDS
    assert not database.run(partial(made_files.give_up, file=first))


def test_three_downloads_counted_one_by_one(database: Database) -> None:
    file = published(database)
    assert database.run(partial(made_files.take, file=file))
    assert not database.run(partial(made_files.take, file=file)), "two at once are one"
    for _ in range(2):
        assert database.run(partial(made_files.take, file=loaded(database, file.file_id)))
    spent = loaded(database, file.file_id)
    assert spent.left == 0
    assert not database.run(partial(made_files.take, file=spent))


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda database: database.run(lambda unit: made_files.drop(unit, UserId("rm01"))), FileState.VOID),
        (lambda database: database.run(made_files.sweep), FileState.GONE),
    ],
    ids=["its owner left", "a day later"],
)
def test_what_is_over_leaves_nothing_behind(
    database: Database, clocks: Clocks, end: Callable[[Database], object], state: FileState
) -> None:
    file = published(database)
    database.run(made_files.sweep)
    assert loaded(database, file.file_id).state is FileState.READY
    if state is FileState.GONE:
        clocks.now += timedelta(hours=24)
        assert database.read_now(made_files.any_over)
    end(database)
    assert loaded(database, file.file_id).state is state
    assert parts(database) == []
    assert not database.run(partial(made_files.take, file=file))
