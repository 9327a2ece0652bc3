"""How cards, forms and timers say which case they are about, and what of it."""

from dataclasses import dataclass

from domain.ids import CaseId

CASE = "case"
CASE_SUBJECT = f"{CASE}:"


@dataclass(frozen=True)
class Matter:
    """What a form of a case is about: the case, the revision that was seen, the action, approval or task, and the
    digest of the card it was begun on.
    """

    case_id: CaseId
    revision: int
    kind: str
    thing: str
    shown: str = ""

    def __str__(self) -> str:
        return f"{case_subject(self.case_id)}@{self.revision}#{self.kind}.{self.thing}!{self.shown}"

    @classmethod
    def read(cls, text: str) -> "Matter":
        head, _, shown = text.partition("!")
        subject, _, rest = head.partition("@")
        revision, _, thing = rest.partition("#")
        kind, _, name = thing.partition(".")
        return cls(case_of(subject), int(revision or 0), kind, name, shown)


def case_subject(case_id: CaseId) -> str:
    return f"{CASE}:{case_id}"


def thing_subject(case_id: CaseId, thing: str) -> str:
    """An approval's or a task's own cards: they stay in play while the case moves on elsewhere."""
    return f"{CASE}:{case_id}/{thing}"


def case_of(subject: str) -> CaseId:
    """The case behind any card or timer about one."""
    return CaseId(subject.partition(":")[2].partition("/")[0])


def thing_of(subject: str) -> str:
    """The approval or task whose card it is; empty for a card of the case itself."""
    return subject.partition("/")[2]
