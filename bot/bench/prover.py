"""A process that walks the audit chain of one database and says how long it took and how much memory it needed."""

import json
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"seconds": seconds, "count": verdict.count, "whole": verdict.broken is None, "megabytes": peak}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
