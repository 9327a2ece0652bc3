"""How a request is shown to those who answer it: by its number, with what is to be done next."""

from cards.key import Seal
from cards.message import CardMessage
from cards.personal_data import request_card
from domain.daytext import day_text
from domain.ids import UserId
from domain.personal_data.request import STATE_WORDS, RequestState, SubjectRequest
from handlers.context import House
from handlers.personal_data.clock import SUBJECT
from handlers.reply import Say, new_task_id
from storage import subject_requests
from storage.outbox import Lane
from storage.unit import Unit

LATE = "已过答复期限，请立即答复客户"
SOON = "请在期限内答复客户"
READY = "请核对后交给客户，再点“已答复客户”"


def card(unit: Unit, house: House, number: str, desc: str, to: UserId) -> Say:
    """As things stand now; the file is its owner's alone."""
    asked = subject_requests.load(unit, number)
    assert asked is not None
    made = asked.state is RequestState.MADE and asked.file_id is not None and asked.owner == to
    address = f"{house.public_url}/h5/file/{asked.file_id}" if made else ""
    seal = Seal(new_task_id(), asked.revision)
    shown = request_card(f"个人信息请求 {number}", desc, lines(unit, asked), seal, address)
    return Say(CardMessage(card=shown), to, Lane.DEADLINE, SUBJECT + number, asked.revision)


def lines(unit: Unit, asked: SubjectRequest) -> list[tuple[str, str]]:
    return [
        ("谁要求", asked.asker),
        ("渠道", asked.channel),
        ("答复期限", day_text(asked.due_on, unit.now.date())),
        ("现在", STATE_WORDS[asked.state]),
    ]


def in_words(unit: Unit, asked: SubjectRequest) -> str:
    return (
        f"个人信息请求 {asked.number}：{STATE_WORDS[asked.state]}，答复期限 {day_text(asked.due_on, unit.now.date())}。"
    )
