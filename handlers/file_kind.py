"""What a kind of file that is made for one person is: how it is made, who may have it, and what its page says."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Post, Staff
from handlers.context import House
from handlers.reply import Reply
from storage import directory
from storage.database import Database
from storage.made_files import Content, MadeFile
from storage.unit import Unit

CHANGED = "您的岗位或权限在申请之后变了，文件不能再生成或下载。需要时请重新申请。"


@dataclass(frozen=True)
class Made:
    """What came of the making. `told`, in the commit that lets it be had: what its owner hears, and what else is then
    true; raises Refused where it may not be had after all.
    """

    content: Content
    told: Callable[[Unit], Reply]


Make = Callable[[Database, House, MadeFile], Made]
"""Runs outside any unit of work, may take seconds and run twice; raises Refused for what will not be made."""


Check = Callable[[Unit, House, MadeFile, Staff], None]
"""Raises Refused where its owner may not have this file, whatever they may ask for."""


def nothing_more(_unit: Unit, _house: House, _file: MadeFile, _owner: Staff) -> None:
    """The permission is all it needs."""


@dataclass(frozen=True)
class FileKind:
    """`permission` must be held, in the post in which the file was wanted, when it is made and whenever it is had; so
    must what `check` asks beside it. `undone`: what becomes of the thing that wanted a file which will not be made,
    and who hears of it.
    """

    title: str
    note: str
    permission: Permission
    make: Make
    undone: Callable[[Unit, MadeFile, str], Reply]
    check: Check = nothing_more

    def owner(self, unit: Unit, house: House, file: MadeFile) -> Staff:
        """Who may have the file as things stand now. Raises Refused."""
        member = owner_of(unit, house, file, self.permission)
        self.check(unit, house, file, member)
        return member


def owner_of(unit: Unit, house: House, file: MadeFile, permission: Permission) -> Staff:
    """Who wanted the file, in that post and with that permission as things stand now. Raises Refused."""
    member = directory.member(unit, file.owner)
    if member is None or not member.active or (file.post is not None and file.post not in member.posts):
        raise Refused(CHANGED, reason="owner left or changed posts")
    member = member.acting_as(Post(file.post)) if file.post else member
    if house.policy.check(member, permission):
        raise Refused(CHANGED, reason="permission lost")
    unit.actor = member.userid
    unit.acting[member.userid] = member.post
    return member
