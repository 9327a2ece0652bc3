"""The subject of row 10, a process: a folder is imported while callbacks are acknowledged, as `serve` does it."""

import asyncio
import gc
import resource
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from bot.app import SWITCH_INTERVAL
from bot.bench.ack_server import serve
from bot.bench.million import AS_OF
from bot.bench.stage import NIGHT
from domain import pinyin
from storage.database import Database
from storage.imports.load import run_import


def load(folder: Path, database: Database) -> dict[str, Any]:
    """What the import came to, how long it took, and the most memory that this process ever had."""
    begun = time.monotonic()
    report = run_import(database, folder, as_of=AS_OF, now=NIGHT, clock=time.monotonic)
    seconds = time.monotonic() - begun
    by_file = {file.name: [file.rows, round(file.seconds, 1)] for file in report.files}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ok": report.ok, "told": report.lines()[:5], "seconds": seconds, "megabytes": most, "files": by_file}


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    pinyin.dictionary()
    gc.freeze()
    url, key_file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    asyncio.run(serve(url, key_file, partial(load, folder)))
