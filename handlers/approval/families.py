"""Every kind of approval, by the name that its rows carry."""

from collections.abc import Mapping

from handlers import restriction
from handlers.approval.family import Family
from handlers.export import approving

FAMILIES: Mapping[str, Family] = {each.name: each for each in (restriction.FREEZE, restriction.LIFT, approving.EXPORT)}
