"""A request to see and copy one's personal data: who asked, how they showed who they are, and until when to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.ids import CustomerId, FileId, TodoId, UserId
from domain.zone import SHANGHAI

AHEAD_WORKDAYS: Final = 3
"""So many working days before the end its owner is reminded."""


class RequestState(StrEnum):
    """`approved`: the file is being made."""

    OPEN = "open"
    APPROVED = "approved"
    MADE = "made"
    ANSWERED = "answered"


STATE_WORDS = {
    RequestState.OPEN: "等审批",
    RequestState.APPROVED: "正在生成文件",
    RequestState.MADE: "文件已生成，待交给客户",
    RequestState.ANSWERED: "已答复",
}


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """`owner` registered it, in `post`, and answers for it; `asker` is 本人 or 代理人."""

    number: str
    customer_id: CustomerId
    asker: str
    identity: str
    channel: str
    reference: str | None
    received_at: datetime
    due_on: date
    owner: UserId
    post: str | None
    state: RequestState = RequestState.OPEN
    todo_id: TodoId | None = None
    file_id: FileId | None = None
    revision: int = 0

    @property
    def due_at(self) -> datetime:
        """24:00 of the last day."""
        return datetime.combine(self.due_on + timedelta(days=1), time.min, SHANGHAI)

    @property
    def is_open(self) -> bool:
        return self.state is not RequestState.ANSWERED


def next_word(due_on: date, now: datetime, workday_before: Callable[[date], date], next_morning: datetime) -> datetime:
    """When its people hear of it next: some days ahead, at the end, and then every working morning."""
    ahead = due_on
    for _ in range(AHEAD_WORKDAYS):
        ahead = workday_before(ahead)
    early = datetime.combine(ahead, time(9), SHANGHAI)
    end = datetime.combine(due_on + timedelta(days=1), time.min, SHANGHAI)
    return next((moment for moment in (early, end) if moment > now), next_morning)
