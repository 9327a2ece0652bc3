"""What every test stands on: closed network, both databases, no silent skip."""

import gc
import os
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import fork_server
from tests.databases import Copied, Fill, PostgresDatabases, SqliteDatabases, migrate
from tools import postgres

BACKENDS = ("sqlite", "postgresql")
IN_CI = bool(os.environ.get("CI"))
_passed: Counter[str] = Counter()
_told: list[str] = []

# How long an example takes says how busy the machine is, not whether the property holds.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also run the tests that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    if "XDG_RUNTIME_DIR" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="rmbot-run-")
        os.environ["XDG_RUNTIME_DIR"] = folder.name
        config.add_cleanup(folder.cleanup)
    if fork_server.PLACE not in os.environ:
        config.add_cleanup(fork_server.ForkServer().close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        slow = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("full")]
    items[:] = _dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """Thousands of tests and all that was imported stay: no need to look through them for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _dealt(items: list[pytest.Item], hands: int) -> list[pytest.Item]:
    """What takes long comes first, else the last to begin would keep everybody waiting; and as each hand gets the next
    of `hands` equal parts, the long ones are dealt out one by one.
    """
    long = sorted(filter(_patience, items), key=_patience, reverse=True)
    short = [item for item in items if not _patience(item)]
    dealt: list[pytest.Item] = []
    for hand in range(hands):
        first = long[hand::hands]
        size = (len(items) - len(dealt)) // (hands - hand)
        filling = max(0, size - len(first))
        dealt += [*first, *short[:filling]]
        del short[:filling]
    return dealt + short


def _patience(item: pytest.Item) -> float:
    """What takes long says so by its limit."""
    limit = item.get_closest_marker("timeout")
    return float(limit.args[0]) if limit else 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip in CI is a failure: what was not run was not shown."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if IN_CI and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.update(str(value) for name, value in report.user_properties if name == "database")
        _told.extend(f"{report.nodeid}\n{value}" for name, value in report.user_properties if name == "told")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for told in _told:
        terminalreporter.section("told")
        terminalreporter.line(told)
    terminalreporter.section("databases")
    terminalreporter.line(f"passed on SQLite: {_passed['sqlite']}, on PostgreSQL: {_passed['postgresql']}")


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Nothing but this machine can be reached, whatever the code under test tries."""
    with pytest.MonkeyPatch.context() as patch:
        for name, position in {"connect": 0, "connect_ex": 0, "sendto": -1}.items():
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), position))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(original: Callable[..., Any], position: int) -> Callable[..., Any]:
    def call(self: socket.socket, *args: Any) -> Any:
        if self.family != socket.AF_UNIX and not _is_here(args[position][0]):
            raise ConnectionRefusedError(f"tests may not reach {args[position]}")
        return original(self, *args)

    return call


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def call(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None and not _is_here(host):
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not look up {host}")
        return original(host, *args, **options)

    return call


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"localhost", "", "0.0.0.0", "::"}:
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server's own database, as superuser: TEST_PG_URL, else a throw-away server."""
    if url := os.environ.get("TEST_PG_URL"):
        yield url
        return
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgres_url, tmp_path_factory.mktemp("templates"))
    yield databases
    databases.close()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> str:
    """Which database this test runs on; each test that uses it runs once on each and is counted."""
    record_property("database", request.param)
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'fresh.db'}"
        return
    databases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def copied(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copied]:
    """The URL of a copy of the database that was filled so once; its key file comes where it is wanted."""
    databases = request.getfixturevalue("sqlite_databases" if backend == "sqlite" else "postgres_databases")
    made: list[str] = []

    def copy(fill: Fill, key: Path) -> str:
        made.append(databases.copy(fill, tmp_path / "rmbot.db"))
        if databases.keys[fill].exists():
            key.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(databases.keys[fill], key)
        return made[-1]

    yield copy
    for url in made:
        databases.drop(url)


@pytest.fixture(scope="session")
def migrated_sqlite(sqlite_databases: SqliteDatabases) -> bytes:
    return sqlite_databases.template(migrate).read_bytes()


@pytest.fixture
def migrated_url(copied: Copied, tmp_path: Path) -> str:
    """A fresh database with the newest schema and no rows."""
    return copied(migrate, tmp_path / "key")
