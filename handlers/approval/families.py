"""Every kind of approval, by the name that its rows carry."""

from collections.abc import Mapping

from handlers import restriction, tier_override
from handlers.approval.family import Family
from handlers.retention import holding, reporting
from handlers.staffing import returning

FAMILIES: Mapping[str, Family] = {
    each.name: each
    for each in (
        restriction.FREEZE,
        restriction.LIFT,
        tier_override.FAMILY,
        returning.FAMILY,
        holding.HOLD,
        holding.RELEASE,
        reporting.FAMILY,
    )
}
