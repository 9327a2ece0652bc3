"""A process that walks the audit chain of one database and says how long it took and how much memory it needed, with
as much for each of its own processes as the largest of them.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from bot.clock import HouseClock
from storage.audit_check import verify_chain
from storage.opening import open_database


def main(url: str, key_file: str) -> None:
    database = open_database(url, Path(key_file), HouseClock())
    began = time.perf_counter()
    verdict = verify_chain(database)
    seconds = time.perf_counter() - began
    database.stop()
    own, largest = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = (own + (os.cpu_count() or 1) * largest) / 1024
    said = {"seconds": seconds, "count": verdict.count, "whole": verdict.broken is None, "megabytes": peak}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
