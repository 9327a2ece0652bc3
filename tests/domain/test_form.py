"""A form is planned onto what a phone can show, and each kind of field says what it accepts."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answer import LEFT_OUT, Rejected, Unresolved, read_answer
from domain.form import PAGE_KEY, SKIP_KEY, Answer, Direction, Field, Form, Kind, Option, When, fitting, kept, visible
from domain.given import Chosen, Given, Picked, Picture, Place, Skip, Text
from domain.steps import Step, Widget, step
from domain.steps import plan as planned_fields

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))  # a Monday


def choice(key: str, count: int, *, required: bool = True, when: When | None = None) -> Field:
    options = tuple(Option(key=f"o{n}", text=f"选项{n}") for n in range(1, count + 1))
    return Field(key=key, type=Kind.CHOICE, label=key, options=options, required=required, when=when)


def form(*fields: Field) -> Form:
    return Form(key="f", title="表", verb="visit.log", fields=fields)


def steps(made: Form, answers: dict[str, Answer]) -> list[Step]:
    return [step(fields, answers) for fields in planned_fields(made, answers)]


def plan(*fields: Field, answers: dict[str, Answer] | None = None) -> list[tuple[str, list[str]]]:
    return [(each.widget.value, list(each.keys)) for each in steps(form(*fields), answers or {})]


def test_only_the_purposes_of_the_post_are_offered_and_all_of_them_to_who_has_none() -> None:
    options = tuple(Option(key=key, text=text) for key, text in (("s", "服务"), ("c", "投诉"), ("d", "尽调")))
    asked = Field(key="p", type=Kind.CHOICE, label="目的", options=options, by_purpose=True)
    for purposes, left in ((("服务", "尽调"), "sd"), (("监管",), "scd"), ((), "scd")):
        made = fitting(form(TEXT, asked, choice("q", 3)), purposes)
        assert [[option.key for option in field.options] for field in made.fields] == [
            [],
            list(left),
            ["o1", "o2", "o3"],
        ]


TEXT = Field(key="t", type=Kind.TEXT, label="内容")


@pytest.mark.parametrize(
    ("count", "required", "widget"),
    [
        (2, True, Widget.BUTTONS),
        (4, False, Widget.BUTTONS),
        (5, True, Widget.CHOICE_LISTS),
        (10, True, Widget.CHOICE_LISTS),
        (10, False, Widget.VOTE),
        (11, True, Widget.VOTE),
        (20, True, Widget.VOTE),
        (20, False, Widget.PAGED),
        (21, True, Widget.PAGED),
        (500, True, Widget.PAGED),
    ],
)
def test_the_number_of_options_chooses_the_widget(count: int, required: bool, widget: Widget) -> None:
    assert step([choice("c", count, required=required)], {}).widget is widget


def test_long_words_do_not_become_buttons() -> None:
    options = (Option(key="a", text="十一个字的一个选项文字啊"), Option(key="b", text="短"))
    assert step([Field(key="c", type=Kind.CHOICE, label="c", options=options)], {}).widget is Widget.CHOICE_LISTS


def test_neighbouring_choices_share_a_card_of_three_lists() -> None:
    four = [choice(key, 3) for key in "abcd"]
    assert plan(*four) == [("choice_lists", ["a", "b", "c"]), ("buttons", ["d"])]
    assert plan(choice("a", 3), TEXT, choice("b", 3)) == [("buttons", ["a"]), ("text", ["t"]), ("buttons", ["b"])]
    assert plan(choice("a", 11), choice("b", 3)) == [("vote", ["a"]), ("buttons", ["b"])]


def test_a_dependent_choice_comes_on_a_later_card_whether_or_not_it_shows_yet() -> None:
    a, b, c = choice("a", 3), choice("b", 3, when=When(field="a", is_=("o1",))), choice("c", 3)
    one = Answer(value="o1", shown="选项1")
    assert plan(a, b, c) == [("buttons", ["a"]), ("buttons", ["c"])]
    assert plan(a, b, c, answers={"a": one}) == [("buttons", ["a"]), ("choice_lists", ["b", "c"])]


def test_pages_go_round_and_hold_every_option_once() -> None:
    field = choice("c", 25, required=False)
    pages = [step([field], {}, page) for page in range(3)]
    assert [each.pages for each in pages] == [3, 3, 3]
    keys = [entry.key for each in pages for entry in each.lists[0].entries[:-1]]
    assert keys == [*(f"o{n}" for n in range(1, 26)), SKIP_KEY]
    assert [each.lists[0].entries[-1].key for each in pages] == [f"{PAGE_KEY}{n}" for n in (1, 2, 0)]
    assert step([field], {}, 3).page == 0


KINDS = st.sampled_from([kind for kind in Kind if kind not in (Kind.CHOICE, Kind.MULTI_CHOICE)])


@st.composite
def forms(draw: st.DrawFn) -> Form:
    fields: list[Field] = []
    for index in range(draw(st.integers(1, 8))):
        key, required = f"f{index}", draw(st.booleans())
        conditions = [each for each in fields if each.type is Kind.CHOICE]
        source = draw(st.sampled_from(conditions)) if conditions and draw(st.booleans()) else None
        when = When(field=source.key, is_=(source.options[0].key,)) if source else None
        if draw(st.booleans()):
            fields.append(choice(key, draw(st.integers(2, 45)), required=required, when=when))
        else:
            fields.append(Field(key=key, type=draw(KINDS), label=key, required=required, when=when))
    return form(*fields)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, dict[str, Answer]]:
    made = draw(forms())
    answers: dict[str, Answer] = {}
    for field in made.fields:
        if field.type is Kind.CHOICE and draw(st.booleans()):
            option = draw(st.sampled_from(field.options[:2]))
            answers[field.key] = Answer(value=option.key, shown=option.text)
    return made, answers


def within_wecom_limits(each: Step) -> bool:
    sizes = [len(one.entries) for one in each.lists]
    keys = [[entry.key for entry in one.entries] for one in each.lists]
    unique = all(len(set(one)) == len(one) for one in keys)
    most = {Widget.BUTTONS: (1, 6), Widget.CHOICE_LISTS: (3, 10), Widget.VOTE: (1, 20), Widget.PAGED: (1, 10)}
    lists, entries = most.get(each.widget, (1, 4))
    return len(sizes) <= lists and all(1 <= size <= entries for size in sizes) and unique


@given(answered())
def test_every_step_of_every_form_fits_wecom(case: tuple[Form, dict[str, Answer]]) -> None:
    made, answers = case
    planned = steps(made, answers)
    assert all(within_wecom_limits(each) for each in planned)
    assert [key for each in planned for key in each.keys] == [field.key for field in visible(made, answers)]
    order = [field.key for field in made.fields]
    assert all(order.index(a.keys[-1]) < order.index(b.keys[0]) for a, b in pairwise(planned))
    for each in planned:
        assert not any(field.when and field.when.field in each.keys for field in each.fields)


@given(answered())
def test_an_answer_stays_only_while_its_question_is_asked(case: tuple[Form, dict[str, Answer]]) -> None:
    made, answers = case
    rest = kept(made, answers)
    assert kept(made, rest) == rest
    assert visible(made, rest) == visible(made, answers)
    for field in visible(made, rest):
        if field.when:
            assert rest[field.when.field].value in field.when.is_


WAYS = Field(
    key="way",
    type=Kind.CHOICE,
    label="方式",
    options=(
        Option(key="meeting", text="面访", aliases=("见面", "上门")),
        Option(key="call", text="电话", aliases=("打电话",)),
        Option(key="sms", text="短信"),
    ),
)
AGREED = Field(key="ok", type=Kind.FLAG, label="同意")
MANY = Field(key="m", type=Kind.MULTI_CHOICE, label="产品", options=WAYS.options, max=2)
NOTE = Field(key="n", type=Kind.TEXT, label="备注", max=5, required=False)
SUM = Field(key="s", type=Kind.AMOUNT, label="金额", min=100, max=1_000_000)
LATER = Field(key="l", type=Kind.MOMENT, label="回访", direction=Direction.FUTURE, required=False)
BEFORE = Field(key="b", type=Kind.MOMENT, label="几时", direction=Direction.PAST)
WHO = Field(key="w", type=Kind.CUSTOMER, label="客户")
PHOTO = Field(key="p", type=Kind.PHOTO, label="照片", required=False)
PLACE = Field(key="g", type=Kind.LOCATION, label="位置")


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        (WAYS, Text("电话"), "call"),
        (WAYS, Text("打电话"), "call"),
        (WAYS, Text(" 面 访 "), "meeting"),
        (WAYS, Text("2"), "call"),
        (WAYS, Text("３"), "sms"),
        (WAYS, Text("第1个"), "meeting"),
        (WAYS, Text("上"), "meeting"),
        (WAYS, Text("dianhua"), "call"),
        (WAYS, Text("店话"), "call"),
        (WAYS, Chosen(("sms",)), "sms"),
        (AGREED, Text("是"), True),
        (AGREED, Text("不要"), False),
        (AGREED, Chosen(("yes",)), True),
        (MANY, Text("短信、面访"), ["meeting", "sms"]),
        (MANY, Text("1,2"), ["meeting", "call"]),
        (MANY, Chosen(("sms", "call")), ["call", "sms"]),
        (NOTE, Text(" 很好\n的 "), "很好\n的"),
        (NOTE, Text("一二三四五"), "一二三四五"),
        (NOTE, Text("跳过"), None),
        (NOTE, Skip(), None),
        (SUM, Text("五十万"), 50_000_000),
        (SUM, Text("100"), 10_000),
        (LATER, Chosen((SKIP_KEY,)), None),
        (LATER, Text("不填。"), None),
        (WHO, Picked("C1", "王秀兰"), "C1"),
        (PHOTO, Picture("m1"), ["m1"]),
        (PHOTO, Text("跳过"), None),
        (PLACE, Place(31.2, 121.5, "浦东"), {"lat": 31.2, "lng": 121.5, "label": "浦东"}),
    ],
)
def test_what_is_understood(field: Field, said: Given, value: object) -> None:
    read = read_answer(field, said, NOW)
    assert isinstance(read, Answer)
    assert read.value == value
    assert read.shown


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        (WAYS, Text("传真"), "没看懂“传真”。请选一项：面访、电话、短信"),
        (WAYS, Text(""), "请选一项"),
        (WAYS, Text("4"), "没看懂“4”"),
        (WAYS, Text("跳过"), "这一项必须填"),
        (WAYS, Chosen(("fax",)), "没有选上"),
        (WAYS, Chosen(("sms", "call")), "只能选一项"),
        (WAYS, Chosen(()), "没有选上"),
        (WAYS, Picture("m1"), "请选一项"),
        (MANY, Text("面访、传真"), "没看懂"),
        (MANY, Text("1,2,3"), "选了 3 项"),
        (NOTE, Text("一二三四五六"), "写了 6 个字，超过了 5 个字"),
        (NOTE, Text("  "), "太短了"),
        (SUM, Text("99.99"), "金额太小"),
        (SUM, Text("一百万零一元"), "金额太大"),
        (SUM, Text("很多"), "。"),
        (LATER, Text("昨天下午三点"), "已经过去了"),
        (LATER, Text("随便"), "没看懂这个时间"),
        (BEFORE, Text("明天下午三点"), "还没有到"),
        (WHO, Text(" "), "请写客户的姓名"),
        (WHO, Place(1, 2, ""), "请写客户的姓名"),
        (PHOTO, Text("没有"), "不填请回“跳过”"),
        (PLACE, Text("浦东"), "选“位置”发送"),
    ],
)
def test_what_is_not_understood_is_told_what_is(field: Field, said: Given, words: str) -> None:
    read = read_answer(field, said, NOW)
    assert isinstance(read, Rejected)
    assert read.field == field.key
    assert words in read.reason


def test_a_name_is_left_to_a_search() -> None:
    assert read_answer(WHO, Text("　王秀兰 "), NOW) == Unresolved("王秀兰")


@given(st.text(max_size=30), st.sampled_from([WAYS, AGREED, MANY, NOTE, SUM, LATER, BEFORE, WHO, PHOTO, PLACE]))
def test_any_text_gets_an_answer_or_a_reason(text: str, field: Field) -> None:
    read = read_answer(field, Text(text), NOW)
    if isinstance(read, Rejected):
        assert read.field == field.key
        assert read.reason.endswith("。")
    if isinstance(read, Answer) and read.value is None:
        assert read == LEFT_OUT
        assert not field.required
