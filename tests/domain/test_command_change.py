"""A change of a command: how it is written, and what no change may do."""

from pathlib import Path

import pytest

from domain.command_change import (
    MOST_SHOWN,
    forbidden,
    present,
    read_aliases,
    read_posts,
    words_of,
)
from domain.overlay import Terms
from domain.pack import load_pack
from domain.refusal import Refused

PACK = load_pack((Path(__file__).parents[2] / "deploy/packs/default.yaml").read_text(encoding="utf-8"))
POSTS = ("客户经理", "主管", "催收岗", "消保岗")


def refused(key: str, after: Terms, administrators: tuple[str, ...] = ("业务管理员",)) -> str:
    refusal = forbidden(PACK, PACK.command(key), after, administrators)
    return refusal.text if refusal else ""


@pytest.mark.parametrize(
    ("text", "now", "result"),
    [
        ("记拜访、走访", ("旧",), ("记拜访", "走访")),
        ("记拜访，走访 跑客户；", (), ("记拜访", "走访", "跑客户")),
        ("记拜访、记拜访", (), ("记拜访",)),
        ("加 跑客户", ("走访",), ("走访", "跑客户")),
        ("加：跑客户、上门", ("走访",), ("走访", "跑客户", "上门")),
        ("去 走访", ("走访", "上门"), ("上门",)),
        ("去掉 走访 加 跑客户", ("走访", "上门"), ("上门", "跑客户")),
        ("+跑客户 -走访", ("走访",), ("跑客户",)),
        ("＋跑客户", ("走访",), ("走访", "跑客户")),
        ("加 走访", ("走访",), ("走访",)),
        ("无", ("走访",), ()),
        ("ＨＥＬＰ２", (), ("HELP2",)),
    ],
)
def test_how_aliases_are_written(text: str, now: tuple[str, ...], result: tuple[str, ...]) -> None:
    assert read_aliases(text, now) == result


@pytest.mark.parametrize(
    ("text", "now", "result"),
    [
        ("客户经理、主管", ("催收岗",), ("客户经理", "主管")),
        ("加 消保岗", ("客户经理",), ("客户经理", "消保岗")),
        ("去 催收岗", ("客户经理", "催收岗"), ("客户经理",)),
        ("所有人", ("客户经理",), ("*",)),
        ("*", ("客户经理",), ("*",)),
        ("加 所有人", ("客户经理",), ("*",)),
        ("加 主管", ("*",), ("*",)),
        ("去 老岗位", ("客户经理", "老岗位"), ("客户经理",)),
    ],
)
def test_how_posts_are_written(text: str, now: tuple[str, ...], result: tuple[str, ...]) -> None:
    assert read_posts(text, now, POSTS) == result


@pytest.mark.parametrize(
    ("text", "now", "said"),
    [
        ("客户经里", (), "没有“客户经里”这个岗位。可以写：所有人、客户经理、主管、催收岗、消保岗。"),
        ("去 主管", ("客户经理",), "“主管”不在现在的名单里"),
        ("去 客户经理", ("客户经理",), "至少要留下一个岗位"),
        ("、", ("客户经理",), "至少要留下一个岗位"),
        ("加", (), "至少要留下一个岗位"),
    ],
)
def test_posts_that_are_none(text: str, now: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused) as caught:
        read_posts(text, now, POSTS)
    assert said in caught.value.text


@pytest.mark.parametrize(
    ("key", "after", "said"),
    [
        ("visit", Terms(enabled=False), ""),
        ("visit", Terms(enabled=True), "现在就是这样"),
        ("help", Terms(enabled=False), "“帮助”不能停用"),
        ("admin", Terms(enabled=False), "“管理”不能停用"),
        ("help", Terms(posts=("主管",)), "“帮助”要留给所有人"),
        ("admin", Terms(posts=("系统管理员", "主管")), "至少要留下：业务管理员"),
        ("admin", Terms(posts=("业务管理员",)), ""),
        ("admin", Terms(posts=("*",)), ""),
        ("visit", Terms(posts=("主管",)), ""),
        (
            "visit",
            Terms(posts=("催收岗", "分行行长", "支行行长", "主管", "理财顾问", "私行经理", "客户经理")),
            "现在就是这样",
        ),
        ("visit", Terms(aliases=("跑客户",)), ""),
        ("visit", Terms(aliases=("走访", "登记拜访", "拜访登记", "记拜访")), "现在就是这样"),
        ("visit", Terms(aliases=("待办",)), "“待办”已经是别的命令或控制词"),
        ("visit", Terms(aliases=("HELP",)), "“help”已经是别的命令或控制词"),
        ("visit", Terms(aliases=("查客户",)), "“查客户”已经是别的命令或控制词"),
        ("visit", Terms(aliases=("算了",)), "“算了”已经是别的命令或控制词"),
        ("visit", Terms(aliases=("拜访",)), "“拜访”已经是别的命令或控制词"),
        ("visit", Terms(aliases=("跳过",)), "“跳过”是填表时的回答"),
        ("visit", Terms(aliases=("电话",)), "“电话”是填表时的回答"),
        ("visit", Terms(aliases=("明早九点",)), "“明早九点”是填表时的回答"),
        ("visit", Terms(aliases=("2",)), "“2”是填表时的回答"),
        ("visit", Terms(aliases=("一二三四五六七八九十一",)), "最多 10 个字"),
        ("visit", Terms(aliases=("跑/客户",)), "不含空格、斜线、冒号"),
        ("visit", Terms(aliases=tuple(f"词{n}" for n in range(21))), "别名最多 20 个"),
        ("visit", Terms(aliases=tuple(f"很长很长的一个词{n}" for n in range(13))), "请分几次改"),
    ],
)
def test_what_no_change_may_do(key: str, after: Terms, said: str) -> None:
    result = refused(key, after)
    assert (said in result) if said else not result, result


def test_the_last_administrators_keep_their_command() -> None:
    """Which posts these are is read from who works here today."""
    assert refused("admin", Terms(posts=("系统管理员",)), ("系统管理员",)) == ""
    assert "至少要留下" in refused("admin", Terms(posts=("系统管理员",)), ())


def test_a_word_the_pack_itself_gave_stays_allowed() -> None:
    """An answer's word that was an alias before is nobody's new mistake."""
    query = PACK.command("query").model_copy(update={"aliases": ("电话",)})
    assert forbidden(PACK, query, Terms(aliases=("电话", "查人")), ("业务管理员",)) is None


def test_what_fits_on_a_card_may_be_changed_at_once() -> None:
    word = "词" * 10
    many = tuple(f"{word[:8]}{n:02}" for n in range(MOST_SHOWN // 11))
    removed = Terms(aliases=())
    visit = PACK.command("visit").model_copy(update={"aliases": many})
    assert forbidden(PACK, visit, removed, ()) is None
    visit = visit.model_copy(update={"aliases": (*many, "再来一个词")})
    assert "请分几次改" in forbidden(PACK, visit, removed, ()).text


def test_what_comes_and_what_goes() -> None:
    before = present(PACK.command("visit"), Terms(aliases=()))
    assert before == Terms(aliases=("记拜访", "拜访登记", "登记拜访", "走访"))
    assert words_of(before, Terms(aliases=("走访", "跑客户"))) == (("跑客户",), ("记拜访", "拜访登记", "登记拜访"))
    assert present(PACK.command("visit"), Terms(enabled=False)) == Terms(enabled=True)
