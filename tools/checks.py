"""Run every check, tests last, and say in one table what held: `./run test`, `./run lint`."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LINT = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
    "mypy": ["-m", "mypy", "--no-error-summary"],
}

# Most tests wait for sockets and disks: four side by side use two cores well.
SIDE_BY_SIDE = ["-n", "4", "--dist", "worksteal"]


class Result(NamedTuple):
    """How one check ended."""

    name: str
    passed: bool
    seconds: float


def main(arguments: list[str]) -> int:
    """Run all, even after a failure, so that one run shows everything."""
    results = [_run(name, command) for name, command in LINT.items()]
    if arguments != ["--lint"]:
        results.append(_run("pytest", ["-m", "pytest", *SIDE_BY_SIDE, *arguments]))
    _summarise(results)
    return 0 if all(result.passed for result in results) else 1


def _run(name: str, command: list[str]) -> Result:
    print(f"── {name}", flush=True)
    start = time.monotonic()
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes read the same modules
    ended = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False)
    return Result(name, ended.returncode == 0, time.monotonic() - start)


def _summarise(results: list[Result]) -> None:
    print("──")
    for name, passed, seconds in results:
        print(f"{'通过' if passed else '未通过'}  {name}  {seconds:.0f} 秒")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
