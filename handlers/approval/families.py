"""Every kind of approval, by the name that its rows carry."""

from collections.abc import Mapping

from handlers import restriction, tier_override
from handlers.approval.family import Family
from handlers.export import approving
from handlers.personal_data import registering
from handlers.staffing import returning

_ALL = (
    restriction.FREEZE,
    restriction.LIFT,
    tier_override.FAMILY,
    returning.FAMILY,
    approving.EXPORT,
    registering.FAMILY,
)
FAMILIES: Mapping[str, Family] = {each.name: each for each in _ALL}
