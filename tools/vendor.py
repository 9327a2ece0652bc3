"""Fetch the front-end files named in vendor.toml and lay them where they are served: `python -m tools.vendor`."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LIST = ROOT / "vendor.toml"


class Asset(NamedTuple):
    """One file of one package, and every copy of it in the tree."""

    package: str
    version: str
    source: str
    sha256: str
    copies: tuple[Path, ...]


def assets() -> Iterator[Asset]:
    """What vendor.toml lists, licence texts included."""
    for package in tomllib.loads(LIST.read_text("utf-8"))["package"]:
        for file in package["file"]:
            name = Path(file["source"]).name
            copies = tuple(ROOT / place / package["folder"] / name for place in package["places"])
            yield Asset(package["name"], package["version"], file["source"], file["sha256"], copies)


def main() -> int:
    """Refuse a file whose hash differs; write nothing then."""
    fetched = {asset: _fetch(asset.package, asset.version)[asset.source] for asset in assets()}
    for asset, content in fetched.items():
        if (found := hashlib.sha256(content).hexdigest()) != asset.sha256:
            print(f"{asset.package} {asset.source}: expected sha256 {asset.sha256}, found {found}", file=sys.stderr)
            return 1
    for asset, content in fetched.items():
        for copy in asset.copies:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
    return 0


def _fetch(package: str, version: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{package}@{version}", "--json", "--silent"]
        answer = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
        archive = Path(folder) / (answer if isinstance(answer, list) else list(answer.values()))[0]["filename"]
        with tarfile.open(archive) as files:
            return {
                member.name.removeprefix("package/"): stream.read()
                for member in files
                if (stream := files.extractfile(member))
            }


if __name__ == "__main__":
    sys.exit(main())
