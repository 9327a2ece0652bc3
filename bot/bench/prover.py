"""A process that walks the audit chain of one database, alone or with one beside it for each processor, and says how
long it took, on the clock and on the processors, and how much memory it needed itself.
"""

import json
import resource
import sys
import time
from pathlib import Path

from bot.clock import HouseClock
from storage.audit_check import verify_chain
from storage.opening import open_database


def main(url: str, key_file: str, *alone: str) -> None:
    database = open_database(url, Path(key_file), HouseClock())
    began = time.perf_counter()
    verdict = verify_chain(database, 1) if alone else verify_chain(database)
    seconds = time.perf_counter() - began
    database.stop()
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    said = {
        "seconds": seconds, "whole": verdict.broken is None, "megabytes": _peak(mine.ru_maxrss),
        "processor": mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime,
    }  # fmt: skip
    sys.stdout.write(json.dumps(said) + "\n")


def _peak(told: int) -> float:
    """Megabytes; what Linux tells of resources begins with those of the process that started this one."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), told)
    return kilobytes / 1024


if __name__ == "__main__":
    main(*sys.argv[1:4])
