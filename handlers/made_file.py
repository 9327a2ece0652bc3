"""The signed-in page of a file that was made for one person, and the downloads, which are counted."""

from dataclasses import dataclass
from datetime import datetime

from domain.daytext import moment_text
from domain.ids import FileId, UserId
from domain.refusal import Refused
from handlers.context import House
from handlers.file_kinds import KINDS
from handlers.on_card import watermark_of
from handlers.sign_in import vouched_for
from storage import made_files
from storage.made_files import FileState, MadeFile
from storage.unit import Unit

NOT_FOUND = "没有找到这个文件。它可能不是发给您的，请从企业微信里的卡片重新打开。"
NOT_MADE = "文件还没有做好，做好会在企业微信里告诉您。"
TAKEN_BACK = "这个文件已作废：您的岗位或权限变了。需要时请重新申请。"
OVER = "这个文件已过期并删除。还需要的话，请在企业微信里重新申请。"
SPENT = "这个文件已经下载满 {allowed} 次，不能再下载。还需要的话，请在企业微信里重新申请。"
AGAIN = "刚才没有下载成功，请再点一次“下载”。"


@dataclass(frozen=True)
class FilePage:
    """What the page shows: how much it holds, until when and how often it may still be had."""

    title: str
    name: str
    lines: tuple[tuple[str, str], ...]
    note: str
    left: int
    watermark: str


def visit_file(unit: Unit, house: House, token: str, file_id: FileId) -> FilePage | Refused | None:
    """The page of a file, for whom WeCom has vouched just now; None where it has not."""
    person = vouched_for(unit, house, token)
    return None if person is None else _or_refusal(unit, house, person, file_id, counted=False)


def visit_download(unit: Unit, house: House, token: str, file_id: FileId) -> MadeFile | Refused | None:
    """The file itself, one download less."""
    person = vouched_for(unit, house, token)
    if person is None:
        return None
    page = _or_refusal(unit, house, person, file_id, counted=True)
    return page if isinstance(page, Refused) else made_files.load(unit, file_id)


def _or_refusal(unit: Unit, house: House, person: UserId, file_id: FileId, *, counted: bool) -> FilePage | Refused:
    """A refusal is returned, not raised, so that it stays on record."""
    unit.actor = person
    try:
        file = _own(unit, person, file_id)
        shown = _page(unit, house, file)
        if counted:
            _count(unit, file)
    except Refused as refusal:
        unit.audit("file.refused", f"file:{file_id}", {"reason": refusal.reason, "download": counted})
        return refusal
    if not counted:
        unit.audit("file.shown", f"file:{file_id}", {"kind": file.kind, "about": file.subject})
    return shown


def _own(unit: Unit, person: UserId, file_id: FileId) -> MadeFile:
    """This person's file, as long as there is one; somebody else's is as unknown as none. Raises Refused."""
    file = made_files.load(unit, file_id)
    if file is None or file.owner != person:
        raise Refused(NOT_FOUND, reason="not this person's file")
    if file.state is FileState.VOID:
        raise Refused(TAKEN_BACK, reason="file void")
    if file.state is FileState.WANTED:
        raise Refused(NOT_MADE, reason="file not made yet")
    if not file.ready(unit.now):
        raise Refused(OVER, reason="file over")
    return file


def _page(unit: Unit, house: House, file: MadeFile) -> FilePage:
    kind = KINDS[file.kind]
    member = kind.owner(unit, house, file)
    assert file.expires_at is not None
    return FilePage(
        title=kind.title,
        name=file.name,
        lines=_lines(file, file.expires_at, unit.now),
        note=kind.note,
        left=file.left,
        watermark=watermark_of(unit, member),
    )


def _lines(file: MadeFile, until: datetime, now: datetime) -> tuple[tuple[str, str], ...]:
    return (
        ("内容", file.described),
        ("大小", f"{max(1, round(file.size / 1024))} KB"),
        ("有效期", f"{moment_text(until, now)} 前"),
        ("还可下载", f"{file.left} 次（共 {file.allowed} 次）"),
    )


def _count(unit: Unit, file: MadeFile) -> None:
    if file.left == 0:
        raise Refused(SPENT.format(allowed=file.allowed), reason="downloads spent")
    if not made_files.take(unit, file):
        raise Refused(AGAIN, reason="two downloads at once")
    detail = {"kind": file.kind, "about": file.subject, "number": file.downloads + 1, "of": file.allowed}
    unit.audit("file.downloaded", f"file:{file.file_id}", detail)
