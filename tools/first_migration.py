"""Writes the first migration from the tables as they are; used until the first release, after which changes get
their own.
"""

import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp, MigrateOperation, UpgradeOps

from storage.columns import Instant
from storage.schema import definition, metadata, views
from storage.schema.base import Sealed

TARGET = Path(__file__).parents[1] / "storage" / "migrations" / "versions" / "0001_first.py"
MOST_LINES = 30  # of a function
HEAD = '''"""The first schema; its name says which tables it makes, so that a database with others is known as such."""

import sqlalchemy as sa
from alembic import op

revision = "0001_{digest}"
down_revision = None
branch_labels = None
depends_on = None
'''


def written() -> str:
    """The migration's source: every table and index spelled out, so that later changes of the code cannot change it."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        made: list[CreateTableOp] = []
        parts: dict[str, list[MigrateOperation]] = {}
        for operation in script.upgrade_ops.ops:
            made += [operation] if isinstance(operation, CreateTableOp) else []
            name = made[-1].table_name
            parts.setdefault(name if isinstance(operation, CreateTableOp) else f"{name}_indexes", []).append(operation)
        functions = "".join(_function(name, operations, context) for name, operations in parts.items())
    body = f"{functions}{_views()}{_ends([*parts, *views.tables], [table.table_name for table in made])}"
    return HEAD.format(digest=sha256(body.encode()).hexdigest()[:12]) + body


def _function(name: str, operations: list[MigrateOperation], context: MigrationContext) -> str:
    body = render_python_code(UpgradeOps(operations), render_item=_plain_type, migration_context=context)
    lines = [line for line in body.splitlines() if line.strip() and not line.strip().startswith("# ###")]
    if len(lines) > MOST_LINES:
        return _wide(name, [line.strip() for line in lines])
    return f"\n\ndef {name}() -> None:\n    " + "\n    ".join(line.strip() for line in lines) + "\n"


def _wide(name: str, lines: list[str]) -> str:
    """A table of many columns: the first ones are written down beside it."""
    first, rest = lines[2:MOST_LINES], lines[MOST_LINES:]
    columns = "    return (\n        " + "\n        ".join(first) + "\n    )\n"
    made = "\n    ".join([*lines[:2], f"*{name}_columns(),", *rest])
    beside = f"\n\ndef {name}_columns() -> tuple[sa.schema.SchemaItem, ...]:\n{columns}"
    return f"{beside}\n\ndef {name}() -> None:\n    {made}\n"


def _views() -> str:
    return "".join(
        f"\n\ndef {name}() -> None:\n    op.execute(\n{_wrapped(definition(view))}    )\n"
        for name, view in views.tables.items()
    )


def _wrapped(sql: str) -> str:
    """A long text as short ones that Python joins."""
    lines = textwrap.wrap(sql, 100, break_long_words=False)
    spaced = [line + " " for line in lines[:-1]] + lines[-1:]
    return "".join(f'        "{line}"\n' for line in spaced)


def _ends(steps: list[str], tables: list[str]) -> str:
    return (
        f"\n\nSTEPS = ({', '.join(steps)})\n\n\ndef upgrade() -> None:\n    for step in STEPS:\n        step()\n"
        f"\n\nTABLES = {tuple(tables)!r}\nVIEWS = {tuple(views.tables)!r}\n"
        '\n\ndef downgrade() -> None:\n    for view in VIEWS:\n        op.execute(f"DROP VIEW {view}")\n'
        "    for table in reversed(TABLES):\n        op.drop_table(table)\n"
    )


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """History knows no types of ours."""
    if kind != "type":
        return False
    return "sa.BigInteger()" if isinstance(item, Instant) else "sa.LargeBinary()" if isinstance(item, Sealed) else False


if __name__ == "__main__":
    TARGET.write_text(written(), "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", TARGET], check=True)
