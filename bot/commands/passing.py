"""What is only of the moment, on standard error: one line written anew on a terminal, else one now and then."""

import time
from collections.abc import Callable
from typing import TextIO

APART_SECONDS = 10.0


class PassingLine:
    """Called with each text; `over` takes the line away before something that stays is said."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._last = clock()
        self._shown = False

    def __call__(self, text: str) -> None:
        if self._stream.isatty():
            self._write(f"\r{text}\x1b[K")
            self._shown = True
        elif self._clock() - self._last >= APART_SECONDS:
            self._last = self._clock()
            self._write(f"{text}\n")

    def over(self) -> None:
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
