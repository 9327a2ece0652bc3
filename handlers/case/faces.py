"""A case as one person may read it: its state, the customer by the sharing policy, clocks, and what can be done."""

from dataclasses import dataclass, replace

from cards.case import CaseFace, case_card, decision_card, task_card
from cards.key import Seal
from domain.ids import UserId
from domain.language.explain import shown
from domain.policy import Purpose
from domain.process.advance import possible_in
from domain.process.case import Case, Task
from domain.process.definition import Definition
from domain.process.draft import Draft
from domain.process.ledger import ClockLine, ledger
from domain.process.process import Action, ClockKind
from domain.process.viewing import view
from domain.sharing import Audience
from domain.summary import ShownSummary, show, summarise
from handlers.case.naming import case_subject, thing_subject
from handlers.context import Context
from handlers.reply import Say, new_task_id
from handlers.reply import show as show_card
from storage import customers
from storage.case_facts import Bank
from storage.circles import relation_to
from storage.outbox import Lane

_SUMMARY = ("客户分层", "AUM", "近30天", "最近联系")


@dataclass(frozen=True)
class Viewed:
    """What a look at a case brings: fields in words, clocks, and what this person can do."""

    fields: tuple[tuple[str, str], ...]
    clocks: tuple[ClockLine, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Faces:
    """Makes the cards of one case in one unit of work."""

    context: Context
    definition: Definition
    bank: Bank
    case: Case

    def say(self, viewer: UserId, heading: str = "", *, lane: Lane = Lane.INTERACTIVE, in_full: bool = True) -> Say:
        """The case's card for this person."""
        seal = Seal(new_task_id(), self.case.revision)
        made = show_card(
            case_card(self.face(viewer, heading, in_full=in_full), seal),
            subject=case_subject(self.case.case_id),
            revision=self.case.revision,
        )
        return replace(made, to=viewer, lane=lane)

    def ask(self, viewer: UserId, approval_id: str, action: str, text: str, asker: UserId) -> Say:
        """The card of an approval for one who may decide."""
        approval = self.definition.actions[action].approval
        label = approval.label if approval else self.definition.actions[action].label
        face = self._bare(viewer, label, f"由{self._name(asker)}提请", text)
        seal = Seal(new_task_id(), self.case.revision)
        subject = thing_subject(self.case.case_id, approval_id)
        made = show_card(decision_card(face, approval_id, seal), subject=subject, revision=self.case.revision)
        return replace(made, to=viewer, lane=Lane.DEADLINE)

    def hand(self, viewer: UserId, task: Task, label: str, text: str) -> Say:
        """The card of a task for one who may do it."""
        face = self._bare(viewer, label, "请协办，答复后会转给处理人", text)
        seal = Seal(new_task_id(), self.case.revision)
        subject = thing_subject(self.case.case_id, task.task_id)
        made = show_card(task_card(face, task.task_id, seal), subject=subject, revision=self.case.revision)
        return replace(made, to=viewer, lane=Lane.DEADLINE)

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
            return Viewed(fields, ledger(draft), possible_in(draft, viewer))

        return view(self.definition, self.case, self.bank, self.context.now, see)

    def explained(self, line: ClockLine) -> str:
        """A clock in words; what rests on holidays nobody has published yet says so."""
        sure = line.due is None or line.kind is ClockKind.WALL or self.bank.calendar.confirmed(line.due.date())
        return line.explained + ("" if sure else "（日历未确认，按较早的算）")

    def _bare(self, viewer: UserId, title: str, heading: str, text: str) -> CaseFace:
        """The same facts under another title, with one text in place of the story."""
        seen = self.viewed(viewer)
        return CaseFace(f"{title} {self.case.case_id}", heading, self._rows(seen, self._customer(viewer)), (text,))

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
        """The customer as the viewer may read it; nothing outside the viewer's scope."""
        member, customer_id = self.bank.member(viewer), self.case.customer
        if customer_id is None or member is None:
            return None
        scope = self.context.house.policy.scope(member, self.context.units)
        if relation_to(self.context.unit, scope, customer_id) is None:
            return None
        unit, units = self.context.unit, self.context.units
        opened = customers.open_customer(unit, scope, units, customer_id, Purpose.COMPLAINT, "wecom.case")
        facts = summarise(opened.facts, self.context.now.date())
        return show(facts, Audience(opened.relation, self.context.house.sharing))

    def _may_undo(self, viewer: UserId) -> bool:
        last = self.case.undoable
        return last is not None and last.actor == viewer and self.context.now <= last.until

    def _name(self, person: UserId) -> str:
        member = self.bank.member(person)
        return member.name if member else person


def _stays(action: Action) -> bool:
    """What moves the case on stands before what only adds to it."""
    return action.to is None and action.approval is None
