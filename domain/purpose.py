"""Why customer data is read; stored with every read."""

import re
from enum import StrEnum


class Purpose(StrEnum):
    SERVICE = "服务"
    MARKETING = "营销"
    DUE_DILIGENCE = "尽调"
    COMPLAINT = "投诉"
    POST_LOAN = "贷后"
    AUDIT = "审计"
    SUPERVISION = "监管"


DISCREET = frozenset({Purpose.DUE_DILIGENCE, Purpose.SUPERVISION})
"""That somebody is being looked into is nobody's business but of who controls (反洗钱法: 不得泄露)."""
GUARDED = DISCREET | {Purpose.COMPLAINT}
"""Whoever a complaint is about must not learn of it by how often somebody looked."""
_SAID = re.compile(r"\s*[,，]?\s*目的\s*[:：是为]?\s*(?P<word>\S{2})\s*$")
_MEANT = re.compile(r"(?:^|[\s,，])目的(?:\s*[:：是为]\s*|\s+)(?P<word>\S{1,10})\s*$")


def split_purpose(text: str) -> tuple[str, Purpose | None]:
    """`王秀兰 目的 尽调` is 王秀兰, looked up for due diligence; a word that is no purpose stays part of the text."""
    said = _SAID.search(text)
    if said is None or said["word"] not in set(Purpose):
        return text, None
    return text[: said.start()], Purpose(said["word"])


def unknown_purpose(text: str) -> str | None:
    """The word that stands where a purpose should and is none: of `王秀兰 目的 随便` it is 随便."""
    meant = _MEANT.search(text)
    return meant["word"] if meant and meant["word"] not in set(Purpose) else None
