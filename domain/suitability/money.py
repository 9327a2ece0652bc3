"""How much of a customer's money a sale may take: of all they have here, of what they can spare, of what is their own
(⑧ to ⑩ of business-rules.md §2.2).
"""

from collections.abc import Iterator

from domain.suitability.matter import Matter
from domain.suitability.reason import Code, Reason
from domain.suitability.words import Spared

Reasons = Iterator[Reason]


def shares(matter: Matter) -> Reasons:
    """⑧ Not too much in one product, nor in risky ones together."""
    if matter.spares(Spared.SHARES):
        return
    amount, assets, held, risky = matter.amount, matter.client.assets, matter.offer.held, matter.client.risky
    if assets is None or held is None or risky is None:
        yield Reason(code=Code.ASSETS_UNKNOWN)
        return
    if amount is None:
        return
    single = matter.table.single.value
    if (held + amount) * 100 > assets * single:
        yield Reason(code=Code.SINGLE_SHARE, values={"percent": single, "most": max(assets * single // 100 - held, 0)})
    limit = _risky_percent(matter)
    if limit is not None and (risky + amount) * 100 > assets * limit:
        most = max(assets * limit // 100 - risky, 0)
        yield Reason(code=Code.RISKY_SHARE, values={"percent": limit, "most": most, "rating": risky_from(matter)})


def means(matter: Matter) -> Reasons:
    """⑨ Within what the customer can spare."""
    if matter.spares(Spared.MEANS):
        return
    liquid, amount, age = matter.client.liquid, matter.amount, matter.age
    if liquid is None:
        yield Reason(code=Code.LIQUID_UNKNOWN)
    elif amount is not None and age is not None:
        percent = [rule.percent for rule in matter.table.means if age >= rule.years][-1]
        if amount * 100 > liquid * percent:
            yield Reason(code=Code.BEYOND_MEANS, values={"percent": percent, "most": max(liquid * percent // 100, 0)})


def loans(matter: Matter) -> Reasons:
    """⑩ The customer's own money: what was lent lately does not count."""
    if matter.spares(Spared.LOANS):
        return
    lent, liquid, amount = matter.client.recent_loans, matter.client.liquid, matter.amount
    if lent is None:
        yield Reason(code=Code.LOANS_UNKNOWN)
    elif lent > 0 and liquid is not None and amount is not None and amount > liquid - lent:
        yield Reason(code=Code.LOAN_MONEY, values={"days": matter.table.loans.days, "most": max(liquid - lent, 0)})


def risky_from(matter: Matter) -> str:
    return matter.table.risky.rating.value


def is_risky(matter: Matter) -> bool:
    return matter.rating is not None and matter.rating.rank >= matter.table.risky.rating.rank


def _risky_percent(matter: Matter) -> int | None:
    return matter.table.risky.percent[matter.level] if matter.level is not None and is_risky(matter) else None
