"""A legal hold: what lies under it is not erased, however old, until a second person has agreed to its end."""

from domain.ids import CaseId, CustomerId
from domain.part import Part, Words


class HoldWish(Part):
    """What is to be held or released: a customer or a case, by the number of a paper (a court's, a regulator's)."""

    customer_id: CustomerId | None = None
    case_id: CaseId | None = None
    reference: Words

    @property
    def about(self) -> str:
        """As approvals and records name it."""
        return f"case:{self.case_id}" if self.case_id else f"customer:{self.customer_id}"
