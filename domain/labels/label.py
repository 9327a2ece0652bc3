"""The labels a customer can have, by their names (business-rules.md §3)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.sharing import Sentence


class Kind(StrEnum):
    """What a label is about."""

    TIER = "客户分层"
    STAGE = "生命周期"
    SEGMENTS = "行为特征"
    APPETITE = "风险偏好"


class Stage(StrEnum):
    """Where a customer is with the bank."""

    PROSPECT = "潜在客户"
    NEW = "新客户"
    GROWING = "成长客户"
    MATURE = "成熟客户"
    DORMANT = "休眠客户"
    LOST = "流失客户"


class Segment(StrEnum):
    """How a customer behaves; several may be true at once."""

    TRADER = "高频交易者"
    HOLDER = "低频价值客户"
    SEIZER = "机会型客户"


UNDECIDED = "未定"
"""Too little is known to tell how a customer behaves."""

PLAIN = "无明显特征"
"""Enough is known, and no segment fits."""

UNTESTED = "未测评"
"""No risk test, or one that has expired."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label as it was given: since which day, and why."""

    kind: Kind
    value: str
    since: date
    why: Sentence
