"""Making the files that people wait for: outside any unit of work, sealed part by part, told in the commit that lets
them be had. What breaks off is made again, and whoever waits hears of it once.
"""

from dataclasses import replace
from functools import partial

import structlog

from domain.refusal import Refused
from handlers.context import House
from handlers.file_kind import Made
from handlers.file_kinds import KINDS
from handlers.reply import Reply, Say
from handlers.speaking import tell
from storage import directory, made_files
from storage.database import Database
from storage.made_files import MOST_ATTEMPTS, MadeFile
from storage.unit import Unit

FAILED = "文件没有做成，已通知系统管理员。请稍后重新申请。"
log = structlog.get_logger("making")


def make_next(database: Database, house: House) -> bool:
    """Make one file, if any is wanted. Blocks: not for the event loop."""
    file = database.run(made_files.claim, "file.claim")
    if file is None:
        return False
    try:
        if file.attempts > MOST_ATTEMPTS:
            raise Refused(FAILED, reason="its making took the process down")
        made = KINDS[file.kind].make(database, house, file)
        if _kept(database, file, made):
            database.run(partial(_publish, house=house, file=file, made=made), "file.end")
    except Refused as refusal:
        database.run(partial(_undone, house=house, file=file, refusal=refusal), "file.end")
    except Exception as error:
        log.error("file_not_made", file=file.file_id, kind=file.kind, error=type(error).__name__)
        _failed(database, house, file)
    return True


def _kept(database: Database, file: MadeFile, made: Made) -> bool:
    """Each part in a unit of its own; False when another process took the file over."""
    for number, sealed in enumerate(made_files.sealed_parts(database.vault, file, made.content.data)):
        if not database.run(partial(made_files.add_part, file=file, number=number, sealed=sealed), "file.part"):
            return False
    return True


def _publish(unit: Unit, house: House, file: MadeFile, made: Made) -> None:
    if not made_files.publish(unit, file, made.content):
        return
    KINDS[file.kind].owner(unit, house, file)
    detail = {"kind": file.kind, "about": file.subject, "size": len(made.content.data)}
    unit.audit("file.made", f"file:{file.file_id}", detail)
    _tell(unit, house, file, made.told(unit))


def _failed(database: Database, house: House, file: MadeFile) -> None:
    """Another attempt follows when the lease has run out, a few times."""
    if file.attempts >= MOST_ATTEMPTS:
        failed = Refused(FAILED, reason="not made")
        database.run(partial(_undone, house=house, file=file, refusal=failed), "file.end")


def _undone(unit: Unit, house: House, file: MadeFile, refusal: Refused) -> None:
    if not made_files.give_up(unit, file):
        return
    unit.actor = file.owner
    unit.audit("file.undone", f"file:{file.file_id}", {"kind": file.kind, "reason": refusal.reason})
    _tell(unit, house, file, KINDS[file.kind].undone(unit, file, refusal.text))


def _tell(unit: Unit, house: House, file: MadeFile, reply: Reply) -> None:
    """Word to its owner where nobody else is named, while they work here."""
    parts = [replace(part, to=part.to or file.owner) for part in reply if isinstance(part, Say)]
    at_work = {each.to for each in parts if each.to and (member := directory.member(unit, each.to)) and member.active}
    tell(unit, house, f"file:{file.file_id}", [each for each in parts if each.to in at_work])
