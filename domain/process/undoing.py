"""Taking back what one has just done: the case is again as before, and what went out is withdrawn."""

from dataclasses import replace

from domain.process import outcome, people
from domain.process.case import Asked, Case, Task, Verdict
from domain.process.draft import Draft
from domain.process.event import AskApproval, Assign, CloseApproval, CloseTask, OpenTask, Undo
from domain.process.selecting import FILER, Channel


def undo(draft: Draft, event: Undo) -> None:
    """Only the person who did it, only inside the window, only while nobody has gone on from there."""
    last = draft.undoable
    if last is None:
        return draft.refuse("nothing", "没有可以撤销的操作")
    if not draft.case.settled <= event.revision <= draft.case.revision:
        return draft.refuse("stale", "这个案件已经有了新的进展，请看最新的卡片")
    if event.actor != last.actor or event.actor in draft.excluded:
        return draft.refuse("forbidden", "只有办这件事的人可以撤销")
    if draft.now > last.until:
        return draft.refuse("late", "已经过了可以撤销的时间。这项决定仍然有效，请在案件里接着办")
    heard = (who for role, who in sorted(draft.case.roles.items()) if role != FILER and who != event.actor)
    _restore(draft, last.before)
    draft.say("undone", event.actor, action=last.action)
    to = people.present(draft, dict.fromkeys(heard), draft.excluded)
    text = f"刚才的决定已撤销，案件又是“{draft.definition.states[draft.state].label}”"
    outcome.tell(draft, f"undone.{draft.case.revision + 1}", (Channel.CARD,), to, text, "")
    return None


def _restore(draft: Draft, before: Case) -> None:
    after = draft.case
    draft.take(before)
    draft.revision, draft.serial, draft.armed = after.revision, after.serial, dict(after.armed)
    draft.touched = dict.fromkeys((*draft.armed, *draft.clocks))
    draft.fired |= after.fired  # what has been escalated meanwhile stays told
    for role in sorted({*before.roles, *after.roles}):
        if before.roles.get(role) != after.roles.get(role):
            draft.effects.append(Assign(role, before.roles.get(role), after.roles.get(role)))
    _restore_approvals(draft, before, after)
    _restore_tasks(draft, before, after)


def _restore_approvals(draft: Draft, before: Case, after: Case) -> None:
    was, now = (_open_approvals(case) for case in (before, after))
    draft.effects += [CloseApproval(key, Verdict.LAPSED.value) for key in now if key not in was]
    for key in was:
        if key not in now:
            asked = replace(was[key], since=after.revision + 1)
            draft.approvals = tuple(asked if each.approval_id == key else each for each in draft.approvals)
            approval = draft.definition.actions[asked.action].approval
            to = people.present(draft, asked.voters, draft.excluded)
            draft.effects.append(AskApproval(key, asked.action, to, draft.fill(approval.text) if approval else ""))


def _restore_tasks(draft: Draft, before: Case, after: Case) -> None:
    was, now = (_open_tasks(case) for case in (before, after))
    draft.effects += [CloseTask(key) for key in now if key not in was]
    for key in was:
        if key not in now:
            tasks = draft.definition.actions[was[key].action].tasks
            part = next((each for each in tasks.parts if each.key == was[key].part), None) if tasks else None
            to = people.present(draft, was[key].people, draft.excluded)
            draft.effects.append(OpenTask(key, part.label if part else "", to, tasks.form if tasks else None))


def _open_approvals(case: Case) -> dict[str, Asked]:
    return {each.approval_id: each for each in case.approvals if each.verdict is Verdict.OPEN}


def _open_tasks(case: Case) -> dict[str, Task]:
    return {each.task_id: each for each in case.tasks if not each.closed}
