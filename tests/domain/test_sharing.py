"""What leaves through WeCom: the table of decision 11, and that no surface gets around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scope import Relation
from domain.sharing import (
    Audience,
    Datum,
    Field,
    Form,
    Setting,
    Surface,
    disclosed,
    first_shown,
    form_for,
    redact,
    title_of,
)
from tests.policies import seen_by

WAN = 10_000 * 100
OWN, TEAM, OTHERS = Relation.OWN_BOOK, Relation.SERVICE_TEAM, Relation.IN_SCOPE
FULL, MASKED, REFERENCE = Setting.FULL_NAME, Setting.MASKED, Setting.REFERENCE


@pytest.mark.parametrize(
    ("field", "relation", "setting", "form"),
    [
        (Field.NAME, OWN, FULL, Form.PLAIN),
        (Field.NAME, TEAM, FULL, Form.PLAIN),
        (Field.NAME, OTHERS, FULL, Form.MASKED),
        (Field.NAME, OWN, MASKED, Form.MASKED),
        (Field.NAME, OTHERS, MASKED, Form.MASKED),
        (Field.NAME, OWN, REFERENCE, Form.WITHHELD),
        (Field.CUSTOMER_NUMBER, OWN, FULL, Form.PLAIN),
        (Field.CUSTOMER_NUMBER, OWN, MASKED, Form.PLAIN),
        (Field.CUSTOMER_NUMBER, OWN, REFERENCE, Form.PLAIN),
        (Field.CUSTOMER_NUMBER, OTHERS, FULL, Form.MASKED),
        (Field.AMOUNT, OWN, FULL, Form.WAN),
        (Field.AMOUNT, TEAM, FULL, Form.WAN),
        (Field.AMOUNT, OTHERS, FULL, Form.BAND),
        (Field.AMOUNT, OWN, MASKED, Form.BAND),
        (Field.AMOUNT, OWN, REFERENCE, Form.WITHHELD),
        (Field.GROWTH, OWN, FULL, Form.PLAIN),
        (Field.GROWTH, OTHERS, FULL, Form.BAND),
        (Field.GROWTH, OWN, MASKED, Form.BAND),
        (Field.GROWTH, OWN, REFERENCE, Form.WITHHELD),
        (Field.PERSONAL, OWN, FULL, Form.PLAIN),
        (Field.PERSONAL, OTHERS, FULL, Form.WITHHELD),
        (Field.TIER, OTHERS, FULL, Form.PLAIN),
        (Field.TIER, OWN, REFERENCE, Form.WITHHELD),
        (Field.PROFILE, OTHERS, REFERENCE, Form.PLAIN),
    ],
)
def test_share_to_wecom(field, relation, setting, form):
    assert form_for(field, seen_by(relation, setting)) is form


@pytest.mark.parametrize("field", [Field.ID_NUMBER, Field.MOBILE, Field.ADDRESS, Field.NOTE])
@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("setting", list(Setting))
def test_what_never_leaves(field, relation, setting):
    assert form_for(field, seen_by(relation, setting)) is Form.WITHHELD


@pytest.mark.parametrize("relation", list(Relation))
def test_the_page_masks_identifiers_always_and_shows_no_notes(relation):
    page = seen_by(relation, surface=Surface.PAGE)
    assert {form_for(field, page) for field in (Field.ID_NUMBER, Field.MOBILE, Field.ADDRESS)} == {Form.MASKED}
    assert form_for(Field.NOTE, page) is Form.WITHHELD


@pytest.mark.parametrize(
    ("relation", "setting", "text"),
    [
        (OWN, FULL, "王秀兰 1,234.57 万 C1"),
        (TEAM, FULL, "王秀兰 1,234.57 万 C1"),
        (OTHERS, FULL, "王*兰 1000–5000 万 C1"),
        (OWN, MASKED, "王*兰 1000–5000 万 C1"),
        (OWN, REFERENCE, None),
    ],
)
def test_redact(relation, setting, text):
    sentence = (Datum(Field.NAME, "王秀兰"), " ", Datum(Field.AMOUNT, 1_234_567_890), " ", Datum(Field.RISK, "C1"))
    assert redact(sentence, seen_by(relation, setting)) == text


@pytest.mark.parametrize(
    ("relation", "setting", "title"),
    [
        (OWN, FULL, "王秀兰 · 客户号 C0000123"),
        (OTHERS, FULL, "王*兰 · 客户号 尾号0123"),
        (OWN, MASKED, "王*兰 · 客户号 C0000123"),
        (OWN, REFERENCE, "客户号 C0000123"),
        (OTHERS, REFERENCE, "客户号 尾号0123"),
    ],
)
def test_title(relation, setting, title):
    assert title_of("王秀兰", "C0000123", seen_by(relation, setting)) == title


@given(st.text("C0123456789", min_size=1, max_size=12))
def test_a_masked_number_never_shows_the_whole(number):
    assert redact((Datum(Field.CUSTOMER_NUMBER, number),), seen_by(OTHERS)) != f"尾号{number}"


SECRETS = {
    Field.NAME: "王秀兰",
    Field.ID_NUMBER: "990101197006011234",
    Field.MOBILE: "19900001234",
    Field.ADDRESS: "上海市浦东新区示例路1号302室",
    Field.NOTE: "客户想换行",
    Field.PERSONAL: "示例教师",
    Field.CUSTOMER_NUMBER: "C0000123",
}
data = st.sampled_from(sorted(SECRETS)).map(lambda field: Datum(field, SECRETS[field]))
money = st.integers(0, 9000 * WAN).map(lambda fen: Datum(Field.AMOUNT, fen))
sentences = st.lists(st.just("、") | data | money, max_size=6).map(tuple)
circles = st.tuples(st.sampled_from(Relation), st.sampled_from(Setting), st.sampled_from([Surface.WECOM, Surface.PAGE]))


@given(sentences, circles)
def test_no_surface_gets_around_the_table(sentence, circle):
    relation, _, surface = circle
    said = redact(sentence, seen_by(*circle))
    if said is None:
        return
    never = (Field.ID_NUMBER, Field.MOBILE, Field.ADDRESS, Field.NOTE)
    plain_for_others = (Field.NAME, Field.PERSONAL, Field.CUSTOMER_NUMBER)
    hidden = never + (plain_for_others if relation not in (OWN, TEAM) else ())
    assert not [field for field in hidden if SECRETS[field] in said]
    fields = {part.field for part in sentence if isinstance(part, Datum)}
    if surface is Surface.WECOM:
        assert not fields & set(never)


@given(st.integers(0, 9000 * WAN), st.integers(0, 9000 * WAN))
def test_amounts_of_one_band_read_alike_to_others(one, two):
    def read(fen: int) -> str | None:
        return redact((Datum(Field.AMOUNT, fen),), seen_by(OTHERS))

    bounds = [0, 1, 5, 20, 50, 100, 600, 1000, 5000]
    same_band = all((one >= bound * WAN) == (two >= bound * WAN) for bound in bounds)
    assert (read(one) == read(two)) is same_band


@given(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000), circles)
def test_no_exact_share_stands_beside_a_band(one, two, circle):
    """Whoever reads amounts in bands learns of a change three steps and no number."""
    audience = seen_by(*circle)

    def read(permille: int) -> str | None:
        return redact((Datum(Field.GROWTH, permille),), audience)

    if redact((Datum(Field.AMOUNT, 0),), audience) != "不足 1 万":
        return
    assert read(one) in {"小幅", "明显", "大幅"}
    assert (read(one) == read(two)) is all((abs(one) < bound) == (abs(two) < bound) for bound in (50, 200))


def test_what_was_shown_is_named_for_the_audit_record():
    lines = [
        (Datum(Field.NAME, "王秀兰"),),
        (Datum(Field.AMOUNT, 5),),
        (Datum(Field.NOTE, "x"), Datum(Field.TIER, "大众")),
    ]
    assert disclosed(lines, seen_by(OTHERS)) == ("amount:band", "name:masked")
    assert disclosed(lines, seen_by(OWN)) == ("amount:wan", "name:plain")
    assert disclosed(lines, seen_by(OWN, REFERENCE)) == ()


def test_nothing_to_say_is_empty():
    assert first_shown([(Datum(Field.NOTE, "x"),)], seen_by(OWN)) == ""


@pytest.mark.parametrize(
    "part", [Datum(Field.PROFILE, "某支行"), Datum(Field.AMOUNT, 5 * WAN), Datum(Field.GROWTH, 70)], ids=str
)
def test_a_form_that_a_value_cannot_take_shows_nothing(part):
    """A policy that asks for a mask where there is none must not lay the value open."""
    unfit = Form.BAND if isinstance(part.value, str) else Form.MASKED
    assert redact((part,), Audience(OWN, {OWN: {part.field: unfit}})) is None
    assert disclosed([(part,)], Audience(OWN, {OWN: {part.field: unfit}})) == ()


def test_who_was_given_no_forms_reads_nothing():
    assert [redact((Datum(field, "x"),), Audience(OWN, {})) for field in Field] == [None] * len(Field)
