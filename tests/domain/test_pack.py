"""A pack is refused with line and column of everything that is wrong, and the default one is right."""

from pathlib import Path

import pytest

from domain.pack import PackError, load_pack, pack_schema

DEFAULT = (Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8")

SMALL = """\
format_version: 1
name: small
version: 3
commands:
  - key: visit
    verb: visit.log
    word: 拜访
    usage: 拜访
    example: 拜访
    help: 记一次。
    form: visit
controls:
  - {key: cancel, word: 取消}
forms:
  - key: visit
    title: 登记
    verb: visit.log
    fields:
      - key: kind
        type: choice
        label: 方式
        options:
          - {key: call, text: 电话}
          - {key: sms, text: 短信}
      - key: notes
        type: text
        label: 内容
entry:
  - {posts: ["*"], title: 您好, commands: [visit]}
menu:
  - {name: 记拜访, command: visit}
"""


def problems(text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(PackError) as caught:
        load_pack(text)
    return [(each.line, each.column, each.path, each.message) for each in caught.value.problems]


def test_the_default_pack_is_right() -> None:
    pack = load_pack(DEFAULT)
    assert [command.word for command in pack.commands] == [
        "管理",
        "审计",
        "授权",
        "权限预览",
        "查",
        "拜访",
        "投诉",
        "案件",
        "待办",
        "适当性",
        "推荐",
        "分层",
        "调层",
        "隐私",
        "登记同意",
        "冻结",
        "解冻",
        "保全",
        "解除保全",
        "到期数据",
        "个人信息",
        "导出",
        "我的",
        "委托",
        "交接",
        "撤回交接",
        "停用",
        "恢复",
        "关系",
        "紧急查看",
        "切岗",
        "帮助",
    ]
    assert [field.key for field in pack.form("visit").fields] == [
        "customer", "kind", "result", "notes", "photo", "location", "follow_up",
    ]  # fmt: skip
    assert pack.entry_card(["客户经理"]).commands == ("todo", "query", "visit", "complaint", "case", "mine")
    assert pack.entry_card(["审计员"]).commands == ("audit", "todo", "case", "grant", "retention", "help")
    assert pack.texts.fill("parked", title="拜访登记").startswith("“拜访登记”先搁下了")


def test_the_small_pack_is_right() -> None:
    assert load_pack(SMALL).version == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "path", "message"),
    [
        ("name: small", "nmae: small", 1, 1, "name", "缺少必填的“name”"),
        ("version: 3", "version: 三", 3, 10, "version", "应当是整数"),
        ("verb: visit.log\n    word", "verb: visit.lgo\n    word", 6, 11, "commands[0].verb", "“visit.lgo”不在可用的值里"),
        ("    form: visit", "    form: vist", 11, 11, "commands[0].form", "没有叫“vist”的表单"),
        ("word: 取消", "word: 拜访", 13, 25, "controls[0].word", "“拜访”已经是别的命令或控制词"),
        ("title: 登记\n    verb: visit.log", "title: 登记\n    verb: visit.x", 17, 11, "forms[0].verb", "不认识的动作“visit.x”"),
        ("type: choice", "type: chioce", 20, 15, "forms[0].fields[0].type", "“chioce”不在可用的值里"),
        ("key: sms", "key: call", 24, 19, "forms[0].fields[0].options[1].key", "选项“call”重复了"),
        ("text: 短信", "text: 电话", 24, 30, "forms[0].fields[0].options[1].text", "选项的说法“电话”重复了"),
        ("text: 短信", "text: 一二三四五六七八九十一二三四五六七", 24, 30, "forms[0].fields[0].options[1].text", "太长了，最多 16 个字"),
        ("type: text", "type: text\n        when: {field: kin, is: [call]}", 27, 23,
         "forms[0].fields[1].when.field", "“kin”不是排在前面的字段"),
        ("type: text", "type: text\n        when: {field: kind, is: [fax]}", 27, 34,
         "forms[0].fields[1].when.is[0]", "字段“kind”没有选项“fax”"),
        ("type: text", "type: text\n        colour: red", 27, 17, "forms[0].fields[1].colour", "不认识的键“colour”，请检查拼写"),
        ("commands: [visit]", "commands: [visti]", 29, 42, "entry[0].commands[0]", "没有叫“visti”的命令"),
        ('posts: ["*"]', "posts: [主管]", 28, 1, "entry", "缺少一张给所有岗位的卡片"),
        ("name: 记拜访", "name: 登记一次拜访", 31, 12, "menu[0].name", "菜单名“登记一次拜访”有 18 字节，最多 16 字节"),
        ("    verb: visit.log\n    word", "    verb: help.show\n    enabled: false\n    word", 7, 14,
         "commands[0].enabled", "“拜访”不能停用"),
        ("version: 3", "version: [3", 4, 9, "", "YAML 写法不对"),
        ("name: small", "name: small\nname: other", 3, 1, "", "YAML 写法不对：同一处有重复的键"),
        ("menu:", "texts: {parked: '搁下 {tilte}'}\nmenu:", 30, 1, "texts", "“parked”里不认识的名字：tilte"),
        ("menu:", "texts: {parked: '搁下 {title'}\nmenu:", 30, 1, "texts", "花括号没有配对"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_where_it_stands(
    old: str, new: str, line: int, column: int, path: str, message: str
) -> None:
    assert SMALL.count(old) == 1
    found = [each for each in problems(SMALL.replace(old, new)) if each[:3] == (line, column, path)]
    assert len(found) == 1
    assert message in found[0][3]


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    broken = SMALL.replace("    form: visit", "    form: nowhere").replace("commands: [visit]", "commands: [nothing]")
    assert [each[0] for each in problems(broken)] == [11, 29]


@pytest.mark.parametrize(
    "text",
    ["", "- a\n- b\n", "just words", "a: &x [*x]\n", "\x00", "a: !!python/object:os.system {}\n", "a: !!set x\n",
     "? {a: [b]}\n? c\n"],
)  # fmt: skip
def test_what_is_no_pack_at_all_is_refused(text: str) -> None:
    assert problems(text)


def test_the_schema_names_what_a_pack_may_hold() -> None:
    schema = pack_schema()
    assert {"commands", "forms", "entry", "menu", "texts"} <= set(schema["properties"])
    assert set(schema["$defs"]["When"]["properties"]) == {"field", "is"}
    assert schema["additionalProperties"] is False
