"""Turns a reply into rows: outbox, cards and the record of what each card showed."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cards.form import spent_text
from cards.message import CardMessage
from cards.spent import spent_card
from cards.wecom import InteractiveCard, NewsNotice, TextNotice
from domain.ids import TaskId, UserId
from domain.update import Update
from handlers import texting
from handlers.context import House
from handlers.reply import Attach, Draw, Redraw, Renew, Reply, Retire, Say, Sms, say
from storage import card_rows, directory, outbox
from storage.card_rows import CardRow
from storage.outbox import Lane, OutKind
from storage.unit import Unit

NOT_RENEWED = "这张卡片的按钮没能更新；要接着用，请重新发一次命令。"
DUPLICATE_WINDOW = 14_400  # seconds; the longest that WeCom offers (page 90236)
NOT_DRAWN = "图片没有画成。请点卡片上的“详情”在页面里看图；一直这样请联系系统管理员（rmbot doctor）。"
NOT_ATTACHED = "有一份文件或图片没有发成，请在卡片上再点一次；一直这样请联系系统管理员（rmbot doctor）。"
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that nobody mistakes for one another


def speak(unit: Unit, house: House, update: Update, reply: Reply) -> None:
    """Write everything that a reply wants said; `update.key` names the messages, so a repeat cannot double them. Who
    has left is told nothing of what goes on without them, only what they ask themselves.
    """
    for number, part in enumerate(reply):
        key = f"{update.key}:{number}"
        if isinstance(part, Redraw):
            _redraw(unit, house, update, part, key)
        elif isinstance(part, Renew):
            _renew(unit, house, update, part, key)
        elif isinstance(part, Retire):
            _retire(unit, house, part, key)
        elif isinstance(part, Draw):
            picture = {**asdict(part.picture), "reference": _reference()}
            _made_later(unit, house, OutKind.DRAW, {"picture": picture}, update.person, key)
        elif isinstance(part, Attach):
            _made_later(unit, house, OutKind.FILE, {"file": asdict(part)}, update.person, key)
        elif isinstance(part, Sms):
            tell(unit, house, key, texting.keep(unit, part))
        elif isinstance(part, Say) and part.to in (None, update.person):
            _say(unit, house, part, update.person, key)
        elif isinstance(part, Say):
            tell(unit, house, key, [part])


def tell(unit: Unit, house: House, key: str, parts: Iterable[Say]) -> None:
    """Messages to people they name, of whom some may have left; `key` names the messages."""
    for number, part in enumerate(parts):
        assert part.to is not None
        if not directory.gone(unit, part.to):
            _say(unit, house, part, part.to, f"{key}:{number}")


def _say(unit: Unit, house: House, part: Say, to: UserId, key: str) -> None:
    task_id = _keep_card(unit, house, part, to)
    body = {
        "touser": directory.address(unit, to),
        "agentid": house.agent_id,
        **part.message.with_reference(_reference()).payload(),
        "enable_duplicate_check": 1,
        "duplicate_check_interval": DUPLICATE_WINDOW,
    }
    outbox.put(unit, msg_key=key, lane=part.lane, kind=OutKind.SEND, recipient=to, body=body, task_id=task_id)


def _made_later(unit: Unit, house: House, kind: OutKind, holds: Mapping[str, Any], to: UserId, key: str) -> None:
    """What a picture or a file is made from, in the place of the media id that it gets once it is uploaded."""
    body = {
        "touser": directory.address(unit, to),
        "agentid": house.agent_id,
        **holds,
        "enable_duplicate_check": 1,
        "duplicate_check_interval": DUPLICATE_WINDOW,
    }
    outbox.put(unit, msg_key=key, lane=Lane.INTERACTIVE, kind=kind, recipient=to, body=body, task_id=None)


def unmade(unit: Unit, house: House, kind: str, to: UserId, key: str) -> None:
    """Word instead of a picture or a file that cannot be made or is not taken."""
    words = NOT_DRAWN if kind == OutKind.DRAW else NOT_ATTACHED
    tell(unit, house, key, [part for part in say(words, to=to) if isinstance(part, Say)])


def _keep_card(unit: Unit, house: House, part: Say, to: UserId) -> TaskId | None:
    if not isinstance(part.message, CardMessage):
        return None
    card = part.message.card
    if isinstance(card, TextNotice | NewsNotice) and card.action_menu is None:
        return None
    task_id = TaskId(str(card.task_id))
    expires_at = unit.now + house.card_lifetime
    post = directory.acting_post(unit, to)
    row = CardRow(task_id, to, part.subject, part.revision, card_rows.LIVE, expires_at, card.dump(), part.context, post)
    shown = card_rows.put(unit, row)
    unit.audit("card.shown", f"card:{task_id}", {"to": to, "about": part.subject, "digest": shown}, sorted(unit.seen))
    return task_id


def _redraw(unit: Unit, house: House, update: Update, part: Redraw, key: str) -> None:
    """The clicked card's final face, by the click's own code."""
    if update.task_id is not None and update.response_code is not None:
        card_rows.spend(unit, update.task_id)
        shown = part.card.update()
        _update_card(unit, house, update.person, key, update.task_id, update.response_code, shown, part.fallback)


def _renew(unit: Unit, house: House, update: Update, part: Renew, key: str) -> None:
    """The clicked card with fresh buttons, by the click's own code; those it had before are out of play."""
    if update.task_id is None or update.response_code is None:
        return
    shown = card_rows.renew(unit, update.task_id, part.revision, part.card.dump())
    detail = {"to": update.person, "about": part.subject, "digest": shown}
    unit.audit("card.shown", f"card:{update.task_id}", detail, sorted(unit.seen))
    face = part.card.update()
    _update_card(unit, house, update.person, key, update.task_id, update.response_code, face, NOT_RENEWED)


def _retire(unit: Unit, house: House, part: Retire, key: str) -> None:
    """An older card nobody clicked, by its send-time code."""
    shown = spent_card(part.card.content, "", said=part.said).update()
    _update_card(unit, house, part.card.addressee, key, part.card.task_id, part.response_code, shown, part.fallback)


def _update_card(
    unit: Unit, house: House, to: UserId, key: str, task_id: TaskId, code: str, shown: dict[str, Any], fallback: str
) -> None:
    body = {
        "userids": [directory.address(unit, to)],
        "agentid": house.agent_id,
        "response_code": code,
        "template_card": shown,
        "fallback": fallback,
    }
    lane, kind = Lane.INTERACTIVE, OutKind.UPDATE
    outbox.put(unit, msg_key=key, lane=lane, kind=kind, recipient=to, body=body, task_id=task_id)


def final_face(card: CardRow, update: Update, said: str) -> Redraw:
    """The clicked card when what came of the click is not what its button says."""
    return Redraw(spent_card(card.content, update.verb, update.answers, said), fallback=f"{said}。")


def spent_face(card: CardRow, update: Update) -> Redraw:
    """The clicked card with what was chosen, grey, saying what was done."""
    face = spent_card(card.content, update.verb, update.answers, spent_text(update.verb))
    said = face.replace_text if isinstance(face, InteractiveCard) else None
    return Redraw(face, fallback=f"{said or '您的操作已收到'}。")


def _reference() -> str:
    """Four signs that make a repeated text a new payload: WeCom swallows equal ones (design decision 6)."""
    return "".join(_REFERENCE_ALPHABET[byte % len(_REFERENCE_ALPHABET)] for byte in secrets.token_bytes(4))
