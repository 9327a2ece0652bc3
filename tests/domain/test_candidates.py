"""How several hits are told apart without identifying anybody."""

from datetime import date

import pytest

from domain.candidates import Candidate, ToldApart, tell_apart
from domain.ids import CustomerId
from domain.policy import Relation
from domain.sharing import Setting
from domain.tier import Tier
from tests.policies import seen_by

TODAY = date(2026, 11, 23)
OWN, OTHERS = seen_by(Relation.OWN_BOOK), seen_by(Relation.IN_SCOPE)
REFERENCE = seen_by(Relation.OWN_BOOK, Setting.REFERENCE)


def candidate(number: int, name: str, place: str, born: int, tier: Tier) -> Candidate:
    return Candidate(CustomerId(f"C0000{number:03}"), name, place, date(born, 3, 8), tier)


FIRST = candidate(123, "王秀兰", "浦东", 1969, Tier.HIGH)
ELSEWHERE = candidate(124, "王秀兰", "静安", 1992, Tier.MASS)
TWIN = candidate(125, "王秀兰", "浦东", 1968, Tier.HIGH)
OTHER_NAME = candidate(126, "王芳", "浦东", 1968, Tier.HIGH)


@pytest.mark.parametrize(
    ("audience", "others", "told"),
    [
        (OWN, [ELSEWHERE], (("王秀兰",), (("浦东", "50多岁", "高净值"), ("静安", "30多岁", "大众")))),
        (OTHERS, [ELSEWHERE], (("王*兰",), (("浦东", "50多岁", "高净值"), ("静安", "30多岁", "大众")))),
        (OWN, [OTHER_NAME], (("浦东", "50多岁", "高净值"), (("王秀兰",), ("王芳",)))),
        (OWN, [TWIN], ((), (("王秀兰", "浦东", "50多岁", "高净值"),) * 2)),
        (OWN, [], ((), (("王秀兰", "浦东", "50多岁", "高净值"),))),
        (REFERENCE, [TWIN], (("浦东", "50多岁"), (("C0000123",), ("C0000125",)))),
    ],
)
def test_told_apart(audience, others, told):
    assert tell_apart([FIRST, *others], audience, TODAY) == ToldApart(*told)


def test_an_unknown_birthday_is_said_to_be_unknown():
    nobody_knows = Candidate(CustomerId("C9"), "王秀兰", "浦东", None, Tier.HIGH)
    assert tell_apart([FIRST, nobody_knows], OWN, TODAY).each == (("50多岁",), ("年龄未知",))
