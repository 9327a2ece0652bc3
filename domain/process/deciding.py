"""Votes and department tasks: who may, whether it is still open, and when it is decided."""

from collections.abc import Callable
from dataclasses import replace

from domain.daytext import stamp
from domain.ids import UserId
from domain.process import outcome, people
from domain.process.case import Asked, Ballot, Task, Verdict
from domain.process.draft import Draft
from domain.process.event import CloseApproval, CloseTask, Finish, Vote
from domain.process.process import Approval, Mode, Outcome

CarryOut = Callable[[Draft, Outcome, UserId, str], None]

_VERDICTS = {Verdict.AGREED: "同意", Verdict.REJECTED: "退回", Verdict.LAPSED: "失效"}


def vote(draft: Draft, event: Vote, carry_out: CarryOut) -> None:
    """Count a vote; the one that decides carries out what was decided."""
    asked = next((each for each in draft.approvals if each.approval_id == event.approval_id), None)
    approval = draft.definition.actions[asked.action].approval if asked else None
    if asked is None or approval is None:
        return draft.refuse("unknown", "没有这个审批")
    principal = _voter(draft, asked, approval, event)
    if principal is None:
        return None
    asked = replace(asked, ballots=(*asked.ballots, Ballot(event.actor, principal, draft.now)))
    draft.say("voted", event.actor, principal, approval=asked.approval_id, agree=event.agree, reason=event.reason)
    verdict = _verdict(asked, approval, event.agree)
    asked = replace(asked, verdict=verdict)
    draft.approvals = tuple(asked if each.approval_id == asked.approval_id else each for each in draft.approvals)
    if verdict is Verdict.OPEN:
        draft.settles, draft.undoable = False, None
        return None
    draft.effects.append(CloseApproval(asked.approval_id, verdict.value))
    draft.say("decided", event.actor, principal, approval=asked.approval_id, verdict=verdict.value)
    result = approval.agree if verdict is Verdict.AGREED else approval.reject
    carry_out(draft, result, event.actor, f"{approval.key}.{verdict.value}")
    draft.done[f"{approval.key}_{verdict.value}"] = draft.now
    return None


def finish(draft: Draft, event: Finish, carry_out: CarryOut) -> None:
    """A task is done; when enough of them are, so is what they were for."""
    task = next((each for each in draft.tasks if each.task_id == event.task_id), None)
    tasks = draft.definition.actions[task.action].tasks if task else None
    if task is None or tasks is None:
        return draft.refuse("unknown", "没有这项协办任务")
    behalf = _worker(draft, task, event)
    if behalf is None:
        return None
    done = replace(task, done_by=event.actor, closed=True)
    draft.tasks = tuple(done if each.task_id == task.task_id else each for each in draft.tasks)
    draft.data.update({f"{task.part}_{key}": value for key, value in event.answers.items()})
    draft.effects.append(CloseTask(task.task_id))
    draft.say("task_done", event.actor, behalf, task=task.task_id, part=task.part)
    left = [each for each in draft.tasks if each.since == task.since and each.action == task.action and not each.closed]
    if left and tasks.join is Mode.ALL:
        draft.settles, draft.undoable = False, None
        return None
    outcome.close_tasks(draft, left)
    draft.say("joined", None, action=task.action)
    carry_out(draft, tasks.joined, event.actor, f"{task.action}.joined")
    draft.settles = not tasks.joined.only_tells  # a form that is open elsewhere does not depend on the answers
    return None


def may_vote(draft: Draft, asked: Asked, actor: UserId) -> bool:
    """Whether the decision is still open and this person can take part in it."""
    voted = any(ballot.voter == actor for ballot in asked.ballots)
    return asked.verdict is Verdict.OPEN and not voted and _principal(draft, asked, actor) is not None


def may_finish(draft: Draft, task: Task, actor: UserId) -> bool:
    """Whether the task is still open and this person's."""
    return not task.closed and _behalf(draft, task, actor) is not None


def _voter(draft: Draft, asked: Asked, approval: Approval, event: Vote) -> UserId | None:
    """For whom this vote counts; None after a refusal."""
    if asked.verdict is not Verdict.OPEN:
        draft.refuse("decided", already(asked))
    elif not asked.since <= event.revision <= draft.case.revision:
        draft.refuse("stale", "这个审批已经有了新的进展，请看最新的卡片")
    elif event.actor in {ballot.voter for ballot in asked.ballots}:
        draft.refuse("voted", "您已经表过态了，等其他人决定")
    elif not event.agree and not event.reason.strip():
        draft.refuse("reason", "退回要写理由")
    else:
        principal = _principal(draft, asked, event.actor)
        if principal is None:
            draft.refuse("forbidden", _not_yours(draft, asked, approval, event.actor))
        return principal
    return None


def _not_yours(draft: Draft, asked: Asked, approval: Approval, actor: UserId) -> str:
    if actor in people.kin(draft, asked.requester, asked.behalf):
        return f"“{approval.label}”是您或您代办的人提请的，要由别人审批"
    return f"“{approval.label}”不由您来审批"


def _principal(draft: Draft, asked: Asked, actor: UserId) -> UserId | None:
    """Four eyes: neither the requester nor a stand-in of theirs decides, not for themselves and not for another."""
    kin = draft.excluded | people.kin(draft, asked.requester, asked.behalf)
    voted = {ballot.principal for ballot in asked.ballots}
    free = [each for each in asked.voters if each not in voted and each not in kin]
    if actor in kin:
        return None
    return actor if actor in free else people.stood_for(draft, free, actor)


def _verdict(asked: Asked, approval: Approval, agree: bool) -> Verdict:
    if not agree:
        return Verdict.REJECTED
    everyone = set(asked.voters) <= {ballot.principal for ballot in asked.ballots}
    return Verdict.AGREED if everyone or approval.mode is Mode.ANY else Verdict.OPEN


def already(asked: Asked) -> str:
    """Who decided when; the voter stands there by userid."""
    word = _VERDICTS[asked.verdict]
    if not asked.ballots or asked.verdict is Verdict.LAPSED:
        return "这个审批已经失效"
    last = asked.ballots[-1]
    return f"{last.voter} 已于 {stamp(last.at)} {word}"


def _worker(draft: Draft, task: Task, event: Finish) -> UserId | None:
    if task.closed:
        draft.refuse("decided", "这项协办已经完成，不用再办")
    elif not task.since <= event.revision <= draft.case.revision:
        draft.refuse("stale", "这项协办已经有了新的进展，请看最新的卡片")
    else:
        behalf = _behalf(draft, task, event.actor)
        if behalf is None:
            draft.refuse("forbidden", "这项协办不由您来办")
        return behalf
    return None


def _behalf(draft: Draft, task: Task, actor: UserId) -> UserId | None:
    """For whom the actor would do the task."""
    free = [each for each in task.people if each not in draft.excluded]
    if actor in draft.excluded:
        return None
    return actor if actor in free else people.stood_for(draft, free, actor)
