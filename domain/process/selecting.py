"""Who, in the words of a process: exactly one way to say it, perhaps only under a condition."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field as Limited
from pydantic import StringConstraints, model_validator

from domain.part import Key, Part, Words

Guard = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A sentence of the rule language (domain.language.rules)."""

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]

FILER = "filer"
"""The one role that every case has: who did the first action."""

RM = "rm"
"""Whose superior, where it is that of whoever is the customer's manager."""

SERVED = "served"


class Place(StrEnum):
    """Which unit on the way from the case's unit up to the root."""

    SUB_BRANCH = "sub_branch"
    BRANCH = "branch"
    HEAD_OFFICE = "head_office"


class Selector(Part):
    """Who: exactly one way to say it, perhaps only under a condition. `served` are those of the customer's service team
    who hold a role that the service programme of the customer's tier asks for."""

    person: Words | None = None
    role: Key | None = None
    answer: Key | None = None
    post: Words | None = None
    at: Place | None = None
    head: Place | None = None
    superior: Key | None = None
    level: int = Limited(default=1, ge=1, le=9)
    rm: bool = False
    served: bool = False
    line: Key | None = None
    when: Guard | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        named = (self.person, self.role, self.answer, self.post, self.head, self.superior, self.line)
        if sum(each is not None for each in named) + self.rm + self.served != 1:
            raise ValueError("person、role、answer、post、head、superior、rm、served、line 里要写一个，也只能写一个")
        if self.at is not None and self.post is None:
            raise ValueError("at 只能和 post 一起写")
        return self


Who = Annotated[tuple[Selector, ...], Limited(min_length=1)]


class Channel(StrEnum):
    """How somebody hears of something."""

    CARD = "card"
    SMS = "sms"
