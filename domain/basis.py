"""Where a number from regulation or practice comes from, since when, and whether compliance has confirmed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Basis:
    """The origin of a setting; unverified ones are listed for compliance to confirm."""

    effective_from: date
    source: str
    verified: bool = False


class Dated(Protocol):
    """Anything that rests on a basis."""

    @property
    def basis(self) -> Basis: ...


D = TypeVar("D", bound=Dated)


def in_force(versions: Iterable[D], day: date) -> D:
    """The version that applies on `day`: the latest that has taken effect, or the earliest known before that."""
    ordered = sorted(versions, key=lambda version: version.basis.effective_from)
    started = [version for version in ordered if version.basis.effective_from <= day]
    return started[-1] if started else ordered[0]
