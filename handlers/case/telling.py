"""What a move has to be followed by: timers, cards for those it concerns, old cards out of play, text messages."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain import text_message
from domain.ids import UserId
from domain.process.event import (
    ArmTimer,
    AskApproval,
    Assign,
    CancelTimer,
    CloseApproval,
    CloseTask,
    Effect,
    Notify,
    OpenTask,
)
from domain.process.event import Sms as Texted
from handlers.case.faces import Faces
from handlers.case.moving import Moved
from handlers.case.naming import case_subject, thing_subject
from handlers.context import HOUSE_ITSELF, Context
from handlers.operators import to_post
from handlers.reply import Part, Reply, Sms
from handlers.retiring import retired, retired_everywhere
from storage import cases, timers
from storage.outbox import Lane

FIRE = "case.fire."
VACANT = "案件 {case} 的{role}没有人：请业务管理员补上人，或请主管转办。"
_ADMINISTRATOR = "业务管理员"


@dataclass
class _Heard:
    """Who hears what of one move; one card for each person, whatever the number of notices."""

    notices: dict[UserId, list[str]] = field(default_factory=dict)
    asked: list[tuple[UserId, str]] = field(default_factory=list)
    given: list[tuple[UserId, str]] = field(default_factory=list)

    def take(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            for person in getattr(effect, "to", ()):
                if isinstance(effect, Notify):
                    self.notices.setdefault(person, []).append(effect.text)
                elif isinstance(effect, AskApproval):
                    self.asked.append((person, effect.approval_id))
                elif isinstance(effect, OpenTask):
                    self.given.append((person, effect.task_id))

    @property
    def people(self) -> set[UserId]:
        return {*self.notices, *(person for person, _ in (*self.asked, *self.given))}


def carry_out(context: Context, moved: Moved, done: str, *, at_once: bool = False) -> Reply:
    """Everything that follows but the answer to who did it; `done` is what old cards say (许志强 已同意).

    `at_once`: an escalation that waits for nobody's open form.
    """
    _set_timers(context, moved)
    heard = _Heard()
    heard.take(moved.advanced.effects)
    faces = Faces(context, moved.definition, moved.bank, moved.case)
    lane = Lane.INTERACTIVE if at_once else Lane.DEADLINE
    others = [person for person in heard.notices if person != context.actor.userid]
    cards: list[Part] = [faces.say(person, "；".join(heard.notices[person]), lane=lane) for person in others]
    for person, approval_id in heard.asked:
        cards += faces.ask(person, approval_id)
    for person, task_id in heard.given:
        cards += faces.hand(person, task_id)
    cases.told(context.unit, moved.case.case_id, heard.people)
    return (*cards, *_texts(moved), *_vacant(context, moved), *_old_cards(context, moved, done))


def heading_for(moved: Moved, person: UserId) -> str:
    """What the one who did it hears of it beside the others."""
    heard = _Heard()
    heard.take(moved.advanced.effects)
    return "；".join(heard.notices.get(person, ()))


def _set_timers(context: Context, moved: Moved) -> None:
    subject = case_subject(moved.case.case_id)
    for effect in moved.advanced.effects:
        if isinstance(effect, CancelTimer):
            timers.cancel(context.unit, subject=subject, kind=f"{FIRE}{effect.timer}")
        elif isinstance(effect, ArmTimer):
            due_at, person = effect.due, HOUSE_ITSELF
            timers.arm(context.unit, subject=subject, kind=f"{FIRE}{effect.timer}", person=person, due_at=due_at)


def _texts(moved: Moved) -> list[Sms]:
    """By SMS go the number and the level, once for each (decision 11)."""
    case_id = moved.case.case_id
    return [
        Sms(person, f"{case_id}.{effect.key}.{person}", text_message.escalation(case_id, effect.level))
        for effect in moved.advanced.effects
        if isinstance(effect, Texted)
        for person in effect.to
    ]


def _vacant(context: Context, moved: Moved) -> Reply:
    labels = [
        moved.definition.roles[effect.role].label
        for effect in moved.advanced.effects
        if isinstance(effect, Assign) and effect.userid is None
    ]
    said = [VACANT.format(case=moved.case.case_id, role=label) for label in labels]
    return tuple(part for text in said for part in to_post(context.unit, _ADMINISTRATOR, text))


def _old_cards(context: Context, moved: Moved, done: str) -> Reply:
    """Decided, done, or gone on from: every copy converges (decision 7)."""
    case_id = moved.case.case_id
    gone: list[Part] = []
    for effect in moved.advanced.effects:
        if isinstance(effect, CloseApproval):
            gone += retired_everywhere(context, thing_subject(case_id, effect.approval_id), done)
        elif isinstance(effect, CloseTask):
            gone += retired_everywhere(context, thing_subject(case_id, effect.task_id), done)
    if moved.settled:
        gone += retired(context, case_subject(case_id), done, everybody=True)
    return tuple(gone)
