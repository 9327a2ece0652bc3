"""Many groups side by side, or one suspect with nobody beside it in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Alone:
    """A lock that is shared or exclusive; who wants it exclusively keeps newcomers out while the present ones
    finish.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._sharers = 0
        self._excluded = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._excluded)
            self._sharers += 1
        try:
            yield
        finally:
            with self._condition:
                self._sharers -= 1
                self._condition.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._excluded)
            self._excluded = True
            self._condition.wait_for(lambda: self._sharers == 0)
        try:
            yield
        finally:
            with self._condition:
                self._excluded = False
                self._condition.notify_all()
