"""Numbers that look right and can belong to nobody: regions 000000/999999, mobiles 199 00…, card prefix 999."""

import numpy as np

from simulator.bank.cells import Bools, Ints

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
PARTITION_RANKS = 10


def check_digit(first17: str) -> str:
    """Last character of a resident identity number (GB 11643, mod 11-2)."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True)) % 11]


def resident_numbers(born: Ints, male: Bools, partition: int) -> list[str]:
    """One distinct number a customer: people born the same day differ by rank, partitions by their block of ranks."""
    serial = partition * PARTITION_RANKS + _rank_within(born * 2 + male)
    births = np.datetime_as_string(born.astype("datetime64[D]")).tolist()
    rows = zip(serial.tolist(), births, male.tolist(), strict=True)
    first = [f"{'000000' if s < 500 else '999999'}{b.replace('-', '')}{s % 500 * 2 + m:03d}" for s, b, m in rows]
    return [text + check_digit(text) for text in first]


def _rank_within(group: Ints) -> Ints:
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    first = np.concatenate(([True], ranked[1:] != ranked[:-1]))
    start = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - start
    return rank


def mobiles(index: Ints) -> list[str]:
    """199 + eight digits; the last four look random but never repeat within ten thousand customers."""
    tail = (index * 7919 + 1234) % 10_000
    return [f"199{block:04d}{last:04d}" for block, last in zip((index // 10_000).tolist(), tail.tolist(), strict=True)]


def cards(bin_: int, serial: Ints) -> list[str]:
    """Sixteen digits: prefix 999…, serial, Luhn check digit."""
    return [body + _luhn(body) for body in (f"{bin_}{number:09d}" for number in serial.tolist())]


def _luhn(body: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in body[::-2])
    return str(-(doubled + sum(map(int, body[-2::-2]))) % 10)
