"""Which template goes with a sale: the nearest, in the version of the day, with the decision for ever."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pack import load_pack
from domain.pack_source import PackError
from domain.suitability.deciding import decide
from domain.suitability.facts import Question
from domain.suitability.papers import Enclosed, Paper, enclosing, exchanged
from domain.suitability.words import Verdict
from tests.domain.suitability.people import TABLE, question, varied

DAY = date(2026, 11, 23)
HEAD = "format_version: 1\nname: papers\nversion: 1\npapers:\n"
PLAIN = {"paper": "risk_disclosure", "title": "风险揭示书", "file": "a.pdf", "version": 1, "sha256": "a" * 64,
         "effective_from": "2026-02-01", "source": "样例"}  # fmt: skip


def paper(version: int = 1, since: str = "2026-02-01", **values: object) -> Paper:
    return Paper.model_validate({**PLAIN, "version": version, "effective_from": since, **values})


def chosen(*papers: Paper, day: date = DAY) -> list[int]:
    found = enclosing(papers, ["risk_disclosure"], "wealth", "P1", day)
    return [each.version for each in found]


@pytest.mark.parametrize(
    ("papers", "version"),
    [
        ([paper()], [1]),
        ([paper(), paper(2, "2026-11-23")], [2]),
        ([paper(2, "2026-11-23"), paper()], [2]),
        ([paper(), paper(2, "2026-11-24")], [1]),
        ([paper(since="2026-11-24")], []),
        ([paper(9), paper(2, kinds=["wealth"])], [2]),
        ([paper(9), paper(2, kinds=["fund"])], [9]),
        ([paper(9), paper(2, kinds=["wealth"]), paper(1, products=["P0", "P1"])], [1]),
        ([paper(9), paper(2, products=["P2"])], [9]),
        ([paper(3), paper(1, "2026-11-24", products=["P1"])], [3]),
        ([paper(paper="other")], []),
    ],
)
def test_the_nearest_in_the_version_of_the_day(papers: list[Paper], version: list[int]) -> None:
    assert chosen(*papers) == version


def test_what_is_wrong_is_named_with_its_place() -> None:
    def said(*entries: str) -> list[str]:
        with pytest.raises(PackError) as caught:
            load_pack(HEAD + "".join(f"  - {{{entry}}}\n" for entry in entries))
        return [str(problem) for problem in caught.value.problems]

    def entry(**values: object) -> str:
        return ", ".join(f"{key}: {value}" for key, value in {**PLAIN, **values}.items())

    (twice,) = said(entry(), entry(version=2))
    assert twice.startswith("第 6 行第 ")
    assert twice.endswith("列（papers[1].effective_from）：“风险揭示书”有两版在 2026-02-01 同一天生效")
    (older,) = said(entry(version=2), entry(version=1, effective_from="2026-03-01"))
    assert "（papers[1].version）：“风险揭示书”生效晚的版本号要更大" in older
    (both,) = said(entry(kinds="[fund]", products="[P1]"))
    assert "（papers[0]）：kinds 和 products 只写一个" in both
    (kind,) = said(entry(kinds="[gold]"))
    assert "（papers[0].kinds[0]）：没有“gold”这种产品" in kind
    for name in ("../a.pdf", "a.docx", '"a\\".pdf"', "/etc/a.pdf"):
        (file,) = said(entry(file=name))
        assert "（papers[0].file）" in file
    (digest,) = said(entry(sha256="abc"))
    assert "（papers[0].sha256）" in digest
    assert load_pack(f"{HEAD[:-1]} []\n").papers == ()


def test_a_used_version_with_another_file_is_found() -> None:
    before = [paper(), paper(2, "2026-03-01"), paper(1, kinds=["fund"])]
    assert exchanged(before, before) == []
    assert exchanged(before, [paper(), paper(3, "2026-04-01", sha256="b" * 64)]) == []
    other = paper(2, "2026-05-01", sha256="b" * 64)
    assert exchanged(before, [paper(), other, paper(1, kinds=["fund"])]) == [other]


keys = st.lists(st.sampled_from([*TABLE.papers, "unheard_of"]), unique=True)


@given(held=keys, who=st.sampled_from(["常人", "证件刚过期", "证件久过期", "六十五"]), written=st.booleans())
def test_a_sale_takes_what_the_table_names_and_there_is_and_nothing_more(
    held: list[str], who: str, written: bool
) -> None:
    papers = tuple(Enclosed(paper=key, title=key, version=1, sha256="a" * 64) for key in held)
    asked = varied(question(who), papers=papers, written=written)
    found, bare = decide(asked, TABLE, 1), decide(varied(asked, papers=()), TABLE, 1)
    labels = {TABLE.papers[each.paper] for each in found.enclosed}
    assert (found.verdict, found.reasons, found.steps, found.papers) == (
        bare.verdict, bare.reasons, bare.steps, bare.papers,
    )  # fmt: skip
    assert labels == set(found.papers) & {TABLE.papers[key] for key in held if key in TABLE.papers}
    assert found.verdict is not Verdict.BLOCK or found.enclosed == ()
    assert decide(Question.model_validate_json(asked.model_dump_json()), TABLE, 1) == found


def test_a_step_brings_its_paper() -> None:
    asked = varied(question("常人", "基金R4", 100_000), written=True)
    found = decide(asked, TABLE, 1)
    assert found.papers[-1] == "特别风险警示书"
    assert "特别风险警示书" not in decide(question(), TABLE, 1).papers
    assert set(TABLE.papers_of("fund")) == {*TABLE.kinds["fund"].papers, "special_warning"}
