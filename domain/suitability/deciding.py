"""The decision itself: total, closed where anything is unknown, and the same for the same question and table."""

from domain.part import Part
from domain.suitability.facts import Question
from domain.suitability.matter import Matter, matter_of
from domain.suitability.objections import objections
from domain.suitability.papers import Enclosed
from domain.suitability.reason import TRIGGERS, Code, Reason
from domain.suitability.table import Step, Table
from domain.suitability.words import Verdict


class Decision(Part):
    """`steps` must be done before the sale, and only ALLOW_WITH_STEPS has them; `papers` belong to every such sale,
    those of its steps among them, and `enclosed` are the ones of them that there is a file of."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    papers: tuple[str, ...]
    enclosed: tuple[Enclosed, ...] = ()
    rule_version: int

    @property
    def first(self) -> Code:
        return self.reasons[0].code


def decide(question: Question, table: Table, rule_version: int) -> Decision:
    """Answer for any combination of known and unknown values; the strictest reason decides."""
    matter = matter_of(question, table)
    return settle(matter, objections(matter), rule_version)


def settle(matter: Matter, against: tuple[Reason, ...], rule_version: int) -> Decision:
    """The decision on a matter with all that stands against it."""
    table = matter.table
    found = against or (_fits(matter),)
    verdict = min((reason.verdict for reason in found), key=lambda each: each.rank)
    steps = tuple(dict.fromkeys(step for reason in found for step in _steps(reason, table)))
    steps = steps if verdict is Verdict.ALLOW_WITH_STEPS else ()
    papers = _papers(matter, steps) if verdict is not Verdict.BLOCK else ()
    return Decision(
        verdict=verdict,
        reasons=strictest_first(found),
        steps=steps,
        papers=tuple(table.papers[key] for key in papers),
        enclosed=tuple(each for each in matter.question.papers if each.paper in papers),
        rule_version=rule_version,
    )


def _papers(matter: Matter, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What is signed at a sale of the kind, then what its steps ask for, each once."""
    of_steps = (step.paper for step in steps if step.paper)
    return tuple(dict.fromkeys((*(matter.kind.papers if matter.kind else ()), *of_steps)))


def strictest_first(found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """What blocks before what calls for steps, else as it was found."""
    return tuple(sorted(found, key=lambda reason: reason.verdict.rank))


def _steps(reason: Reason, table: Table) -> tuple[Step, ...]:
    return table.steps[TRIGGERS[reason.code]] if reason.code in TRIGGERS else ()


def _fits(matter: Matter) -> Reason:
    level = matter.level
    return Reason(code=Code.FITS, values={"rating": str(matter.rating), "level": str(level) if level else "不要求"})
