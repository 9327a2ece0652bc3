"""What a customer or a member can be found by: one normal form per kind of key, and its blind index."""

from domain.normalise import compact, digits, normalise_name
from domain.pinyin import Readings, readings
from storage.vault import Vault


def name_index(vault: Vault, name: str) -> bytes:
    """Blind index of a whole name."""
    return vault.index("customer.name", compact(normalise_name(name)))


def staff_index(vault: Vault, name: str) -> bytes:
    """Blind index of a member's whole name."""
    return vault.index("staff.name", compact(normalise_name(name)))


def mobile_index(vault: Vault, mobile: str) -> bytes:
    """Blind index of a whole mobile number, with or without the country code of the mainland."""
    return vault.index("customer.mobile", _digits(mobile))


def tail_index(vault: Vault, mobile: str) -> bytes:
    """Blind index of the last four digits."""
    return vault.index("customer.mobile_tail", _digits(mobile)[-4:])


def id_number_index(vault: Vault, number: str) -> bytes:
    """Blind index of an identity document's number."""
    return vault.index("customer.id_number", compact(number).upper())


def pinyin(name: str) -> str:
    """The readings of a name as the `pinyin` column keeps them (before sealing): syllables, then spellings apart."""
    return "|".join(" ".join(spelling) for spelling in readings(name).spellings)


def read_pinyin(kept: str) -> Readings:
    """The readings that `pinyin` wrote."""
    spellings = tuple(tuple(spelling.split()) for spelling in kept.split("|") if spelling)
    full = frozenset("".join(spelling) for spelling in spellings)
    return Readings(spellings, full, frozenset("".join(s[0] for s in spelling) for spelling in spellings))


def _digits(mobile: str) -> str:
    found = digits(mobile)
    return found[2:] if len(found) == 13 and found.startswith("86") else found
