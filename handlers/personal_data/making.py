"""The file of a request: read and written outside any unit of work, on record with its digest, handed to its owner."""

from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from domain.limit import LimitKey
from domain.personal_data.document import Held, counted, document
from domain.personal_data.reading import page
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

ALLOWED: Final = 3
MOVED = "请求刚刚有变化，没有生成文件。"


def make(database: Database, house: House, file: MadeFile) -> Made:
    """Read and written outside any unit of work."""

    def read(unit: Unit) -> tuple[SubjectRequest, Held]:
        owner_of(unit, house, file, Permission.PERSON_ANSWER)
        asked = _asked(unit, file)
        return asked, held(unit, house, asked)

    asked, everything = database.read_now(read)
    data = _packed(asked.number, document(everything))
    name = f"{_name(asked.number)}.zip"
    lasts = house.policy.limits[LimitKey.SUBJECT_HOURS].hours
    content = Content(name, "application/zip", counted(everything), data, lasts, ALLOWED)
    return Made(content, lambda unit: _made(unit, house, file, data))


def _packed(number: str, given: dict[str, Any]) -> bytes:
    """For machines and for people, in one archive; the same again comes out byte for byte the same."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for kind, text in (("json", orjson.dumps(given, option=orjson.OPT_INDENT_2)), ("html", page(given).encode())):
            archive.writestr(ZipInfo(f"{_name(number)}.{kind}"), text, ZIP_DEFLATED)
    return packed.getvalue()


def _name(number: str) -> str:
    return f"个人信息-{number}"


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
    if asked is not None and asked.is_open and asked.file_id == file.file_id:
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
