"""The one reading of a customer's tier: an override that holds, else the label, else the AUM points of somebody whom no
night has labelled yet. Whatever asks for a tier asks here.
"""

from collections.abc import Sequence

from domain.ids import CustomerId
from domain.tier import Tier
from domain.tiering import assess
from storage import customers, labels
from storage.unit import Unit


def tiers_of(unit: Unit, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, Tier]:
    """The tier of each of them today."""
    if not customer_ids:
        return {}
    known = labels.tiers_of(unit, customer_ids)
    fresh = [each for each in customer_ids if each not in known]
    points = customers.aum_of(unit, fresh) if fresh else {}
    return known | {each: assess(points[each], unit.now.date()).tier for each in fresh}


def tier_of(unit: Unit, customer_id: CustomerId) -> Tier:
    return tiers_of(unit, [customer_id])[customer_id]
