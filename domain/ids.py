"""Typed identifiers, so that a customer number can never stand where a member's userid belongs."""

from typing import NewType, TypeAlias

UserId = NewType("UserId", str)
CustomerId = NewType("CustomerId", str)
UnitId = NewType("UnitId", str)
ProductId = NewType("ProductId", str)
TaskId = NewType("TaskId", str)
ConversationId = NewType("ConversationId", str)
VisitId = NewType("VisitId", str)
TodoId = NewType("TodoId", str)
CaseId = NewType("CaseId", str)
FindingId = NewType("FindingId", str)
HandoverId = NewType("HandoverId", str)
DecisionId = NewType("DecisionId", str)
ApprovalId = NewType("ApprovalId", str)
FileId = NewType("FileId", str)

Fen: TypeAlias = int
"""An amount of money in fen (1/100 yuan)."""


def userid(text: str) -> UserId:
    """WeCom compares member ids without case, so ours are kept in lower case."""
    return UserId(text.strip().lower())
