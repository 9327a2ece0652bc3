"""The suitability section of a pack: every number, cell and step of a decision, each with what it rests on."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Limited

from domain.part import Key, Part, Sourced, Words
from domain.suitability.words import Leave, Level, Rating, Regime, Spared, Trigger

Matrix = Mapping[Level, Mapping[Rating, Leave]]


class Number(Sourced):
    """A number of days, years or whole yuan."""

    value: int = Limited(ge=0, le=10**12)


class Percent(Sourced):
    value: int = Limited(ge=0, le=100)


class RegimeRules(Sourced):
    """Which risk tests count under a regime, and which class may buy which rating."""

    assessments: tuple[Literal["bank", "fund", "securities"], ...] = Limited(min_length=1)
    matrix: Matrix


class KindRules(Part):
    """A kind of product: what blanks of its rows mean, what its seller must hold, what is signed at every sale.

    `own_rating`: a blank rating of the issuer is ours; `endless`: a blank term is none; `public`: a blank restriction
    is none. `spared` holds for the lowest rating alone.
    """

    label: Words
    own_rating: bool = False
    endless: bool = False
    public: bool = False
    qualification: Words | None = None
    spared: tuple[Spared, ...] = ()
    papers: tuple[Key, ...] = ()


class AgeRule(Sourced):
    """From an age and a rating on: more steps, or no sale."""

    years: int = Limited(ge=0, le=150)
    rating: Rating
    then: Literal["steps", "block"]


class RiskyShare(Sourced):
    """How much of a customer's assets may be in products rated `rating` or riskier, in percent, by class."""

    rating: Rating
    percent: Mapping[Level, Annotated[int, Limited(ge=0, le=100)]]


class Means(Sourced):
    """How much of the liquid assets one purchase may take, in percent, from an age on."""

    years: int = Limited(ge=0, le=150)
    percent: int = Limited(ge=0, le=100)


class LoanMoney(Sourced):
    """Loans paid out within `days` are not the customer's own money; those of `paid_to_others` never reached them."""

    days: int = Limited(ge=1, le=3_660)
    paid_to_others: tuple[Words, ...] = ()


class FirstPurchase(Sourced):
    """Who first buys one of these kinds takes the risk test at a branch."""

    kinds: tuple[Key, ...]
    channels: tuple[Words, ...] = Limited(min_length=1)


class Step(Part):
    """What has to be done, and by whom; `paper` is what is signed for it."""

    text: Words
    by: Words
    paper: Key | None = None


class Pool(Part):
    """What may be recommended to a class: kinds up to a rating, never beyond what the matrix allows."""

    up_to: Rating
    kinds: tuple[Key, ...] = Limited(min_length=1)


class Halt(Part):
    """Nothing is sold from a day through another: of these products, kinds, in these units; why stays in the pack."""

    products: tuple[Words, ...] = ()
    kinds: tuple[Key, ...] = ()
    units: tuple[Words, ...] = ()
    from_day: date
    until_day: date
    why: Words


class Table(Sourced):
    """All rules of one version."""

    regimes: Mapping[Regime, RegimeRules]
    kinds: Mapping[Key, KindRules]
    qualifications: Mapping[Key, Words]
    qualified: tuple[Words, ...]
    valid_days: Mapping[Literal["bank", "fund", "securities"], Number]
    outgrown: tuple[Number, ...]
    adult: Number
    identity_grace: Number
    review_grace: Number
    data_days: Number
    ages: tuple[AgeRule, ...]
    single: Percent
    risky: RiskyShare
    means: tuple[Means, ...] = Limited(min_length=1)
    loans: LoanMoney
    first: FirstPurchase
    large: Number
    papers: Mapping[Key, Words]
    steps: Mapping[Trigger, tuple[Step, ...]]
    pools: Mapping[Level, Pool]
    sellers: tuple[Words, ...] = Limited(min_length=1)
    halts: tuple[Halt, ...] = ()

    def papers_of(self, kind: str) -> tuple[str, ...]:
        """All that a sale of the kind may ask to be signed, with any of the steps."""
        of_steps = (step.paper for steps in self.steps.values() for step in steps if step.paper)
        return tuple(dict.fromkeys((*(self.kinds[kind].papers if kind in self.kinds else ()), *of_steps)))

    def sourced(self) -> Iterator[tuple[tuple[str | int, ...], str, Sourced]]:
        """Every part that rests on something: where it stands in the section, and the name people know it by."""
        yield (), "适当性规则", self
        for regime, rules in self.regimes.items():
            yield ("regimes", regime), f"{regime} 的匹配矩阵", rules
        for source, number in self.valid_days.items():
            yield ("valid_days", source), f"测评有效期（天，{source}）{number.value}", number
        for place, number in enumerate(self.outgrown):
            yield ("outgrown", place), f"满 {number.value} 岁须重新测评", number
        for place, age in enumerate(self.ages):
            yield ("ages", place), f"{age.years} 岁起买 {age.rating} 以上", age
        for place, part in enumerate(self.means):
            yield ("means", place), f"{part.years} 岁起一次最多用流动资产的 {part.percent}%", part
        yield from (
            (("adult",), f"成年 {self.adult.value} 岁", self.adult),
            (("identity_grace",), f"证件过期宽限 {self.identity_grace.value} 天", self.identity_grace),
            (("review_grace",), f"尽职调查到期宽限 {self.review_grace.value} 天", self.review_grace),
            (("data_days",), f"客户资料最多是 {self.data_days.value} 天前的", self.data_days),
            (("single",), f"单一产品最多占资产的 {self.single.value}%", self.single),
            (("risky",), f"{self.risky.rating} 以上产品的占比", self.risky),
            (("loans",), f"{self.loans.days} 天内发放的贷款不算自有资金", self.loans),
            (("first",), "首次购买须在网点测评", self.first),
            (("large",), f"大额 {self.large.value} 元起", self.large),
        )
