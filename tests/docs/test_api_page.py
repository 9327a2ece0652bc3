"""docs/api.md: its examples run as they stand against the interface, and each says what the page says it does."""

import asyncio
import json
import re
import sys
from pathlib import Path

from bot.api.problem import KINDS
from simulator.bank import write_sample
from storage.imports.load import run_import
from tests.bot.api_place import DAY, open_place
from tests.docs import curl

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
BLOCK = re.compile(r"^```bash\n(.*?)^```\n(?:\n```json\n(.*?)^```)?", re.MULTILINE | re.DOTALL)
KINDS_USED = ("accounts", "transactions")


async def test_the_examples_run(migrated_url: str, tmp_path: Path) -> None:
    async with open_place(migrated_url, tmp_path) as place:
        write_sample(tmp_path / "feed", customers=50, seed=1, as_of=DAY, preset="rm_book")
        report = await asyncio.to_thread(
            run_import, place.database, tmp_path / "feed", as_of=DAY, now=place.clock.now, clock=lambda: 0.0
        )
        assert report.ok, report.lines()
        variables, *examples = BLOCK.findall(PAGE)
        assert [line.split("=")[0] for line in variables[0].splitlines()] == ["API", "KEY"]
        set_here = f"API={place.url}/api/v1\nKEY={place.key(*KINDS_USED)}\n"
        set_here += f'curl() {{ "{sys.executable}" "{curl.__file__}" "$@"; }}\n'
        for example, said in examples:
            ran = await asyncio.create_subprocess_exec(
                "sh", "-euc", set_here + example, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
            out, err = await ran.communicate()
            assert (ran.returncode, err.decode()) == (0, ""), example
            assert not said or json.loads(out) == json.loads(said), example
            assert json.loads(out).get("rejected", 0) == 0
        assert len(examples) >= 5


def test_each_problem_has_its_line() -> None:
    told = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted((str(kind.status), name) for name, kind in KINDS.items())
