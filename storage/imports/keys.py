"""Keys met so far, held in few bytes: ten million of them, with their lines, take some 200 MB."""

from array import array
from collections.abc import Hashable, Iterable, Sequence

_MASK = 0xFFFF_FFFF_FFFF_FFFF
_SMALLEST = 1 << 10


class Keys:
    """A set of keys that remembers 64 bits of each and the line it stood on.

    Two keys are taken for one with a chance of 3 in a million for ten million keys; Python's hash is keyed anew for
    each process, so nobody can prepare such a pair.
    """

    def __init__(self, expected: int = 0) -> None:
        size = _SMALLEST
        while size * 5 < expected * 8:  # filled to five eighths at most
            size *= 2
        self._empty(size)

    def _empty(self, size: int) -> None:
        self._slots, self._lines = array("Q", bytes(8 * size)), array("I", bytes(4 * size))
        self._most, self._size = size * 3 // 4, size
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: Hashable) -> bool:
        return bool(self._slots[self._place((hash(key) & _MASK) or 1)])

    def add(self, key: Hashable, line: int = 0) -> int | None:
        """None for a new key; otherwise the line it was first met on."""
        known = self.add_all([key], [line])
        return known[0][1] if known else None

    def add_all(self, keys: Sequence[Hashable], lines: Sequence[int]) -> list[tuple[int, int]]:
        """The same for many: the places of those that are not new, each with the line it was first met on."""
        known: list[tuple[int, int]] = []
        while self._count + len(keys) > self._most:
            self._grow()
        slots, first, last = self._slots, self._lines, self._size - 1
        for number, (key, line) in enumerate(zip(keys, lines, strict=True)):
            mark = (hash(key) & _MASK) or 1
            place = mark & last
            while (there := slots[place]) and there != mark:
                place = (place + 1) & last
            if there:
                known.append((number, first[place]))
            else:
                slots[place], first[place] = mark, line
        self._count += len(keys) - len(known)
        return known

    def update(self, keys: Iterable[Hashable]) -> None:
        some = list(keys)
        self.add_all(some, [0] * len(some))

    def _place(self, mark: int) -> int:
        """Where the mark is, or the free place where it belongs."""
        slots, last = self._slots, self._size - 1
        place = mark & last
        while (there := slots[place]) and there != mark:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        marks, lines, count = self._slots, self._lines, self._count
        self._empty(2 * self._size)
        for mark, line in zip(marks, lines, strict=True):
            if mark:
                place = self._place(mark)
                self._slots[place], self._lines[place] = mark, line
        self._count = count
