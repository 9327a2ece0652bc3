"""Pack templates: what a business author may write, what is refused, and that nothing hostile costs time."""

import time

import pytest

from cards.leaf import TemplateRefused
from cards.template import check, compile_template
from cards.wecom import read_card

CARD = {
    "card_type": "button_interaction",
    "task_id": "{{ task_id }}",
    "main_title": {"title": "{{ customer.name }} · {{ customer.tier|default('大众') }}"},
    "sub_title_text": {"$if": "advice", "$show": "建议: {{ advice|fit(20) }}"},
    "horizontal_content_list": {
        "$each": "lines",
        "$as": "line",
        "$show": {"keyname": "{{ line.name }}", "value": "{{ line.value }}{% if line.late %} (逾期){% endif %}"},
    },
    "button_list": [
        {"text": "记拜访", "style": 1, "key": "visit.{{ revision }}"},
        {"$each": "more", "$as": "one", "$show": {"text": "{{ one }}", "key": "{{ one }}.{{ revision }}"}},
    ],
}
DATA = {
    "task_id": "t-1",
    "revision": 7,
    "customer": {"name": "王秀兰", "tier": ""},
    "advice": "",
    "lines": [{"name": "到期", "value": "11-30", "late": True}, {"name": "风险", "value": "C3", "late": False}],
    "more": ["查看"],
}


def test_a_card_from_data():
    assert read_card(compile_template(CARD).render(DATA)).dump() == {
        "card_type": "button_interaction",
        "task_id": "t-1",
        "main_title": {"title": "王秀兰 · 大众"},
        "horizontal_content_list": [
            {"keyname": "到期", "value": "11-30 (逾期)"},
            {"keyname": "风险", "value": "C3"},
        ],
        "button_list": [
            {"text": "记拜访", "key": "visit.7", "style": 1},
            {"text": "查看", "key": "查看.7", "style": 1},
        ],
    }


def test_check_finds_nothing_in_a_good_card():
    assert check(CARD, DATA) == ()


@pytest.mark.parametrize(
    ("change", "data", "problem"),
    [
        ({"main_title": {"title": "{{ custmer.name }}"}}, {}, ("card.main_title.title", "没有这个数据")),
        ({"main_title": {"title": "{{ customer.nme }}"}}, {}, ("card.main_title.title", "没有这个数据")),
        ({"main_title": {"title": "{% if %}"}}, {}, ("card.main_title.title", "模板写法有误")),
        ({"main_title": {"$each": "lines"}}, {}, ("card.main_title", "只能写 $each")),
        ({"task_id": "任务"}, {}, ("button_interaction.task_id", "格式不对")),
        ({}, {"more": ["记", "录", "拜", "访", "客", "户"]}, ("button_interaction.button_list", "最多 6 项")),
        ({}, {"more": ["查", "查"]}, ("button_interaction.button_list", "不能重复")),
        ({}, {"lines": "abc"}, ("card.horizontal_content_list", "没有列表 lines")),
        ({"colour": "red"}, {}, ("button_interaction.colour", "没有这个字段")),
    ],
)
def test_check_names_the_place(change, data, problem):
    [found] = check(CARD | change, DATA | data)
    assert found.path == problem[0]
    assert problem[1] in found.rule


class Customer:
    """What must never come near a template."""

    id_card = "110101"

    def delete(self):
        raise AssertionError("executed")


@pytest.mark.parametrize("value", [Customer(), Customer, 1.5, b"x", (1,), {1}, [[Customer()]], {Customer(): 1}, 10**30])
def test_only_plain_data_gets_in(value):
    with pytest.raises(TemplateRefused, match="模板数据里"):
        compile_template({"title": "{{ 1 }}"}).render({"value": value})


HOSTILE = [
    "{{ '%500000000s'|format('x') }}",
    "{{ '%500000000s' % 1 }}",
    "{{ 'x' * 500000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 9 // 0 }}",
    "{{ text ~ text }}",
    "{{ text + text }}",
    "{{ range(999999999)|join }}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in many %}{% for b in many %}{% for c in many %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ text.__class__.__mro__[1].__subclasses__() }}",
    "{{ text['__class__'] }}",
    "{{ text|attr('__class__') }}",
    "{{ text.upper() }}",
    "{{ text.upper }}",
    "{{ many.pop }}",
    "{{ record.items }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler('a') }}",
    "{{ lipsum(n=9999999) }}",
    "{{ namespace(a=1) }}",
    "{% set a = text %}{{ a }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'x' %}",
    "{% import 'x' as x %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% filter default %}{{ text }}{% endfilter %}",
    "{% call text() %}{% endcall %}",
    "{% with a=text %}{{ a }}{% endwith %}",
    "{{ text|center(500000000) }}",
    "{{ text|fit(500000000) }}",
    "{{ text|fit(number) }}",
    "{{ text|join(text) }}",
    "{{ text|replace('x', text) }}",
    "{{ text|default(text, boolean=true) }}",
    "{{ many|join(*many) }}",
    "{{ many[number] }}",
    "{{ text[::-1] }}",
    "{{ text is sequence }}",
    "{{ missing }}",
    "{{ " + "(" * 4000 + ")" * 4000 + " }}",
    "{{ " + "not " * 2000 + "1 }}",
    "{{ " + "[" * 3000 + " }}",
    "{{ text" + "|length" * 1000 + " }}",
    "{{ text" + ".a" * 3000 + " }}",
    "{{ " + "9" * 8000 + " }}",
    "{{ " + "1 if 1 else " * 600 + "1 }}",
    "{% if 1 %}" * 400,
    "{% if 1 %}" * 300 + "{% endif %}" * 300,
    "{{ text }}" * 800,
    "{{ many|join(text) }}",
    "{{" * 4000,
    "{%" * 4000,
    "{#" * 4000,
    "{{ '" + "\\" * 8000,
    "x" * 9000 + "{{ 1 }}",
]
HOSTILE_DATA = {"text": "x" * 30_000, "many": list(range(200)), "number": 3, "record": {"a": 1}}


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_leaf_is_refused_at_once(source):
    """The quickest of three: a collection of everybody's garbage in between is not its fault."""
    assert min(_refused_within(source) for _ in range(3)) < 0.1


def _refused_within(source):
    started = time.thread_time()
    with pytest.raises(TemplateRefused):
        compile_template({"title": source}).render(HOSTILE_DATA)
    return time.thread_time() - started


GREEDY = [
    ("{{ many|join('" + "y" * 100 + "') }}", 200),
    ("{% if text == same %}{% endif %}" * 200, 200),
    ("{{ text|fit(200) }}" * 300, 200),
    ("{% if many|join %}{% endif %}" * 250, 200),
    ("{% if 'zz' in text %}{% endif %}" * 250, 200),
    ("{{ '' }}" * 800, 200),
    ("y" * 8000, 200),
]


@pytest.mark.parametrize(("source", "times"), GREEDY, ids=range(len(GREEDY)))
def test_repeating_a_greedy_leaf_runs_out_of_budget(source, times):
    template = compile_template({"list": {"$each": "many", "$as": "one", "$show": {"a": source}}})
    half = "x" * 15_000
    started = time.process_time()
    with pytest.raises(TemplateRefused, match="输出太大"):
        template.render({"text": half, "same": half[:-1] + "y", "many": list(range(times))})
    assert time.process_time() - started < 0.1


def test_a_dictionary_key_beats_a_method_of_its_name():
    assert (
        compile_template({"a": "{{ r.items }}-{{ r['keys'] }}"}).render({"r": {"items": "A", "keys": "B"}})["a"]
        == "A-B"
    )


def test_text_of_a_customer_is_not_a_template():
    assert compile_template({"a": "{{ note }}"}).render({"note": "{{ 7*7 }}<b>"})["a"] == "{{ 7*7 }}<b>"


def test_self_containing_data_is_refused():
    loop = {}
    loop["again"] = loop
    with pytest.raises(TemplateRefused, match="嵌套太深"):
        compile_template({"a": "x"}).render(loop)


def test_a_deep_structure_is_refused():
    deep = "x"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(TemplateRefused, match="嵌套太深"):
        compile_template({"a": deep})
