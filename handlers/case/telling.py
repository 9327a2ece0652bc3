"""What a move has to be followed by: timers, cards for those it concerns, old cards out of play, text messages."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain import text_message
from domain.ids import UserId
from domain.process.answers import words
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
from domain.process.library import form_name
from handlers.case.faces import Faces
from handlers.case.moving import Moved
from handlers.case.naming import case_subject, thing_subject
from handlers.context import HOUSE_ITSELF, Context
from handlers.operators import to_post
from handlers.reply import Part, Reply, Say, Sms
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
    asked: dict[UserId, list[AskApproval]] = field(default_factory=dict)
    given: dict[UserId, list[OpenTask]] = field(default_factory=dict)

    def take(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            for person in getattr(effect, "to", ()):
                if isinstance(effect, Notify):
                    self.notices.setdefault(person, []).append(effect.text)
                elif isinstance(effect, AskApproval):
                    self.asked.setdefault(person, []).append(effect)
                elif isinstance(effect, OpenTask):
                    self.given.setdefault(person, []).append(effect)


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
    cards = [faces.say(person, "；".join(heard.notices[person]), lane=lane) for person in others]
    cards += [
        faces.ask(person, one.approval_id, one.action, one.text, context.actor.userid)
        for person, asked in heard.asked.items()
        for one in asked
    ]
    cards += [_task(context, faces, moved, person, one) for person, given in heard.given.items() for one in given]
    cases.told(context.unit, moved.case.case_id, {*heard.notices, *heard.asked, *heard.given})
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


def _task(context: Context, faces: Faces, moved: Moved, person: UserId, opened: OpenTask) -> Say:
    task = next(each for each in moved.case.tasks if each.task_id == opened.task_id)
    return faces.hand(person, task, opened.label, _asked_for(context, moved, task.action))


def _asked_for(context: Context, moved: Moved, action: str) -> str:
    """What the department was asked to do: the words of the form that asked for it."""
    name, version = form_name(moved.definition, "act", action), moved.definition.version
    if not context.house.processes.knows(name, version):
        return ""
    told = words(context.house.processes.form(name, version), moved.case.data)
    return "\n".join(f"{label}：{text}" for label, text in told)


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
