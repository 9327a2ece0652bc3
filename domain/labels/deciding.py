"""From measures to labels: the stage whose rule is the first to hold, and every segment whose rule holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.customer import RISK_NAMES, RiskAssessment
from domain.labels.fields import lookup
from domain.labels.label import PLAIN, UNDECIDED, UNTESTED
from domain.labels.measures import Measures
from domain.labels.rules import LabelRules, SegmentRule, StageRule, Worded
from domain.language.fields import Lookup
from domain.tier import Tier


@dataclass(frozen=True, slots=True)
class Decision:
    """The rules that gave the labels; no segment and not undecided is 'nothing in particular'."""

    stage: StageRule
    segments: tuple[SegmentRule, ...]
    undecided: Worded | None = None

    @property
    def segments_text(self) -> str:
        return UNDECIDED if self.undecided else text_of(self.segments)


def holds(worded: Worded, look: Lookup) -> bool:
    return worded.rule is None or worded.rule.holds(look)


def decide(measures: Measures, tier: Tier, rules: LabelRules) -> Decision:
    """The last stage rule holds of everybody."""
    look = lookup(measures, tier)
    stage = next(rule for rule in rules.stages if holds(rule, look))
    if holds(rules.undecided, look):
        return Decision(stage, (), rules.undecided)
    return Decision(stage, tuple(rule for rule in rules.segments if holds(rule, look)))


def text_of(segments: Iterable[SegmentRule]) -> str:
    """The names, each once."""
    return "、".join(dict.fromkeys(rule.segment for rule in segments)) or PLAIN


def text_of_code(rules: LabelRules, code: int) -> str:
    """The same of a number whose bits are the rules that hold, the first one the lowest."""
    return text_of(rule for place, rule in enumerate(rules.segments) if code >> place & 1)


def appetite_of(risk: RiskAssessment | None, day: date) -> str:
    """The class of the newest test, while it is valid."""
    return RISK_NAMES[risk.level] if risk is not None and risk.valid_on(day) else UNTESTED
