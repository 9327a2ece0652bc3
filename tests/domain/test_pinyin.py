"""Names are found by the letters people type, with the readings surnames really have."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pinyin import MatchKind, matches, readings, sounds_like


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("王秀兰", {"wangxiulan"}),
        ("单雄信", {"shanxiongxin"}),
        ("曾志伟", {"zengzhiwei"}),
        ("仇英", {"qiuying"}),
        ("解珍", {"xiezhen"}),
        ("区伟明", {"ouweiming"}),
        ("查良", {"zhaliang"}),
        ("朴正", {"piaozheng"}),
        ("缪贤", {"miaoxian"}),
        ("盖伟", {"gewei", "gaiwei"}),
        ("乐毅", {"yueyi", "leyi"}),
        ("翟明", {"zhaiming", "diming"}),
        ("种师道", {"chongshidao"}),
        ("覃辉", {"qinhui", "tanhui"}),
        ("冼星", {"xianxing"}),
        ("卜明", {"buming"}),
        ("尉迟恭", {"yuchigong"}),
        ("万俟明", {"moqiming"}),
        ("长孙明", {"zhangsunming"}),
        ("澹台明", {"tantaiming"}),
        ("令狐冲", {"linghuchong"}),
        ("欧阳丽", {"ouyangli"}),
        ("万明", {"wanming"}),
        ("王单", {"wangdan", "wangshan"}),
        ("李乐", {"lile", "liyue"}),
        ("吕明", {"lvming", "luming"}),
        ("买买提·吐尔", {"maimaititu" + "er"}),
        ("John Smith", {"johnsmith"}),
        ("张A", {"zhanga"}),
        ("王 秀 兰", {"wangxiulan"}),
        ("", set()),
        ("·！", set()),
    ],
)
def test_full_readings(name: str, full: set[str]) -> None:
    assert readings(name).full == full


@pytest.mark.parametrize(
    ("name", "initials"),
    [("王秀兰", {"wxl"}), ("单明", {"sm"}), ("欧阳丽", {"oyl"}), ("覃辉", {"qh", "th"}), ("张A", {"za"})],
)
def test_initials(name: str, initials: set[str]) -> None:
    assert readings(name).initials == initials


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("wangxiulan", "王秀兰", MatchKind.FULL),
        ("Wang Xiu-Lan", "王秀兰", MatchKind.FULL),
        ("ＷＸＬ", "王秀兰", MatchKind.INITIALS),
        ("wangxl", "王秀兰", MatchKind.MIXED),
        ("wxiulan", "王秀兰", MatchKind.MIXED),
        ("wangxiul", "王秀兰", MatchKind.MIXED),
        ("wangxiu", "王秀兰", MatchKind.PREFIX),
        ("wa", "王秀兰", MatchKind.PREFIX),
        ("w", "王秀兰", None),
        ("wx", "王秀兰", None),
        ("xiulan", "王秀兰", None),
        ("王秀兰", "王秀兰", None),
        ("", "王秀兰", None),
        ("danming", "单明", None),
        ("shanming", "单明", MatchKind.FULL),
        ("lüming", "吕明", MatchKind.FULL),
        ("lu:ming", "吕明", MatchKind.FULL),
        ("zhwsh", "张伟山", MatchKind.MIXED),
        ("xi'an", "西安", MatchKind.FULL),
        ("li", "李", MatchKind.FULL),
    ],
)
def test_matches(query: str, name: str, kind: MatchKind | None) -> None:
    assert matches(query, readings(name)) == kind


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("代办", "待办", 100, 100),
        ("daiban", "待办", 100, 100),
        ("ＤaiBan", "待办", 100, 100),
        ("db", "待办", 90, 90),
        ("帮住", "帮助", 100, 100),
        ("拜防", "拜访", 100, 100),
        ("baifan", "拜访", 85, 99),
        ("待办", "待办", 100, 100),
        ("天气", "待办", 0, 50),
        ("", "待办", 0, 0),
    ],
)
def test_sounds_like(a: str, b: str, least: float, most: float) -> None:
    assert least <= sounds_like(a, b) <= most


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_bounded_and_symmetric(name: str, query: str) -> None:
    found = readings(name)
    assert len(found.full) <= 8
    assert len(found.initials) <= len(found.spellings) <= 8
    matches(query, found)
    assert 0 <= sounds_like(name, query) <= 100


@given(st.text(alphabet="王李单曾吕秀兰伟乐行长重", min_size=1, max_size=6))
def test_every_own_key_finds_the_name(name: str) -> None:
    found = readings(name)
    assert all(matches(key, found) == MatchKind.FULL for key in found.full)
    assert all(matches(key, found) in (MatchKind.FULL, MatchKind.INITIALS) for key in found.initials)


def test_a_book_is_read_fast_enough_to_search_in_memory() -> None:
    names = [
        f"{a}{b}{c}" for a in "王李张单曾吕刘陈杨赵" for b in "秀伟建国小志文明乐长" for c in "兰英华芳军平刚红霞丽"
    ]
    before = time.process_time()
    for name in names:
        readings(name)
    assert len(names) / max(time.process_time() - before, 1e-9) > 10_000
