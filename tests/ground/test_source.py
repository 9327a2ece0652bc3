"""House rules of the source that no linter knows: clocks, homes of libraries, names, sizes, first lines."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "scheduler", "handlers", "cards", "storage", "domain", "simulator")
CLOCKLESS = ("scheduler", "handlers", "cards", "storage", "domain")
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
}
# Each library has one home; nobody else may know it.
HOMES = {
    "aiohttp": ("bot", "simulator"),
    "alembic": ("storage",),
    "apscheduler": ("scheduler",),
    "jinja2": ("cards", "bot.web"),
    "psycopg": ("storage",),
    "simulator": ("simulator", "bot.demo", "bot.cli", "bot.packs"),
    "sqlalchemy": ("storage",),
    "typer": ("bot",),
    "typst": ("bot",),
    "wechatpy": ("bot",),
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def tracked() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [path for name in listed if (path := ROOT / name).is_file()]


def sources(*folders: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def clock_reads(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if node.attr in CLOCKS.get(owner, ()):
                yield where(path, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (where(path, node.lineno) for name in node.names if name.name in CLOCKS["time"])


def test_only_bot_and_simulator_read_a_clock() -> None:
    assert [place for path in sources(*CLOCKLESS) for place in clock_reads(path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.monotonic()",
        "import datetime\ndatetime.datetime.now()",
        "from time import time",
        "date.today",
    ],
)
def test_a_clock_read_is_seen(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "some.py").write_text(text)
    assert len(list(clock_reads(tmp_path / "some.py"))) == 1


@pytest.mark.parametrize("library", HOMES)
def test_library_stays_at_home(library: str) -> None:
    strangers = [
        where(path, line)
        for path in sources(*PACKAGES)
        for name, line in imported(path)
        if name.split(".")[0] == library
        and not any(f"{module(path)}.".startswith(f"{home}.") for home in HOMES[library])
    ]
    assert strangers == []


def test_every_file_says_why_it_exists() -> None:
    silent = [where(path, 1) for path in sources(*PACKAGES, "tools", "tests") if not ast.get_docstring(tree(path))]
    assert silent == []


def test_names_mean_something() -> None:
    assert [where(path, 1) for path in sources(*PACKAGES, "tools", "tests") if path.stem in EMPTY_NAMES] == []


def test_lines_fit() -> None:
    long = [
        where(path, number)
        for path in sources(*PACKAGES, "tools", "tests")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node, (node.end_lineno or 0) - first.lineno + 1


def test_functions_are_short() -> None:
    found = [(where(path, node.lineno), size) for path in sources(*PACKAGES) for node, size in functions(path)]
    sizes = sorted(size for _, size in found)
    assert [place for place, size in found if size > 40] == []
    assert sizes[len(sizes) // 2] <= 8
    assert sizes[len(sizes) * 9 // 10] <= 25
