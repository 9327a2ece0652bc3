"""Arrays into CSV cells: amounts in yuan, ISO dates and times, words looked up by index."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NEVER = -(10**9)
"""A day that does not exist: written as an empty cell."""


def yuan(fen: Ints) -> list[str]:
    digits = [str(value).zfill(3) for value in np.abs(fen).tolist()]
    return [
        f"-{text[:-2]}.{text[-2:]}" if minus else f"{text[:-2]}.{text[-2:]}"
        for text, minus in zip(digits, (fen < 0).tolist(), strict=True)
    ]


def days(as_of: date, offset: Ints) -> list[str]:
    """Offsets count days from the business day: −1 is the day before."""
    real = offset != NEVER
    texts: list[str] = np.datetime_as_string(np.datetime64(as_of, "D") + np.where(real, offset, 0)).tolist()
    return [text if exists else "" for text, exists in zip(texts, real.tolist(), strict=True)]


def times(as_of: date, offset: Ints, second: Ints) -> list[str]:
    moments = np.datetime64(as_of, "s") + (offset * 86_400 + second)
    return [f"{text}+08:00" for text in np.datetime_as_string(moments, unit="s").tolist()]


def words(choice: Sequence[object], index: Ints) -> list[Any]:
    found: list[Any] = np.array(choice, dtype=object)[index].tolist()
    return found


def flags(values: Bools) -> list[int]:
    numbers: list[int] = values.astype(np.int64).tolist()
    return numbers
