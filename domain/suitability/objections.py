"""Everything that stands against a sale, or calls for steps before it, in the order of business-rules.md §2.2."""

from collections.abc import Callable
from datetime import date

from domain.customer import age_on
from domain.suitability.facts import Assessed
from domain.suitability.matter import Matter
from domain.suitability.money import Reasons, is_risky, loans, means, risky_from, shares
from domain.suitability.reason import Code, Reason
from domain.suitability.table import Halt, Table
from domain.suitability.words import Leave, Spared

_FEN = 100
_CURRENCY = "CNY"


def objections(matter: Matter) -> tuple[Reason, ...]:
    """All of them, as they are found; none where the sale is simply allowed."""
    return tuple(reason for check in CHECKS for reason in check(matter))


def _sale(matter: Matter) -> Reasons:
    """① On sale, of a known kind, in our currency, and somebody qualified sells it."""
    offer, day = matter.offer, matter.day
    if day < matter.table.effective_from:
        yield Reason(code=Code.NOT_IN_FORCE, values={"day": str(matter.table.effective_from)})
    if matter.kind is None or matter.regime is None:
        yield Reason(code=Code.KIND_UNKNOWN)
    if not offer.timely:
        yield Reason(code=Code.PRODUCTS_LATE)
    if offer.sale_from is None or offer.sale_until is None:
        yield Reason(code=Code.SALE_UNKNOWN)
    elif not offer.sale_from <= day <= offer.sale_until:
        yield Reason(code=Code.OFF_SALE)
    if offer.currency != _CURRENCY:
        yield Reason(code=Code.CURRENCY)
    yield from _selling(matter)
    if matter.amount is None:
        yield Reason(code=Code.AMOUNT_UNKNOWN)


def _selling(matter: Matter) -> Reasons:
    seller, kind = matter.question.seller, matter.kind
    if not seller.active or seller.qualifications is None:
        yield Reason(code=Code.SELLER_UNKNOWN)
    elif kind is not None and kind.qualification is not None:
        named = {"qualification": matter.table.qualifications[kind.qualification]}
        until = seller.qualifications.get(kind.qualification)
        if until is None:
            yield Reason(code=Code.UNQUALIFIED, values=named)
        elif matter.day > until:
            yield Reason(code=Code.QUALIFICATION_LAPSED, values={**named, "day": str(until)})


def _standing(matter: Matter) -> Reasons:
    """② An account, nothing that stops it, due diligence and document in date."""
    client, table = matter.client, matter.table
    if client.opened_on is None or client.opened_on > matter.day:
        yield Reason(code=Code.NO_ACCOUNT)
    if client.sanctioned:
        yield Reason(code=Code.SANCTIONED)
    if client.frozen:
        yield Reason(code=Code.FROZEN)
    if client.sanctioned is None or client.frozen is None or client.under_review is None:
        yield Reason(code=Code.STANDING_UNKNOWN)
    yield from _administrative(matter)
    review = (Code.REVIEW_UNKNOWN, Code.REVIEW_DUE, Code.REVIEW_LAPSED)
    identity = (Code.IDENTITY_UNKNOWN, Code.IDENTITY_GRACE, Code.IDENTITY_EXPIRED)
    yield from _in_date(client.kyc_due, matter.day, table.review_grace.value, review)
    yield from _in_date(client.id_expiry, matter.day, table.identity_grace.value, identity)


def _administrative(matter: Matter) -> Reasons:
    """Nothing the customer did: a request that waits, data that did not come, a halt of product or place."""
    client, table = matter.client, matter.table
    if client.under_review:
        yield Reason(code=Code.UNDER_REVIEW)
    if client.data_day is None or (matter.day - client.data_day).days > table.data_days.value:
        yield Reason(code=Code.DATA_LATE)
    if client.unit is None or any(_halted(matter, halt) for halt in table.halts):
        yield Reason(code=Code.HALTED)


def _halted(matter: Matter, halt: Halt) -> bool:
    """Whether a halt is on and means this sale: of what it names all, of what it does not name anything."""
    offer, on = matter.offer, halt.from_day <= matter.day <= halt.until_day
    meant = ((halt.products, offer.product_id), (halt.kinds, offer.kind), (halt.units, matter.client.unit))
    return on and all(not named or it is None or it in named for named, it in meant)


def _in_date(until: date | None, day: date, grace: int, codes: tuple[Code, Code, Code]) -> Reasons:
    """In date through `until`, a step within the grace after it, then no more."""
    unknown, within, beyond = codes
    if until is None:
        yield Reason(code=unknown)
    elif day > until:
        late = (day - until).days > grace
        yield Reason(code=beyond if late else within, values={"day": str(until), "grace": grace})


def _assessment(matter: Matter) -> Reasons:
    """③ A risk test that is still valid, and at a branch before the first purchase."""
    if matter.spares(Spared.ASSESSMENT):
        return
    taken, table = matter.assessed, matter.table
    if taken is None or matter.level is None:
        unknown = matter.client.assessments is None
        yield Reason(code=Code.ASSESSMENTS_UNKNOWN if unknown else Code.NEVER_ASSESSED)
        return
    if run_out(taken, matter.day, table):
        yield Reason(code=Code.ASSESSMENT_EXPIRED, values={"day": str(taken.valid_until or "")})
    elif (years := _outgrown(matter, taken)) is not None:
        yield Reason(code=Code.ASSESSMENT_OUTGROWN, values={"years": years})
    if _first(matter):
        yield Reason(code=Code.FIRST_PURCHASE)


def run_out(taken: Assessed, day: date, table: Table) -> bool:
    """Whether a test is past its own day, or older than a test of its kind may be."""
    if taken.assessed_on is None or taken.valid_until is None or taken.regime is None or day > taken.valid_until:
        return True
    longest = next((number.value for kind, number in table.valid_days.items() if kind == taken.regime), 0)
    return (day - taken.assessed_on).days > longest


def _outgrown(matter: Matter, taken: Assessed) -> int | None:
    """The age that was reached since the test and calls for a new one."""
    born = matter.client.born
    if matter.age is None or born is None or taken.assessed_on is None or taken.assessed_on < born:
        return None
    before = age_on(born, taken.assessed_on)
    return next((number.value for number in matter.table.outgrown if before < number.value <= matter.age), None)


def _first(matter: Matter) -> bool:
    first, client = matter.table.first, matter.client
    if matter.offer.kind not in first.kinds or matter.offer.kind in (client.holds or ()):
        return False
    return not any(each.channel in first.channels for each in client.assessments or ())


def _match(matter: Matter) -> Reasons:
    """④ The product's rating, the higher of two, against the customer's class."""
    rating, level = matter.rating, matter.level
    if rating is None:
        yield Reason(code=Code.UNRATED)
    elif level is not None and matter.regime is not None and not matter.spares(Spared.ASSESSMENT):
        named: dict[str, int | str] = {"rating": rating.value, "level": level.value}
        leave = matter.regime.matrix[level][rating]
        if leave is Leave.BLOCK:
            yield Reason(code=Code.ABOVE_LEVEL, values=named)
        elif leave is Leave.WRITTEN:
            yield Reason(code=Code.ABOVE_ASKED if matter.question.written else Code.ABOVE_UNASKED, values=named)


def _investor(matter: Matter) -> Reasons:
    """⑤ Products for qualified investors alone."""
    if matter.offer.qualified_only is None:
        yield Reason(code=Code.RESTRICTION_UNKNOWN)
    elif matter.offer.qualified_only:
        qualified = matter.client.investor_class in matter.table.qualified
        yield Reason(code=Code.QUALIFIED if qualified else Code.NOT_QUALIFIED)


def _age(matter: Matter) -> Reasons:
    """⑥ Of age; and the old are protected from what is risky."""
    if matter.spares(Spared.AGE):
        return
    age, rating = matter.age, matter.rating
    if age is None:
        yield Reason(code=Code.AGE_UNKNOWN)
        return
    if age < matter.table.adult.value:
        yield Reason(code=Code.MINOR, values={"years": matter.table.adult.value})
    for rule in matter.table.ages:
        if age >= rule.years and rating is not None and rating.rank >= rule.rating.rank:
            code = Code.TOO_OLD if rule.then == "block" else Code.ELDERLY
            yield Reason(code=code, values={"years": rule.years, "rating": rule.rating.value})


def _term(matter: Matter) -> Reasons:
    """⑦ Tied up no longer than the customer can wait."""
    if matter.spares(Spared.HORIZON):
        return
    term, horizon = matter.offer.term_days, matter.client.horizon_days
    if term is None:
        yield Reason(code=Code.TERM_UNKNOWN)
    if horizon is None:
        yield Reason(code=Code.HORIZON_UNKNOWN)
    if term is not None and horizon is not None and term > horizon:
        yield Reason(code=Code.TOO_LONG, values={"term": term, "horizon": horizon})


def _care(matter: Matter) -> Reasons:
    """⑪ What else has to be done first."""
    if is_risky(matter):
        yield Reason(code=Code.RISKY, values={"rating": risky_from(matter)})
    large = matter.table.large.value * _FEN
    if matter.amount is not None and matter.amount >= large and not matter.spares(Spared.SHARES):
        yield Reason(code=Code.LARGE, values={"amount": large})


CHECKS: tuple[Callable[[Matter], Reasons], ...] = (
    _sale, _standing, _assessment, _match, _investor, _age, _term, shares, means, loans, _care
)  # fmt: skip
"""In the order of business-rules.md §2.2."""
