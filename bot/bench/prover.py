"""A process that walks the audit chain of one database, alone or with one beside it for each processor, and says how
long it took, on the clock and on the processors, and how much memory it needed itself. Alone it also says what merely
to fetch the rows and merely to hash them takes: nothing that checks the chain can take less.
"""

import json
import resource
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from bot.clock import HouseClock
from storage.audit_check import Verdict, door_of, verify_chain
from storage.audit_walk import CHUNK, RANGE, Door
from storage.chain import pack
from storage.opening import open_database


def main(url: str, key_file: str, *alone: str) -> None:
    database = open_database(url, Path(key_file), HouseClock())
    before, began = _processor(), time.perf_counter()
    verdict = verify_chain(database, 1) if alone else verify_chain(database)
    seconds, processor = time.perf_counter() - began, _processor() - before
    said = {"seconds": seconds, "processor": processor, "whole": verdict.broken is None, "megabytes": _peak()}
    if alone:
        said |= _floor(database.read_now(lambda unit: door_of(unit.connection)), verdict)
    database.stop()
    sys.stdout.write(json.dumps(said) + "\n")


def _processor() -> float:
    """Seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak() -> float:
    """Megabytes; what Linux tells of resources begins with those of the process that started this one."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), told)
    return kilobytes / 1024


def _floor(door: Door, verdict: Verdict) -> dict[str, float]:
    fetching = hashing = 0.0
    with closing(door.open()) as connection, closing(connection.cursor(**door.form)) as cursor:
        for after in range(0, verdict.count, CHUNK):
            here = RANGE.format(after=after, until=after + CHUNK)
            began = _processor()
            rows = cursor.execute(f"SELECT seq, body, prev, hash FROM audit WHERE {here} ORDER BY seq").fetchall()
            cursor.execute(f"SELECT seq, subject FROM audit_subject WHERE {here}").fetchall()
            fetched = _processor()
            for seq, body, prev, _ in rows:
                sha256(prev + pack(seq, len(body)) + body).digest()
            fetching, hashing = fetching + fetched - began, hashing + _processor() - fetched
    return {"bare_fetch": fetching, "bare_hash": hashing}


if __name__ == "__main__":
    main(*sys.argv[1:4])
