"""Several at once: replicas on PostgreSQL, threads on the one process of SQLite; one order, one chain, no double."""

import threading
from contextlib import ExitStack
from pathlib import Path

from tests.storage.deeds import Deeds, assert_whole, opened, received, records, settled, states

PEOPLE, EACH = 10, 20


def test_order_and_chain_hold_under_load(migrated_url: str, tmp_path: Path, backend: str) -> None:
    """Every message comes three times, from two threads, to any replica, twice re-encrypted."""
    with ExitStack() as stack:
        count = 2 if backend == "postgresql" else 1
        replicas = [stack.enter_context(opened(migrated_url, tmp_path, Deeds())) for _ in range(count)]

        def deliver(part: int) -> None:
            for number in range(EACH):
                for person in range(part, PEOPLE, 2):
                    key = f"p{person}-{number:03}"
                    deed = "refuse" if number % 7 == 0 else "conflict" if number % 11 == 5 else "do"
                    futures = [
                        replicas[(person + number + copy) % count].receive(
                            received(key, f"p{person}", deed, cipher=f"{key}-{copy}")
                        )
                        for copy in range(3)
                    ]
                    for future in futures:
                        future.result(30)

        threads = [threading.Thread(target=deliver, args=(part,)) for part in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        settled(replicas[0], PEOPLE * EACH)
        handled = [key for _, key in records(replicas[-1])]
        assert len(handled) == PEOPLE * EACH
        for person in range(PEOPLE):
            mine = [key for key in handled if key.startswith(f"p{person}-")]
            assert mine == sorted(mine)
        dead = {key for key, (state, _) in states(replicas[0]).items() if state == "dead"}
        assert dead == {f"p{person}-{number:03}" for person in range(PEOPLE) for number in (5, 16)}
        assert_whole(replicas[0])


def test_jobs_of_all_make_one_chain(migrated_url: str, tmp_path: Path, backend: str) -> None:
    with ExitStack() as stack:
        count = 2 if backend == "postgresql" else 1
        replicas = [stack.enter_context(opened(migrated_url, tmp_path)) for _ in range(count)]
        futures = [
            replicas[number % count].job(
                lambda unit, n=number: unit.audit("job", str(n), subjects=["C1", "C2"][: n % 3])
            )
            for number in range(300)
        ]
        for future in futures:
            future.result(30)
        assert sorted(records(replicas[0])) == sorted(("job", str(number)) for number in range(300))
        links = len(records(replicas[0]))
        assert links == 300
