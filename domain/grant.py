"""What one person has beside the post: an extra permission or reach, a customer or a unit for a time, or a denial."""

from dataclasses import dataclass
from enum import StrEnum


class GrantKind(StrEnum):
    """What is given; `DENY` takes a permission away, whatever else allows it. `EMERGENCY` is a customer whom somebody
    opened to themselves, without a second person.
    """

    PERMISSION = "permission"
    REACH = "reach"
    CUSTOMER = "customer"
    EMERGENCY = "emergency"
    UNIT = "unit"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in force for one person now: a permission, a reach, a customer number or a unit."""

    kind: GrantKind
    what: str
