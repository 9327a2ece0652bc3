"""A bank whose every personal value sings: wherever one of them turns up, it says whose it is and what it was.

Each value holds a token that exists once: 雀 and two rare characters, a mobile, an identity number.
"""

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import unquote

_SONG = re.compile(rb"(?=(\xe9\x9b\x80[\xe4-\xe9]..[\xe4-\xe9]..))", re.DOTALL)
_NUMBER = re.compile(rb"(?=(\d{17}[\dXx]))"), re.compile(rb"(?=(1[3-9]\d{9}))")
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_RARE = 2_900  # characters of GB2312's second level


@dataclass(frozen=True)
class Canary:
    """Whose it is (a customer number, a userid, or who said it) and what it was."""

    kind: str
    owner: str


@dataclass
class Aviary:
    """All canaries of one story."""

    birds: dict[str, Canary] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def song(self, kind: str, owner: str) -> str:
        """A new token to be put into a text."""
        number = next(self._numbers)
        token = f"雀{_rare(number // _RARE)}{_rare(number % _RARE)}"
        self.birds[token] = Canary(kind, owner)
        return token

    def keep(self, kind: str, owner: str, value: str) -> None:
        """A value that is its own token."""
        if len(value) >= 11:
            self.birds[value] = Canary(kind, owner)

    def heard_in(self, data: bytes | str) -> dict[str, Canary]:
        """The canaries in a text, however it was escaped, or in raw bytes."""
        raw = _bare(data).encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        found = {match[1].decode("utf-8", "replace") for each in (_SONG, *_NUMBER) for match in each.finditer(raw)}
        return {token: self.birds[token] for token in sorted(found) if token in self.birds}


def _rare(number: int) -> str:
    return bytes([0xD8 + number // 94, 0xA1 + number % 94]).decode("gb2312")


def _bare(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), unquote(text))


SUNG = {"customers": {"name": "name", "address": "address"}, "staff": {"name": "staff_name"},
        "interactions": {"summary": "note"}, "complaints": {"summary": "note"}}  # fmt: skip
KEPT = {"customers": {"mobile": "mobile", "id_number": "id_number"}, "staff": {"mobile": "staff_mobile"}}
OWNER = {"staff": "userid"}


def fill_with_canaries(sample: Path, folder: Path) -> Aviary:
    """The sample bank again, every personal value of it a canary."""
    aviary = Aviary()
    shutil.copytree(sample, folder, dirs_exist_ok=True)
    for name in sorted(SUNG.keys() | KEPT.keys()):
        rows = read(folder / f"{name}.csv")
        for row in rows:
            owner = row[OWNER.get(name, "customer_id")]
            for column, kind in KEPT.get(name, {}).items():
                aviary.keep(kind, owner, row[column])
            for column, kind in SUNG[name].items():
                row[column] = (row[column][:1] if column == "name" else row[column]) + aviary.song(kind, owner)
        write(folder / f"{name}.csv", rows)
    return aviary


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
