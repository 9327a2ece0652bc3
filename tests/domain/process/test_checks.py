"""Every way to break a process is named with line and column before it is published; the shipped one is right."""

from pathlib import Path

import pytest

from domain.pack import PackError, load_pack
from domain.process.picture import mermaid
from tests.domain.process.case_bank import COMPLAINT

PROPOSE_BY = "      who: [{role: handler}]\n      form: propose\n"
LEFT3 = (
    "left3, label: 剩三日, rank: 5, before: left3, hour: 9, "
    "to: [{role: handler}, {role: supervisor}, {post: 投诉管理岗, at: "
)
LEFT3 += "head_office}, {post"
SUBMIT = "      to: proposed\n"


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("key: withdrawn, label: 已撤回", "key: closed, label: 已撤回", "process.states[10].key", "状态“closed”重复了"),
        ("{key: draft, label: 待登记, kind: initial}", "{key: draft, label: 待登记, kind: open}", "process.states",
         "也只能有一个 kind: initial"),
        ("{key: reviewing, label", "{key: open, label: 开着, kind: open}\n    - {key: reviewing, label",
         "process.states[7].key", "请换一个键"),
        ("kind: initial}", "kind: begin}", "process.states[0].kind", "“begin”不在可用的值里"),
        ("{key: reviewing, label", "{key: lost, label: 迷路, kind: open}\n    - {key: reviewing, label",
         "process.states[7].key", "状态“迷路”到不了"),
        (SUBMIT, "      to: propsed\n", "process.actions[10].to", "没有叫“propsed”的状态"),
        ("      from: [approved]", "      from: [aproved]", "process.actions[11].from[0]", "没有叫“aproved”的状态"),
        (PROPOSE_BY, "      form: propose\n", "process.actions[10].who", "缺少必填的“who”"),
        (PROPOSE_BY, "      who: []\n      form: propose\n", "process.actions[10].who", "至少要有 1 项"),
        (PROPOSE_BY, "      who: [{role: handlr}]\n      form: propose\n", "process.actions[10].who[0].role",
         "没有叫“handlr”的角色"),
        (PROPOSE_BY, "      who: [{role: handler, rm: true}]\n      form: propose\n", "process.actions[10].who[0]",
         "也只能写一个"),
        (PROPOSE_BY, "      who: [{role: handler}]\n      form: propse\n", "process.actions[10].form",
         "没有叫“propse”的表单"),
        ("      form: propose\n", "      form: propose\n      colour: red\n", "process.actions[10].colour", "不认识的键"),
        ("who: [{role: supervisor}, {superior: handler}, {head: sub_branch}]", "who: [{role: handler}]",
         "process.actions[10].approval.who", "自己批自己"),
        ("        key: ext2\n", "        key: ext1\n", "process.actions[21].approval.key", "审批“ext1”重复了"),
        ("        label: 延期审批\n        bound: false", "        label: 延期审批", "process.actions[19].approval.bound",
         "请写 bound: false"),
        ("to: [{head: branch}],", "to: [],", "process.deadlines[5].ladder[0].to", "至少要有 1 项"),
        ("to: [{head: branch}], instead", "to: [{post: 分行行长}], instead",
         "process.deadlines[5].ladder[0].to[0].post", "这里要写 at"),
        ("until: reply_by", "until: document_no", "process.deadlines[6].until", "“document_no”问的不是时间"),
        ("until: reply_by", "until: reply_bye", "process.deadlines[6].until", "没有哪张表单会填“reply_bye”"),
        ("length: [{figure: vip_hours", "until: reply_by\n      length: [{figure: vip_hours",
         "process.deadlines[5].until", "只能用于自然日"),
        ("instead: [{post: 总行分管高管, at: head_office}, {post: 投诉管理岗, at: head_office}]", "hour: 9",
         "process.deadlines[5].ladder[0].hour", "只能用于自然日"),
        ("instead: [{post: 总行分管高管, at: head_office}, {post: 投诉管理岗, at: head_office}]",
         "instead: [{head: branch}]", "process.deadlines[5].ladder[0].instead", "等于没有写"),
        ("before: left5, hour: 9, to: [{role: reviewer}]", "before: left5, hour: 25, to: [{role: reviewer}]",
         "process.deadlines[8].ladder[0].hour", "不能大于 23"),
        ("letter: C", "letter: c1", "process.letter", "“c1”的写法不对"),
        ("face: {fields: [严重度, 投诉原因]", "face: {fields: [严重度, 投诉原由]", "process.face.fields[1]",
         "字段字典里没有“投诉原由”"),
        ("story: summary", "story: sumary", "process.face.story", "没有哪张表单会填“sumary”"),
        ("same: [code_c]", "same: [code_d]", "process.face.same[0]", "没有哪张表单会填“code_d”"),
        ("confidential: 性质 等于 举报", "confidential: 性质 等于 检举", "process.confidential", "没有“检举”"),
        ("      main: true\n      from: [registered]", "      main: true\n      from: [registerd]",
         "process.actions[1].from[0]", "没有叫“registerd”的状态"),
        ("      main: true\n      from: [reviewing]\n      to: closed\n      who: [{role: reviewer}]",
         "      main: true\n      from: [reviewing]\n      to: closed\n      who: [{post: 投诉管理岗}]",
         "process.actions[24].main", "who 的第一条要写 role"),
        ("links: linked", "links: link", "process.actions[5].links", "没有叫“link”的文字题"),
        ("        required: false\n        later: true\n      - key: photo", "        later: true\n      - key: photo",
         "forms[0].fields[14].later", "要写 required: false"),
        ("      clocks: {start: [review]}", "      clocks: {start: [reviews]}", "process.actions[23].clocks.start[0]",
         "没有叫“reviews”的时限"),
        ("      clocks: {start: [review]}\n", "", "process.deadlines[8].key", "没有哪个操作开始“核查决定”"),
        ("{figure: vip_hours, when", "{figure: vip_hour, when", "process.deadlines[5].length[0].figure",
         "没有叫“vip_hour”的数字"),
        ("{figure: vip_hours, when", "{figure: pause_days, when", "process.deadlines[5].length[0].figure",
         "单位是 workdays"),
        ("{pause: [ack, contact, propose, resolve]}", "{pause: [statutory]}", "process.actions[6].clocks.pause[0]",
         "永远不能暂停"),
        ("      clocks: {resume: [ack, contact, propose, resolve]}", "      clocks: {resume: [statutory]}",
         "process.deadlines[3].key", "却没有哪个操作恢复它"),
        ("when: 告知后 不少于 1天", "when: 告知后 不少于 1元", "process.actions[15].when", "规则第 1 行第 9 个字：“告知后”是时长"),
        ("when: 告知后 不少于 1天", "when: 通知后 不少于 1天", "process.actions[15].when", "不认识“通知后”"),
        ("涉及金额 不少于 50万", "涉及金额 不少于", "process.conclusions[0].findings[1].when", "少了一个值"),
        ("when: 严重度 等于 S1}\n        - {figure: ack_s2", "when: 严重度 等于 S9}\n        - {figure: ack_s2",
         "process.deadlines[0].length[0].when", "没有“S9”，可用：S4、S3、S2、S1"),
        ("- {value: S4, when", "- {value: S5, when", "process.conclusions[0].findings[4].value", "“严重度”没有“S5”"),
        ("on: [file, transfer, object]", "on: [file, transfr, object]", "process.conclusions[0].on[1]",
         "没有叫“transfr”的操作"),
        ("type: text, case: plan}", "type: money, case: plan}", "fields[13].type", "与表单里“plan”的类型不符"),
        ("type: text, case: plan}", "type: text, case: plam}", "fields[13].case", "没有哪张表单、结论或操作会填“plam”"),
        ("since: inform}", "since: informed}", "fields[21].since", "没有叫“informed”的操作"),
        ("[大众, 富裕, 高净值, 超高净值], ordered: true}", "[], ordered: true}", "fields[18]", "要写 words"),
        ("set: {ext1_told: true}", "set: {ext1_tld: true}", "process.actions[20].set.ext1_tld", "没有 case: ext1_tld"),
        ("text: 请审批处理方案\n", 'text: "请审批：{方按}"\n', "process.actions[10].approval.text",
         "花括号里不认识的字段：方按"),
        ("text: 请审批处理方案\n", 'text: "请审批：{方案"\n', "process.actions[10].approval.text", "花括号没有配对"),
        ("assign: [reviewer]", "assign: [reviewr]", "process.actions[23].assign[0]", "没有叫“reviewr”的角色"),
        ("- {answer: to_person}", "- {answer: to_persn}", "process.roles[0].choose[0].answer", "没有哪张表单会填“to_persn”"),
        (LEFT3,
         LEFT3.replace("rank: 5", "rank: 1"),
         "process.deadlines[4].ladder", "级别要从低到高写"),
        (" source: 立项要求：超过 24 小时未关闭升级分行行长,", "",
         "process.figures[28].source", "缺少必填的“source”"),
    ],
)  # fmt: skip
def test_each_broken_process_is_caught_where_it_is_broken(old: str, new: str, place: str, message: str) -> None:
    assert COMPLAINT.count(old) == 1
    found = [each for each in problems(COMPLAINT.replace(old, new)) if f"（{place}）" in each and message in each]
    assert len(found) == 1
    assert found[0].startswith("第 ")


def test_a_dead_end_is_caught() -> None:
    trapped = COMPLAINT.replace("      to: withdrawn\n", "").replace("[reviewing]\n      to: closed", "[reviewing]")
    assert any("（process.states[7].key）：状态“核查中”是死胡同" in each for each in problems(trapped))


def test_a_deadline_that_nobody_hears_of_is_caught() -> None:
    review = (
        "      ladder:\n        - {key: left5, label: 剩五日, rank: 2, before: left5, hour: 9, to: [{role: reviewer}]"
    )
    text = COMPLAINT[: COMPLAINT.index(review)]
    rest = COMPLAINT[COMPLAINT.index("  actions:\n") :]
    assert any("没有一级提醒（ladder）" in each for each in problems(text + rest))


def test_the_picture_shows_every_state_and_action() -> None:
    process = load_pack(COMPLAINT).process
    assert process is not None
    drawn = mermaid(process)
    assert drawn.startswith("stateDiagram-v2\n")
    assert all(f"as {state.key}\n" in drawn for state in process.states)
    assert all(action.label in drawn for action in process.actions)
    assert "    [*] --> draft\n" in drawn
    assert "    proposed --> handling: 方案审批 退回、收回方案\n" in drawn


def test_every_number_says_where_it_is_from() -> None:
    process = load_pack(COMPLAINT).process
    assert process is not None
    unverified = {figure.key for figure in process.figures if not figure.verified}
    assert {"inform_days", "review_days", "regulator_days"} <= unverified
    assert all(figure.source for figure in process.figures)


@pytest.mark.parametrize(
    "word", ["complaint", "registered", "handling", "informed", "statutory", "vip", "投诉", "受理"]
)
def test_the_engine_knows_no_complaint(word: str) -> None:
    for file in sorted((Path(__file__).parents[3] / "domain" / "process").glob("*.py")):
        text = file.read_text("utf-8")
        assert f'"{word}"' not in text
