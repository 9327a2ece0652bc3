"""Somebody's parts in a case go to a colleague: roles, votes and tasks, where recusal and four eyes let them."""

from dataclasses import replace

from domain.ids import UserId
from domain.process import people
from domain.process.case import Asked, Case, Task, Verdict
from domain.process.draft import Draft
from domain.process.event import AskApproval, Assign, Notify, OpenTask, Succeed
from domain.process.selecting import FILER

ROLE, VOTE, TASK = "role:", "vote:", "task:"
TOLD = "移交给您的案件，请接着办"


def parts_of(case: Case, person: UserId) -> tuple[str, ...]:
    """What somebody has in a case that can be handed on; who filed it stays who filed it."""
    held = (role for role, holder in sorted(case.roles.items()) if holder == person and role != FILER)
    roles = (f"{ROLE}{role}" for role in held)
    votes = (f"{VOTE}{each.approval_id}" for each in case.approvals if _asks(each, person))
    tasks = (f"{TASK}{each.task_id}" for each in case.tasks if not each.closed and person in each.people)
    return (*roles, *votes, *tasks)


def _asks(asked: Asked, person: UserId) -> bool:
    voted = any(person in (ballot.voter, ballot.principal) for ballot in asked.ballots)
    return asked.verdict is Verdict.OPEN and person in asked.voters and not voted


def succeed(draft: Draft, event: Succeed) -> None:
    """Hand on the parts that are still theirs; one that the successor may not have stays where it is."""
    if event.after in draft.excluded:
        return draft.refuse("recused", "接手的人要回避这个案件")
    for part in parts_of(draft.case, event.before):
        if part in event.parts:
            _HAND_ON[part.partition(":")[0]](draft, event, part.partition(":")[2])
    if not draft.effects:
        return draft.refuse("nothing", "没有可以移交的")
    draft.undoable = None
    if any(isinstance(effect, Assign) for effect in draft.effects):
        draft.effects.append(Notify(f"succeeded.{draft.case.revision + 1}", (event.after,), TOLD))
    return None


def _role(draft: Draft, event: Succeed, role: str) -> None:
    draft.roles[role] = event.after
    draft.effects.append(Assign(role, event.after, event.before))
    draft.say("assigned", event.after, role=role)


def _vote(draft: Draft, event: Succeed, key: str) -> None:
    asked = next(each for each in draft.approvals if each.approval_id == key)
    if event.after in asked.voters or event.after in people.kin(draft, asked.requester, asked.behalf):
        return
    handed = replace(asked, voters=_instead(asked.voters, event))
    draft.approvals = tuple(handed if each.approval_id == key else each for each in draft.approvals)
    approval = draft.definition.actions[asked.action].approval
    text = draft.fill(approval.text) if approval else ""
    draft.effects.append(AskApproval(key, asked.action, (event.after,), text))
    draft.say("handed_on", event.after, approval=key)


def _task(draft: Draft, event: Succeed, key: str) -> None:
    task = next(each for each in draft.tasks if each.task_id == key)
    if event.after in task.people:
        return
    handed: Task = replace(task, people=_instead(task.people, event))
    draft.tasks = tuple(handed if each.task_id == key else each for each in draft.tasks)
    tasks = draft.definition.actions[task.action].tasks
    part = next((each for each in tasks.parts if each.key == task.part), None) if tasks else None
    label, form = part.label if part else "", tasks.form if tasks else None
    draft.effects.append(OpenTask(key, label, (event.after,), form))
    draft.say("handed_on", event.after, task=key)


def _instead(whose: tuple[UserId, ...], event: Succeed) -> tuple[UserId, ...]:
    return tuple(event.after if each == event.before else each for each in whose)


_HAND_ON = {"role": _role, "vote": _vote, "task": _task}
