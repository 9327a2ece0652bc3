"""Migrations: the first one makes exactly the tables the code works with, on both databases, and nothing lingers."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.commands.alone import prepare
from domain.refusal import Refused
from storage import migrate, schema
from storage.checkup import SchemaState, schema_state
from storage.engine import is_sqlite, postgres, sqlite_writer
from tools import first_migration


@pytest.fixture
def engine(database_url: str) -> sa.Engine:
    return sqlite_writer(database_url) if is_sqlite(database_url) else postgres(database_url, pool=1)


def test_the_schema_is_what_the_code_says(database_url: str, engine: sa.Engine) -> None:
    migrate.upgrade(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        command.check(migrate.config(connection))
        assert migrate.is_current(connection)
    engine.dispose()


def test_every_index_has_its_condition(database_url: str, engine: sa.Engine) -> None:
    """alembic does not compare the conditions of partial indexes."""
    migrate.upgrade(database_url)
    dialect = "sqlite" if is_sqlite(database_url) else "postgresql"
    declared = {
        index.name
        for table in schema.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[dialect]["where"] is not None
    }
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        if dialect == "sqlite"
        else "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%WHERE%'"
    )
    with engine.connect() as connection:
        assert set(connection.execute(sa.text(statement)).scalars()) == declared
    inbox = {"ix_inbox_new", "ix_inbox_new_person", "ix_inbox_new_case"}
    assert inbox | {"ix_outbox_waiting", "ix_outbox_sms", "ix_timer_due"} <= declared
    engine.dispose()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    assert schema_state(database_url) is SchemaState.EMPTY
    for _ in range(2):
        migrate.upgrade(database_url)
        assert schema_state(database_url) is SchemaState.CURRENT


def test_the_first_migration_can_be_taken_back(database_url: str, engine: sa.Engine) -> None:
    migrate.upgrade(database_url)
    with engine.begin() as connection:
        command.downgrade(migrate.config(connection), "base")
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    engine.dispose()
    migrate.upgrade(database_url)
    assert schema_state(database_url) is SchemaState.CURRENT


def test_a_migration_is_all_or_nothing(database_url: str, engine: sa.Engine) -> None:
    """A table in the way stops it, and nothing of it stays."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE visit (id TEXT)"))
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(database_url)
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {"visit"}
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT * FROM inbox WHERE state = 'new' ORDER BY id LIMIT 64", "ix_inbox_new"),
        ("SELECT dedup_key FROM inbox WHERE state = 'new' ORDER BY id LIMIT 64", "ix_inbox_new"),
        ("SELECT count(*) FROM inbox WHERE state = 'new'", "ix_inbox_new"),
        ("SELECT * FROM outbox WHERE state IN ('new', 'leased') AND due <= 1", "ix_outbox_"),
        (
            "SELECT * FROM outbox WHERE lane = 'sms' AND state IN ('new', 'leased') AND due <= 1 ORDER BY id",
            "ix_outbox_",
        ),
        ("SELECT * FROM timer WHERE state = 'armed' AND due_at <= 1 ORDER BY due_at, id", "ix_timer_due"),
    ],
)
def test_the_past_does_not_slow_the_present(migrated_url: str, statement: str, index: str) -> None:
    """Work is found through the partial index, however many rows were done before."""
    if is_sqlite(migrated_url):
        engine = sqlite_writer(migrated_url)
        with engine.connect() as connection:
            plan = " ".join(row.detail for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}")))
    else:
        engine = postgres(migrated_url, pool=1)
        with engine.connect() as connection:
            connection.execute(sa.text("SET enable_seqscan = off"))
            plan = " ".join(connection.execute(sa.text(f"EXPLAIN {statement}")).scalars())
    engine.dispose()
    assert index in plan, plan


def test_the_folder_of_the_embedded_database_is_made(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / 'deep' / 'folder' / 'rmbot.db'}")
    assert (tmp_path / "deep" / "folder" / "rmbot.db").exists()


@pytest.mark.parametrize("made_by", ["9999_to_come", "0001", "0001_of_other_tables"])
def test_a_database_of_another_program_is_left_alone(database_url: str, engine: sa.Engine, made_by: str) -> None:
    migrate.upgrade(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :made_by"), {"made_by": made_by})
    with pytest.raises(Refused, match=r"另一个版本的程序建的.*换回建它的版本.*换一个空的状态目录"):
        migrate.upgrade(database_url)
    assert schema_state(database_url) is SchemaState.FOREIGN
    with pytest.raises(Refused, match="另一个版本的程序建的"):
        prepare(database_url, may_make=True)
    engine.dispose()


def test_the_name_of_the_migration_follows_from_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """One column more, and it is another."""
    here = first_migration.TARGET.read_text("utf-8")
    (name,) = re.findall(r'revision = "(0001_[0-9a-f]{12})"', here)
    assert f'revision = "{name}"' in first_migration.written()
    visit = schema.metadata.tables["visit"]
    monkeypatch.setattr(schema.metadata, "tables", {**schema.metadata.tables, "visit": _with_one_more(visit)})
    assert name not in first_migration.written()


def _with_one_more(table: sa.Table) -> sa.Table:
    return sa.Table(table.name, sa.MetaData(), *(each._copy() for each in table.columns), sa.Column("more", sa.Text))
