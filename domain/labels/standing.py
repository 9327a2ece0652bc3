"""How a customer stands: the four labels, and how a new day's finding changes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.customer import AumPoint, RiskAssessment
from domain.ids import CustomerId
from domain.labels import saying
from domain.labels.deciding import appetite_of, decide
from domain.labels.hysteresis import months_after, rank_of, tier_after
from domain.labels.label import Kind, Label
from domain.labels.measures import Measures
from domain.labels.rules import LabelRules, rules_on
from domain.sharing import Sentence
from domain.tier import Tier
from domain.tiering import Window, total_over, window_before


@dataclass(frozen=True, slots=True)
class Standing:
    """The labels as they stand. `computed` is the tier without an override; a `provisional` one is by the few days
    there are, and the first month's begin decides anew.
    """

    computed: Tier
    provisional: bool
    labels: Mapping[Kind, Label]

    @property
    def tier(self) -> Tier:
        return Tier(self.labels[Kind.TIER].value)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a day has to say of one customer. `tier` is the computed one after the months since `before`, None where
    the whole history has to tell; `given` is an override with its last day.
    """

    customer_id: CustomerId
    measures: Measures
    points: Sequence[AumPoint] = ()
    risk: RiskAssessment | None = None
    given: tuple[Tier, date] | None = None
    before: Standing | None = None
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """Labels of `day` are made from data through `last`, by the version of the rules in force on `day`."""

    day: date
    last: date
    versions: Sequence[LabelRules]

    @property
    def rules(self) -> LabelRules:
        return rules_on(self.versions, self.day)


def judge(evidence: Evidence, day: Day) -> Standing:
    """The labels of one customer; a label that says what it said before keeps its day and its reason."""
    computed, provisional = _computed(evidence, day)
    tier = evidence.given[0] if evidence.given else computed
    decision = decide(evidence.measures, tier, day.rules)
    found: Mapping[Kind, tuple[str, Callable[[], Sentence]]] = {
        Kind.TIER: (tier, lambda: _tier_because(evidence, tier, day, provisional=provisional)),
        Kind.STAGE: (decision.stage.stage, lambda: saying.because(decision.stage, evidence.measures, tier)),
        Kind.SEGMENTS: (decision.segments_text, lambda: saying.segments_because(decision, evidence.measures, tier)),
        Kind.APPETITE: (appetite_of(evidence.risk, day.day), lambda: saying.appetite_because(evidence.risk, day.day)),
    }
    stood = evidence.before.labels if evidence.before else {}
    return Standing(computed, provisional, {
        kind: old if (old := stood.get(kind)) and old.value == value else Label(kind, str(value), day.day, why())
        for kind, (value, why) in found.items()
    })  # fmt: skip


def _computed(evidence: Evidence, day: Day) -> tuple[Tier, bool]:
    """The tier after the months, and whether it is provisional."""
    if evidence.tier is not None:
        return evidence.tier, False
    points = [point for point in evidence.points if point.day <= day.last]
    months = months_after(points[0].day, day.day) if points else []
    found = tier_after(None, points, months, day.versions)
    return (found, False) if found is not None else (_by_the_days(points, day), True)


def _by_the_days(points: Sequence[AumPoint], day: Day) -> Tier:
    """Of somebody who has not lived through a month's begin."""
    total, days = total_over(points, _lived(points, day)) if points else (0, 0)
    return tuple(Tier)[rank_of(total, days, day.rules)] if days else Tier.MASS


def _lived(points: Sequence[AumPoint], day: Day) -> Window:
    return Window(points[0].day, day.last)


def _tier_because(evidence: Evidence, tier: Tier, day: Day, *, provisional: bool) -> Sentence:
    if evidence.given:
        return saying.override_because(evidence.given[1], day.day)
    points = [point for point in evidence.points if point.day <= day.last]
    window = _lived(points, day) if provisional and points else window_before(day.day)
    total, days = total_over(points, window)
    begun = Window(max(window.first, points[0].day), window.last) if days else window
    return saying.tier_because(tier, total // days if days else None, begun, day.rules, day.day)
