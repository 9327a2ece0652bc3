"""Every kind of approval, by the name that its rows carry."""

from collections.abc import Mapping

from handlers import command_approval, grant_approval, restriction, tier_override
from handlers.approval.family import Family
from handlers.export import approving
from handlers.personal_data import registering
from handlers.retention import holding, reporting
from handlers.staffing import returning

_EVERY = (
    approving.EXPORT,
    command_approval.COMMAND,
    grant_approval.ACCESS,
    grant_approval.LIFT,
    holding.HOLD,
    holding.RELEASE,
    registering.FAMILY,
    reporting.FAMILY,
    restriction.FREEZE,
    restriction.LIFT,
    returning.FAMILY,
    tier_override.FAMILY,
)
FAMILIES: Mapping[str, Family] = {each.name: each for each in _EVERY}
