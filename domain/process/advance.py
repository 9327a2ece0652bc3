"""The one function that moves a case: click, timer, page and backtest all come here. Pure and total."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ids import UserId
from domain.language.explain import explain
from domain.process import clocks, deciding, outcome, people
from domain.process.arming import arm, reckon
from domain.process.case import Case, Undoable
from domain.process.definition import Definition
from domain.process.draft import Draft
from domain.process.escalation import escalate
from domain.process.event import Act, Effect, Event, Finish, Fired, Happening, Reckon, Succeed, Undo, Vote
from domain.process.facts import Ask, Facts, Question
from domain.process.process import Action, Outcome
from domain.process.selecting import FILER
from domain.process.succeeding import succeed
from domain.process.undoing import undo
from domain.process.viewing import view

INCOMPLETE = "facts"
_MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Advanced:
    """The case one revision on, what is recorded, and what must be done."""

    case: Case
    events: tuple[Happening, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing happened. `reason` is for programs, `text` for people; `questions` are what facts must answer first."""

    reason: str
    text: str
    questions: tuple[Question, ...] = ()


def advance(definition: Definition, case: Case, event: Event, facts: Facts, now: datetime) -> Advanced | Refused:
    """What becomes of the case. Refused with reason `facts` and the questions while an answer is missing."""
    draft = Draft(definition, case, facts, now)
    _work_in(draft, event)
    if draft.refusal is None:
        draft.revision += 1
        draft.settled = draft.revision if draft.settles else draft.settled
        arm(draft)
    if draft.sight.missing:
        return Refused(INCOMPLETE, "还缺少办这件事要用的资料", draft.questions())
    if draft.refusal is not None:
        return Refused(*draft.refusal)
    return Advanced(draft.frozen(), tuple(draft.events), tuple(draft.effects))


def consult(
    definition: Definition, case: Case, event: Event, ask: Ask, now: datetime
) -> tuple[Facts, Advanced | Refused]:
    """Gather exactly the facts this event needs and advance on them; store both with the event."""
    facts = Facts()
    for _ in range(_MOST_ROUNDS):
        result = advance(definition, case, event, facts, now)
        if not isinstance(result, Refused) or not result.questions:
            return facts, result
        facts = Facts({**facts.answers, **{question: ask(question) for question in result.questions}})
    return facts, result


def possible(definition: Definition, case: Case, actor: UserId, ask: Ask, now: datetime) -> tuple[Action, ...]:
    """The actions this person can begin now, for buttons. What their answers decide is judged when they are given."""

    return view(definition, case, ask, now, lambda draft: possible_in(draft, actor))


def possible_in(draft: Draft, actor: UserId) -> tuple[Action, ...]:
    """The same, while looking at other things of the case too. What only has its time still to come, or behind it, is
    among them: who tries it is told.
    """
    timed = draft.definition.timed
    return tuple(
        action
        for action in draft.definition.process.actions
        if _barrier(draft, action, actor) is None and (action.key in timed or _objection(draft, action) is None)
    )


def objection(definition: Definition, case: Case, action: Action, actor: UserId, ask: Ask, now: datetime) -> str | None:
    """Why this person cannot begin the action now, in words; None where they can."""
    return view(definition, case, ask, now, lambda draft: _why_not_now(draft, action, actor))


def _why_not_now(draft: Draft, action: Action, actor: UserId) -> str | None:
    return _barrier(draft, action, actor) or _objection(draft, action) or clocks.used_up(draft, action.clocks)


def _barrier(draft: Draft, action: Action, actor: UserId) -> str | None:
    if draft.state not in draft.definition.sources[action.key]:
        return _not_here(draft, action)
    if not clocks.has_sense(draft, action):
        return f"现在没有可以“{action.label}”的时限"
    return _not_yours(action) if people.standing(draft, action.who, actor) is None else None


def _objection(draft: Draft, action: Action) -> str | None:
    later = action.key in draft.definition.judged_later
    return None if later or draft.holds(action.when) else _why_not(draft, action)


def _not_here(draft: Draft, action: Action) -> str:
    return f"案件现在是“{draft.definition.states[draft.state].label}”，不能“{action.label}”"


def _not_yours(action: Action) -> str:
    return f"“{action.label}”不由您来办"


def _work_in(draft: Draft, event: Event) -> None:
    match event:
        case Act():
            _act(draft, event)
        case Vote():
            deciding.vote(draft, event, carried_out)
        case Finish():
            deciding.finish(draft, event, carried_out)
        case Undo():
            undo(draft, event)
        case Fired():
            escalate(draft, event)
        case Reckon():
            reckon(draft)
        case Succeed():
            succeed(draft, event)


def _act(draft: Draft, event: Act) -> None:
    action = draft.definition.actions.get(event.action)
    if action is None:
        return draft.refuse("unknown", "没有这个操作，请发“帮助”看能做什么")
    behalf = _allowed(draft, action, event)
    if behalf is None:
        return None
    if draft.state == draft.definition.initial:
        draft.roles[FILER] = event.actor
    draft.data.update(event.answers)
    outcome.conclude(draft, action.key)
    if not draft.holds(action.when):
        return draft.refuse("guard", _why_not(draft, action))
    draft.say("done", event.actor, behalf, action=action.key, reason=event.reason)
    draft.settles = not action.quiet
    carried_out(draft, action, event.actor, action.key)
    if action.tasks is not None:
        outcome.open_tasks(draft, action, action.tasks)
    if action.approval is not None:
        outcome.ask(draft, action, action.approval, event.actor, behalf)
    draft.done[action.key] = draft.now
    return None


def _allowed(draft: Draft, action: Action, event: Act) -> UserId | None:
    """For whom the actor acts; None after a refusal."""
    if not draft.case.settled <= event.revision <= draft.case.revision:
        draft.refuse("stale", "这个案件已经有了新的进展，请看最新的卡片")
    elif draft.state not in draft.definition.sources[action.key]:
        draft.refuse("state", _not_here(draft, action))
    elif action.reason and not event.reason.strip():
        draft.refuse("reason", f"“{action.label}”要写理由")
    else:
        behalf = people.standing(draft, action.who, event.actor)
        if behalf is None:
            draft.refuse("forbidden", _not_yours(action))
        return behalf
    return None


def carried_out(draft: Draft, result: Outcome, actor: UserId, name: str) -> None:
    """An outcome, with the window in which it may be undone."""
    before, draft.undoable = draft.case, None
    outcome.vacate(draft)
    outcome.carry_out(draft, result, actor, name)
    if result.undo is not None:
        until = draft.now + timedelta(seconds=draft.definition.figures[result.undo].seconds)
        draft.undoable = Undoable(name, actor, until, replace(before, undoable=None))


def _why_not(draft: Draft, action: Action) -> str:
    if action.refusal is not None:
        return draft.fill(action.refusal)
    rule = draft.definition.rules[action.when or ""]
    return f"现在不能“{action.label}”：\n{explain(rule, draft.look, draft.definition.fields)}"
