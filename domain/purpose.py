"""Why customer data is read; stored with every read."""

from enum import StrEnum


class Purpose(StrEnum):
    SERVICE = "服务"
    MARKETING = "营销"
    DUE_DILIGENCE = "尽调"
    COMPLAINT = "投诉"
    POST_LOAN = "贷后"
    AUDIT = "审计"
    SUPERVISION = "监管"
