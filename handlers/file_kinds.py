"""What kinds of files are made for people: how each is made, who may have it, and what its page says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.policy import Permission
from handlers.context import House
from handlers.reply import Reply
from storage.database import Database
from storage.made_files import Content, MadeFile
from storage.unit import Unit


@dataclass(frozen=True)
class Made:
    """What came of the making. `told`, in the commit that lets it be had: what its owner hears, and what else is then
    true; raises Refused where it may not be had after all.
    """

    content: Content
    told: Callable[[Unit], Reply]


Make = Callable[[Database, House, MadeFile], Made]
"""Runs outside any unit of work, may take seconds and run twice; raises Refused for what will not be made."""


@dataclass(frozen=True)
class FileKind:
    """`permission` must be held, in the post in which the file was wanted, when it is made and whenever it is had.
    `undone`: what becomes of the thing that wanted a file which will not be made, and who hears of it.
    """

    title: str
    note: str
    permission: Permission
    make: Make
    undone: Callable[[Unit, MadeFile, str], Reply]


KINDS: Mapping[str, FileKind] = {}
