"""The file of a request: read and written outside any unit of work, on record with its digest, handed to its owner."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

import orjson

from domain.personal_data.document import counted, document
from domain.personal_data.request import RequestState, SubjectRequest
from domain.policy import Permission
from domain.refusal import Refused
from handlers.context import House
from handlers.file_kind import FileKind, Made, owner_of
from handlers.personal_data.clock import SUBJECT
from handlers.personal_data.gathering import held
from handlers.personal_data.telling import READY, card
from handlers.reply import Reply, say
from storage import subject_requests
from storage.database import Database
from storage.made_files import Content, MadeFile
from storage.outbox import Lane
from storage.unit import Unit

LASTS: Final = timedelta(hours=24)
ALLOWED: Final = 3
MOVED = "请求刚刚有变化，没有生成文件。"


def make(database: Database, house: House, file: MadeFile) -> Made:
    """Read and written outside any unit of work."""

    def read(unit: Unit) -> tuple[SubjectRequest, bytes, str]:
        owner_of(unit, house, file, Permission.PERSON_ANSWER)
        asked = _asked(unit, file)
        everything = held(unit, asked)
        return asked, orjson.dumps(document(everything), option=orjson.OPT_INDENT_2), counted(everything)

    asked, data, described = database.read_now(read)
    name = f"个人信息-{asked.number}.json"
    content = Content(name, "application/json", described, data, LASTS, ALLOWED)
    return Made(content, lambda unit: _made(unit, house, file, data))


def _made(unit: Unit, house: House, file: MadeFile, data: bytes) -> Reply:
    """In the commit that lets it be had: on record with its digest, and told to its owner."""
    asked = _asked(unit, file)
    digest = sha256(data).hexdigest()
    if not subject_requests.move(unit, asked, RequestState.MADE, "made", digest=digest, file_id=file.file_id):
        raise Refused(MOVED, reason="request moved meanwhile")
    return (card(unit, house, asked.number, READY, file.owner),)


def undone(unit: Unit, file: MadeFile, why: str) -> Reply:
    """No file: the request waits to be asked for again, its days running on."""
    asked = subject_requests.load(unit, file.subject.removeprefix(SUBJECT))
    if asked is not None and asked.is_open:
        subject_requests.move(unit, asked, RequestState.OPEN, "not_made")
    return say(f"个人信息请求：{why}期限照算。", lane=Lane.DEADLINE)


FILE = FileKind(
    title="个人信息副本",
    note="只交给客户本人或核验过的代理人；下载已留痕，请勿另存他处。",
    permission=Permission.PERSON_ANSWER,
    make=make,
    undone=undone,
)


def _asked(unit: Unit, file: MadeFile) -> SubjectRequest:
    """The request that this file is for. Raises Refused once another file is, or none."""
    asked = subject_requests.load(unit, file.subject.removeprefix(SUBJECT))
    if asked is None or asked.file_id != file.file_id or asked.state is not RequestState.APPROVED:
        raise Refused(MOVED, reason="not the file of the request")
    return asked
