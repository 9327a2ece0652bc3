"""Why a decision is what it is: a code for machines, numbers for the sentence, and who can mend it in the words."""

from collections.abc import Mapping
from enum import StrEnum

from domain.part import Part
from domain.suitability.words import Trigger, Verdict


class Code(StrEnum):
    """In the order in which a decision asks (business-rules.md §2.2)."""

    NOT_IN_FORCE = "not_in_force"
    KIND_UNKNOWN = "kind_unknown"
    PRODUCTS_LATE = "products_late"
    SALE_UNKNOWN = "sale_unknown"
    OFF_SALE = "off_sale"
    CURRENCY = "currency"
    SELLER_UNKNOWN = "seller_unknown"
    UNQUALIFIED = "unqualified"
    QUALIFICATION_LAPSED = "qualification_lapsed"
    AMOUNT_UNKNOWN = "amount_unknown"
    NO_ACCOUNT = "no_account"
    SANCTIONED = "sanctioned"
    FROZEN = "frozen"
    STANDING_UNKNOWN = "standing_unknown"
    UNDER_REVIEW = "under_review"
    DATA_LATE = "data_late"
    HALTED = "halted"
    REVIEW_UNKNOWN = "review_unknown"
    REVIEW_LAPSED = "review_lapsed"
    REVIEW_DUE = "review_due"
    IDENTITY_UNKNOWN = "identity_unknown"
    IDENTITY_EXPIRED = "identity_expired"
    IDENTITY_GRACE = "identity_grace"
    ASSESSMENTS_UNKNOWN = "assessments_unknown"
    NEVER_ASSESSED = "never_assessed"
    ASSESSMENT_EXPIRED = "assessment_expired"
    ASSESSMENT_OUTGROWN = "assessment_outgrown"
    FIRST_PURCHASE = "first_purchase"
    UNRATED = "unrated"
    ABOVE_LEVEL = "above_level"
    ABOVE_UNASKED = "above_unasked"
    ABOVE_ASKED = "above_asked"
    RESTRICTION_UNKNOWN = "restriction_unknown"
    NOT_QUALIFIED = "not_qualified"
    QUALIFIED = "qualified"
    AGE_UNKNOWN = "age_unknown"
    MINOR = "minor"
    TOO_OLD = "too_old"
    ELDERLY = "elderly"
    TERM_UNKNOWN = "term_unknown"
    HORIZON_UNKNOWN = "horizon_unknown"
    TOO_LONG = "too_long"
    ASSETS_UNKNOWN = "assets_unknown"
    SINGLE_SHARE = "single_share"
    RISKY_SHARE = "risky_share"
    LIQUID_UNKNOWN = "liquid_unknown"
    BEYOND_MEANS = "beyond_means"
    LOANS_UNKNOWN = "loans_unknown"
    LOAN_MONEY = "loan_money"
    RISKY = "risky"
    LARGE = "large"
    FITS = "fits"


TRIGGERS: Mapping[Code, Trigger] = {
    Code.REVIEW_DUE: Trigger.REVIEW,
    Code.IDENTITY_GRACE: Trigger.IDENTITY,
    Code.FIRST_PURCHASE: Trigger.FIRST,
    Code.ABOVE_ASKED: Trigger.WRITTEN,
    Code.QUALIFIED: Trigger.QUALIFIED,
    Code.ELDERLY: Trigger.ELDERLY,
    Code.RISKY: Trigger.RISKY,
    Code.LARGE: Trigger.LARGE,
}
"""The reasons that call for steps; any other but FITS blocks."""

DISCREET = frozenset(
    {
        Code.SANCTIONED, Code.FROZEN, Code.STANDING_UNKNOWN, Code.UNDER_REVIEW, Code.DATA_LATE, Code.HALTED,
    }
)  # fmt: skip
"""Said in one and the same sentence to everybody who may not see AML facts: nobody must learn which of them it was
(business-rules.md §6, no tipping off). Most are common and harmless, so that the sentence proves nothing. They stand
together in a decision's order, so that its place tells nothing either. A review is not among them: every reader of the
customer sees when it is due and would rule it out at a glance, so it has words of its own."""


CLIENT_WIDE = frozenset(
    {
        Code.PRODUCTS_LATE, Code.SELLER_UNKNOWN, Code.UNQUALIFIED, Code.QUALIFICATION_LAPSED, Code.NO_ACCOUNT,
        Code.SANCTIONED, Code.FROZEN,
        Code.STANDING_UNKNOWN, Code.UNDER_REVIEW, Code.DATA_LATE, Code.REVIEW_UNKNOWN, Code.REVIEW_LAPSED,
        Code.REVIEW_DUE, Code.IDENTITY_UNKNOWN,
        Code.IDENTITY_EXPIRED, Code.IDENTITY_GRACE, Code.ASSESSMENTS_UNKNOWN, Code.NEVER_ASSESSED,
        Code.ASSESSMENT_EXPIRED,
        Code.ASSESSMENT_OUTGROWN, Code.FIRST_PURCHASE, Code.AGE_UNKNOWN, Code.MINOR, Code.HORIZON_UNKNOWN,
        Code.LIQUID_UNKNOWN, Code.LOANS_UNKNOWN,
    }
)  # fmt: skip
"""What stands against one product of a kind and regime stands against all of them, unless some are spared it."""


class Reason(Part):
    """One finding of a decision; amounts in fen, days in ISO form."""

    code: Code
    values: Mapping[str, int | str] = {}

    @property
    def verdict(self) -> Verdict:
        if self.code is Code.FITS:
            return Verdict.ALLOW
        return Verdict.ALLOW_WITH_STEPS if self.code in TRIGGERS else Verdict.BLOCK
