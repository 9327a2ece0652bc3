"""The wheel, installed alone into a clean environment outside the tree, is the whole product."""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = """
from pathlib import Path
import bot, simulator, storage
site = Path(bot.__file__).parents[1]
print(site)
for pattern in (
    "bot/web/static/vendor/htmx/htmx.min.js", "bot/web/static/vendor/weui/weui.min.css", "bot/web/templates/*.html",
    "deploy/packs/*.yaml", "deploy/packs/papers/*.pdf", "rmbot-*.dist-info/licenses/LICENSE",
    "rmbot-*.dist-info/licenses/bot/web/static/vendor/htmx/LICENSE",
    "simulator/static/*.html", "simulator/static/vendor/weui/weui.min.css",
    "storage/migrations/env.py", "storage/migrations/versions/*.py",
):
    print(pattern, len(list(site.glob(pattern))))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds our wheel and sees the libraries, but not the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    (wheel,) = folder.glob("rmbot-*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True)
    where = [python, "-c", "import site; print(site.getsitepackages()[0])"]
    site = subprocess.run(where, check=True, capture_output=True)
    # A bare path in a .pth file shows the libraries without following the .pth that points back at the tree.
    Path(site.stdout.decode().strip(), "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


@pytest.fixture
def outside(tmp_path: Path) -> dict[str, str]:
    """An environment that knows nothing of the tree and takes free ports."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RMBOT_", "PYTHON"))}
    return kept | {"HOME": str(tmp_path), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def test_says_its_version(installed: Path, outside: dict[str, str], tmp_path: Path) -> None:
    said = subprocess.run(
        [installed / "rmbot", "--version"], cwd=tmp_path, env=outside, check=True, capture_output=True, text=True
    )
    assert "0.1.0" in said.stdout


def test_carries_everything(installed: Path, outside: dict[str, str], tmp_path: Path) -> None:
    said = subprocess.run(
        [installed / "python", "-c", CARRIED], cwd=tmp_path, env=outside, check=True, capture_output=True, text=True
    )
    site, *lines = said.stdout.splitlines()
    assert Path(site).is_relative_to(installed.parent)
    assert [line for line in lines if line.endswith(" 0")] == []


def free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [server.getsockname()[1] for server in held]
    for server in held:
        server.close()
    return ports


@pytest.fixture
def demo(installed: Path, outside: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    public, admin = free_ports(2)
    ports = {"RMBOT_HTTP__PORT": str(public), "RMBOT_HTTP__ADMIN_PORT": str(admin)}
    command = [str(installed / "rmbot"), "--state", str(tmp_path / "state"), "demo"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=outside | ports, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.timeout(180)
def test_demo_outside_the_tree(demo: subprocess.Popen[str]) -> None:
    assert demo.stdout
    said: list[str] = []
    for line in demo.stdout:
        said.append(line)
        if address := re.search(r"http://127\.0\.0\.1:\d+[\w/.-]*", line):
            break
    else:
        pytest.fail(f"no address: {''.join(said)}")
    with urllib.request.urlopen(address.group(), timeout=10) as page:
        assert page.status == 200
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
