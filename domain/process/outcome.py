"""What comes of an action or a decision, carried out on the draft: people, state, clocks, words, work, requests."""

from collections.abc import Iterable
from dataclasses import replace

from domain.ids import UserId
from domain.process import clocks, people
from domain.process.case import Asked, Task, Verdict
from domain.process.draft import Draft
from domain.process.event import AskApproval, Assign, CloseApproval, CloseTask, Notify, OpenTask, Sms
from domain.process.process import Action, Approval, Notice, Outcome, Tasks
from domain.process.selecting import FILER, RM, Channel, Selector

SMS = Channel.SMS


def carry_out(draft: Draft, outcome: Outcome, actor: UserId | None, name: str) -> None:
    """Everything an outcome says, in this order; `name` tells its notices apart."""
    draft.data.update(outcome.set)
    for role in outcome.assign:
        assign(draft, role)
    if outcome.to is not None:
        _enter(draft, outcome.to, actor, name)
    clocks.move(draft, outcome.clocks, actor)
    for index, notice in enumerate(outcome.notices):
        if draft.holds(notice.when):
            _tell(draft, notice, f"{name}.{index}.{draft.case.revision + 1}")


def conclude(draft: Draft, action: str) -> None:
    """What the rules make of the case now, and who must keep out of it from now on."""
    for conclusion in draft.definition.process.conclusions:
        if action in conclusion.on:
            found = draft.first(conclusion.findings)
            draft.data.pop(conclusion.key, None)
            if found is not None:
                draft.data[conclusion.key] = found.value
    for recusal in draft.definition.recusals:
        if draft.holds(recusal.when):
            already = draft.held_before(recusal.when)
            asked = (who for who in recusal.who if draft.holds(who.when) and not (already and _of_today(who)))
            draft.excluded |= frozenset(person for who in asked for person in people.named(draft, who))


def _of_today(who: Selector) -> bool:
    """Who is the customer's manager changes; it was about the one of then."""
    return who.rm or who.superior == RM


def vacate(draft: Draft) -> None:
    """Nobody who must keep out keeps a role; what they held goes to the next."""
    for role, person in tuple(draft.roles.items()):
        if person in draft.excluded and role != FILER:
            draft.say("recused", None, role=role)
            assign(draft, role)


def assign(draft: Draft, role: str) -> None:
    """Give a role to the first who may have it; a vacant one is an effect too, so that somebody hears of it."""
    before = draft.roles.pop(role, None)
    found = people.first_found(draft, draft.definition.roles[role].choose, draft.excluded)
    chosen = next(iter(people.present(draft, found, draft.excluded)), None)
    if chosen is not None:
        draft.roles[role] = chosen
    if chosen is None or chosen != before:
        draft.effects.append(Assign(role, chosen, before))
        draft.say("assigned" if chosen else "vacant", chosen, found[0] if found else None, role=role)


def open_tasks(draft: Draft, action: Action, tasks: Tasks) -> None:
    """One task for each part that applies."""
    revision = draft.case.revision + 1
    parts = [part for part in tasks.parts if draft.holds(part.when)]
    if not parts:
        draft.refuse("tasks", f"“{action.label}”至少要选一个部门")
    for part in parts:
        found = people.first_found(draft, part.who, draft.excluded)
        task = Task(f"t{draft.next_serial()}", action.key, part.key, found, revision)
        draft.tasks = (*draft.tasks, task)
        to = people.present(draft, found, draft.excluded)
        draft.effects.append(OpenTask(task.task_id, part.label, to, tasks.form))
        draft.say("task_opened", None, task=task.task_id, part=part.key)


def ask(draft: Draft, action: Action, approval: Approval, actor: UserId, behalf: UserId) -> None:
    """Ask those who may decide: never the requester, nor anybody who stands in for them."""
    barred = draft.excluded | people.kin(draft, actor, behalf)
    voters = people.first_found(draft, approval.who, barred)
    if not voters:
        draft.refuse("vacant", f"“{approval.label}”没有可以审批的人，请联系业务管理员")
    if any(each.action == action.key and each.verdict is Verdict.OPEN for each in draft.approvals):
        draft.refuse("asked", f"“{approval.label}”已经在审批，不用再提交")
    key = f"a{draft.next_serial()}"
    draft.approvals = (*draft.approvals, Asked(key, action.key, actor, behalf, voters, draft.case.revision + 1))
    to = people.present(draft, voters, barred)
    draft.effects.append(AskApproval(key, action.key, to, draft.fill(approval.text)))
    draft.say("asked", actor, behalf, approval=key, of=action.key)


def lapse(draft: Draft, *, everything: bool) -> None:
    """Close what the case has left behind: bound approvals at once, the rest and all tasks when the case is closed."""
    actions = draft.definition.actions
    kept: list[Asked] = []
    for asked in draft.approvals:
        approval = actions[asked.action].approval
        gone = asked.verdict is Verdict.OPEN and (everything or approval is None or approval.bound)
        kept.append(replace(asked, verdict=Verdict.LAPSED) if gone else asked)
        if gone:
            draft.effects.append(CloseApproval(asked.approval_id, Verdict.LAPSED.value))
    draft.approvals = tuple(kept)
    if everything:
        close_tasks(draft, (task for task in draft.tasks if not task.closed))


def close_tasks(draft: Draft, closing: Iterable[Task]) -> None:
    """These are done or needed no more."""
    gone = {task.task_id for task in closing}
    draft.effects += [CloseTask(task_id) for task_id in sorted(gone)]
    draft.tasks = tuple(replace(task, closed=True) if task.task_id in gone else task for task in draft.tasks)


def tell(draft: Draft, key: str, channels: Iterable[Channel], to: tuple[UserId, ...], text: str, level: str) -> None:
    """One effect a channel; nobody to tell is no effect."""
    for channel in channels if to else ():
        draft.effects.append(Sms(key, to, level) if channel is SMS else Notify(key, to, draft.fill(text)))


def _enter(draft: Draft, state: str, actor: UserId | None, by: str) -> None:
    left, draft.state = draft.state, state
    draft.say("moved", actor, source=left, to=state, by=by)
    closed = draft.definition.closed(state)
    if left != state:
        lapse(draft, everything=closed)
    if closed:
        clocks.stop(draft, tuple(draft.clocks), actor)


def _tell(draft: Draft, notice: Notice, key: str) -> None:
    to = people.recipients(draft, notice.to, vacancy=False)
    tell(draft, key, notice.channels, to, notice.text, "")
