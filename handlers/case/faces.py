"""A case as one person may read it: its state, the customer by the sharing policy, clocks, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeAlias

from cards.case import CaseFace, case_card, decision_card, reads_whole, task_card
from cards.key import Seal
from cards.wecom import ButtonInteraction
from domain.ids import UserId
from domain.language.explain import shown
from domain.policy import Permission
from domain.process.advance import possible_in
from domain.process.answers import words
from domain.process.case import Case
from domain.process.deadline import ClockKind
from domain.process.deciding import may_finish, may_vote
from domain.process.definition import Definition
from domain.process.draft import Draft
from domain.process.ledger import ClockLine, ledger
from domain.process.library import form_name
from domain.process.process import Action
from domain.process.viewing import view
from domain.summary import ShownSummary, show, summarise
from handlers.case.naming import CASE, case_subject, thing_subject
from handlers.context import Context
from handlers.reply import Reply, Say, new_task_id, say
from handlers.reply import show as show_card
from handlers.rights import audience_of
from storage import customers, restrictions
from storage.case_facts import Bank
from storage.circles import relation_to
from storage.outbox import Lane

_SUMMARY = ("客户分层", "AUM", "近30天", "最近联系")
_Draw: TypeAlias = Callable[[CaseFace, Seal], ButtonInteraction]


@dataclass(frozen=True)
class Viewed:
    """What a look at a case brings: fields in words, clocks, and what this person can do, decide and answer."""

    fields: tuple[tuple[str, str], ...]
    clocks: tuple[ClockLine, ...]
    actions: tuple[Action, ...]
    votes: tuple[str, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Faces:
    """Makes the cards of one case in one unit of work."""

    context: Context
    definition: Definition
    bank: Bank
    case: Case

    def say(
        self, viewer: UserId, heading: str = "", *, lane: Lane = Lane.INTERACTIVE, in_full: bool = True, page: int = 0
    ) -> Say:
        """The case's card for this person; `page` of its other actions."""
        seal = Seal(new_task_id(), self.case.revision)
        made = show_card(
            case_card(self.face(viewer, heading, in_full=in_full), seal, page),
            subject=case_subject(self.case.case_id),
            revision=self.case.revision,
        )
        return replace(made, to=viewer, lane=lane)

    def ask(self, viewer: UserId, approval_id: str, *, lane: Lane = Lane.DEADLINE) -> Reply:
        """The card of an approval for one who may decide, after the words it is about where it has no room for them."""
        asked = next(each for each in self.case.approvals if each.approval_id == approval_id)
        action = self.definition.actions[asked.action]
        assert action.approval is not None
        text = action.approval.text
        filled = view(self.definition, self.case, self.bank, self.context.now, lambda draft: draft.fill(text))
        title, heading = f"{action.approval.label} {self.case.case_id}", f"由{self._name(asked.requester)}提请"
        face = self._bare(viewer, title, heading, (filled, *self._submitted(action)))
        return self._thing(viewer, approval_id, lane, face, lambda shown, seal: decision_card(shown, approval_id, seal))

    def hand(self, viewer: UserId, task_id: str, *, lane: Lane = Lane.DEADLINE) -> Reply:
        """The card of a task for one who may do it, after what was asked where the card has no room for it."""
        task = next(each for each in self.case.tasks if each.task_id == task_id)
        action = self.definition.actions[task.action]
        parts = action.tasks.parts if action.tasks else ()
        label = next((part.label for part in parts if part.key == task.part), action.label)
        title = f"{label} {self.case.case_id}"
        face = self._bare(viewer, title, "请协办，答复后会转给处理人", self._submitted(action))
        return self._thing(viewer, task_id, lane, face, lambda shown, seal: task_card(shown, task_id, seal))

    def _thing(self, viewer: UserId, thing: str, lane: Lane, face: CaseFace, draw: _Draw) -> Reply:
        """A decision or a task with its own card. What the card must cut is said whole before it, and the card names
        the digest of those words: it is what was decided on.
        """
        said: Reply = ()
        if not reads_whole(face):
            mark = sha256("\n".join(face.below).encode()).hexdigest()[:8].upper()
            whole = "\n".join([face.title, *face.below, f"（全文 {mark}）"])
            said = say(whole, to=viewer, lane=lane)
            face = replace(face, below=(f"全文见上一条（{mark}）", *face.below))
        subject = thing_subject(self.case.case_id, thing)
        seal = Seal(new_task_id(), self.case.revision)
        made = show_card(draw(face, seal), subject=subject, revision=self.case.revision)
        return (*said, replace(made, to=viewer, lane=lane))

    def _submitted(self, action: Action) -> tuple[str, ...]:
        """The words of the form with which it was asked for."""
        name, library = form_name(self.definition, "act", action.key), self.context.house.processes
        if not library.knows(name, self.definition.version):
            return ()
        told = words(library.form(name, self.definition.version), self.case.data)
        return tuple(f"{label}：{text}" for label, text in told)

    def face(self, viewer: UserId, heading: str, *, in_full: bool) -> CaseFace:
        """`in_full` shows the words of the case, which only go to those who take part."""
        seen, case = self.viewed(viewer), self.case
        onward = sorted(seen.actions, key=_stays)
        main = tuple((action.key, action.label) for action in onward if action.main)
        others = tuple((action.key, action.label) for action in seen.actions if not action.main)
        summary = self._customer(viewer)
        return CaseFace(
            title=f"{self.definition.process.label} {case.case_id}",
            heading=heading or self.definition.states[case.state].label,
            rows=self._rows(seen, summary),
            below=self._below(summary, in_full),
            main=main,
            others=others,
            undo=self._may_undo(viewer),
            customer=summary is not None,
        )

    def viewed(self, viewer: UserId) -> Viewed:
        def see(draft: Draft) -> Viewed:
            wanted = self.definition.process.face.fields
            known = [(name, draft.look(name)) for name in wanted]
            fields = tuple(
                (name, shown(value, self.definition.fields[name])) for name, value in known if value is not None
            )
            votes = tuple(each.approval_id for each in draft.approvals if may_vote(draft, each, viewer))
            tasks = tuple(each.task_id for each in draft.tasks if may_finish(draft, each, viewer))
            return Viewed(fields, ledger(draft), possible_in(draft, viewer), votes, tasks)

        return view(self.definition, self.case, self.bank, self.context.now, see)

    def explained(self, line: ClockLine) -> str:
        """A clock in words; what rests on holidays nobody has published yet says so."""
        sure = line.due is None or line.kind is ClockKind.WALL or self.bank.calendar.confirmed(line.due.date())
        return line.explained + ("" if sure else "（日历未确认，按较早的算）")

    def _bare(self, viewer: UserId, title: str, heading: str, below: tuple[str, ...]) -> CaseFace:
        """The same facts under another title, with other words in place of the story."""
        return CaseFace(title, heading, self._rows(self.viewed(viewer), self._customer(viewer)), below)

    def _rows(self, seen: Viewed, summary: ShownSummary | None) -> tuple[tuple[str, str], ...]:
        state = self.definition.states[self.case.state].label
        rows = [("状态", state)]
        if summary is not None:
            rows.append(("客户", summary.title))
        rows += seen.fields
        role = next(iter(self.definition.process.roles), None)
        if role is not None and role.key in self.case.roles:
            rows.append((role.label, self._name(self.case.roles[role.key])))
        soonest = min((line for line in seen.clocks if line.due), key=lambda line: str(line.due), default=None)
        if soonest is not None:
            rows.append(("最近时限", f"{soonest.label} {soonest.left(self.context.now)}"))
        return tuple(rows)

    def _below(self, summary: ShownSummary | None, in_full: bool) -> tuple[str, ...]:
        told = self.case.data.get(self.definition.process.face.story or "")
        story = [str(told)] if told is not None and in_full else []
        known = {line.label: line.text for line in summary.lines} if summary is not None else {}
        facts = "，".join(f"{label} {known[label]}" for label in _SUMMARY if label in known)
        return (*story, *([facts] if facts else []))

    def _customer(self, viewer: UserId) -> ShownSummary | None:
        """The customer as the viewer may read it; nothing outside the viewer's scope, and nothing of a frozen one."""
        member, customer_id = self.bank.member(viewer), self.case.customer
        context, policy, unit = self.context, self.context.house.policy, self.context.unit
        if customer_id is None or member is None or Permission.CUSTOMER_READ not in policy.permissions(member):
            return None
        scope, purpose = policy.scope(member, context.units), policy.purpose(member, CASE)
        if relation_to(unit, scope, customer_id) is None or restrictions.holds(unit, customer_id) is not None:
            return None
        opened = customers.open_customer(unit, scope, customer_id, purpose, "wecom.case")
        facts = summarise(opened.facts, context.now.date())
        return show(facts, audience_of(context.house, member, opened.relation, purpose))

    def _may_undo(self, viewer: UserId) -> bool:
        last = self.case.undoable
        return last is not None and last.actor == viewer and self.context.now <= last.until

    def _name(self, person: UserId) -> str:
        member = self.bank.member(person)
        return member.name if member else person


def _stays(action: Action) -> bool:
    """What moves the case on stands before what only adds to it."""
    return action.to is None and action.approval is None
