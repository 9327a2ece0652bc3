"""The kinds of data, what may start their clock and what may happen at its end; and what the law demands of each."""

from dataclasses import dataclass
from enum import StrEnum

from domain.retention.period import Period


class Kind(StrEnum):
    """Every table of the house has exactly one; those of OUTSIDE are kept outside of it."""

    IDENTITY = "identity"
    LEADS = "leads"
    TRANSACTIONS = "transactions"
    COMPLAINTS = "complaints"
    SUITABILITY = "suitability"
    CONSENTS = "consents"
    CONTACTS = "contacts"
    VISITS = "visits"
    PHOTOS = "photos"
    TODOS = "todos"
    CARE = "care"
    LABELS = "labels"
    TRAIL = "trail"
    MESSAGES = "messages"
    DRAFTS = "drafts"
    SESSIONS = "sessions"
    REVEALS = "reveals"
    EXPORTS = "exports"
    ANSWERS = "answers"
    DECISIONS = "decisions"
    MARKS = "marks"
    STAFF = "staff"
    AUDIT = "audit"
    HOUSE = "house"
    LOGS = "logs"
    BACKUPS = "backups"


class Start(StrEnum):
    """What the clock of a kind begins with."""

    RELATION_ENDED = "relation_ended"
    CLOSED = "closed"
    HAPPENED = "happened"
    REPLACED = "replaced"


START_WORDS = {
    None: "",
    Start.RELATION_ENDED: "业务关系结束",
    Start.CLOSED: "了结",
    Start.HAPPENED: "发生",
    Start.REPLACED: "被取代",
}


class End(StrEnum):
    """What happens when the time is over."""

    DELETE = "delete"
    ERASE = "erase"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Law:
    """A minimum that no bank may shorten."""

    period: Period
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pack may say about a kind."""

    starts: frozenset[Start] = frozenset()
    ends: frozenset[End] = frozenset({End.DELETE})
    law: Law | None = None
    may_go_unasked: bool = False


_AML = "《反洗钱法》（2024 修订）第三十四条：业务关系或交易结束后至少保存十年"
_CYBER = Law(Period(months=6), "《网络安全法》第二十一条（三）：网络日志不少于六个月")
_TEN_YEARS = Law(Period(months=120), _AML)
_THREE_YEARS = Law(Period(months=36), "《个人信息保护法》第五十六条：处理情况记录至少保存三年")
_ENDED, _CLOSED = frozenset({Start.RELATION_ENDED}), frozenset({Start.CLOSED})
_HAPPENED = frozenset({Start.HAPPENED})
_LASTING = _HAPPENED | _ENDED
_STAYS = Terms(ends=frozenset({End.KEEP}))

TERMS: dict[Kind, Terms] = {
    Kind.IDENTITY: Terms(_ENDED, frozenset({End.ERASE}), _TEN_YEARS),
    Kind.LEADS: Terms(_ENDED, frozenset({End.ERASE})),
    Kind.TRANSACTIONS: Terms(_CLOSED | _ENDED, law=_TEN_YEARS),
    Kind.COMPLAINTS: Terms(_CLOSED),
    Kind.SUITABILITY: Terms(
        _LASTING, law=Law(Period(months=240), "《证券期货投资者适当性管理办法》第三十二条：保存期限不得少于二十年")
    ),
    Kind.CONSENTS: Terms(_ENDED, law=_THREE_YEARS),
    Kind.CONTACTS: Terms(_LASTING),
    Kind.VISITS: Terms(_LASTING),
    Kind.PHOTOS: Terms(_HAPPENED),
    Kind.TODOS: Terms(_CLOSED),
    Kind.CARE: Terms(_HAPPENED),
    Kind.LABELS: Terms(frozenset({Start.REPLACED})),
    Kind.TRAIL: Terms(_HAPPENED),
    Kind.MESSAGES: Terms(_HAPPENED, law=_CYBER, may_go_unasked=True),
    Kind.DRAFTS: Terms(_HAPPENED, may_go_unasked=True),
    Kind.SESSIONS: Terms(_CLOSED, may_go_unasked=True),
    Kind.REVEALS: Terms(_HAPPENED, law=_THREE_YEARS),
    Kind.EXPORTS: Terms(_HAPPENED, law=_THREE_YEARS),
    Kind.ANSWERS: Terms(_HAPPENED, may_go_unasked=True),
    Kind.DECISIONS: Terms(_CLOSED),
    Kind.MARKS: Terms(_HAPPENED, may_go_unasked=True),
    Kind.STAFF: _STAYS,
    Kind.AUDIT: _STAYS,
    Kind.HOUSE: _STAYS,
    Kind.LOGS: Terms(_HAPPENED, law=_CYBER),
    Kind.BACKUPS: Terms(_HAPPENED),
}
OUTSIDE = frozenset({Kind.LOGS, Kind.BACKUPS})
"""Kept by who runs the house, not in its tables."""
