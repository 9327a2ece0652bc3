"""The papers to sign: which template of the bank's belongs to which sale, in which version, known by its content."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.customer import KIND_NAMES
from domain.pack_checks import Fault, Path
from domain.part import Key, Part, Sourced, Words

ROOT: Path = ("papers",)
_NO_PATH = r'[^/\\:*?"<>|\x00-\x1f\x7f]'
FileName = Annotated[str, StringConstraints(pattern=rf"^{_NO_PATH}{{1,80}}\.pdf$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^{_NO_PATH}{{1,40}}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
EVERYTHING = "*"


class Paper(Sourced):
    """One version of a template: a file beside the pack, and what it is signed for: these products, these kinds, or
    whatever the rules ask the paper for.
    """

    paper: Key
    title: Title
    file: FileName
    version: int = Limited(ge=1)
    sha256: Digest
    kinds: tuple[Key, ...] = ()
    products: tuple[Words, ...] = ()

    @property
    def sales(self) -> tuple[str, ...]:
        return self.products or self.kinds or (EVERYTHING,)


class Enclosed(Part):
    """A paper as it went with a decision: by its digest the very file can be had again."""

    paper: Key
    title: str
    version: int
    sha256: str


def enclosing(
    papers: Iterable[Paper], wanted: Iterable[str], kind: str, product: str, day: date
) -> tuple[Enclosed, ...]:
    """The wanted papers that there is a file for, each in the version of that day."""
    known = list(papers)
    found = (_nearest([each for each in known if each.paper == key], (product, kind), day) for key in wanted)
    return tuple(Enclosed(paper=p.paper, title=p.title, version=p.version, sha256=p.sha256) for p in found if p)


def _nearest(versions: Sequence[Paper], sale: Iterable[str], day: date) -> Paper | None:
    """That of the product before that of its kind before that for everything; of several the latest in effect."""
    for what in (*sale, EVERYTHING):
        started = [each for each in versions if what in each.sales and each.effective_from <= day]
        if started:
            return max(started, key=lambda each: each.effective_from)
    return None


def paper_faults(papers: Sequence[Paper]) -> Iterator[Fault]:
    """Everything wrong in the section but the files themselves; paths begin at the pack."""
    for index, paper in enumerate(papers):
        path = (*ROOT, index)
        if paper.kinds and paper.products:
            yield path, "kinds 和 products 只写一个：写明产品就不再看种类"
        for place, kind in enumerate(paper.kinds):
            if kind not in KIND_NAMES:
                yield (*path, "kinds", place), f"没有“{kind}”这种产品，可用：{'、'.join(KIND_NAMES)}"
        for other in papers[:index]:
            yield from _pair_faults(other, paper, path)


def _pair_faults(earlier: Paper, later: Paper, path: Path) -> Iterator[Fault]:
    """Two versions for one sale: the later in effect has the higher number."""
    if earlier.paper != later.paper or not set(earlier.sales) & set(later.sales):
        return
    if earlier.effective_from == later.effective_from:
        yield (*path, "effective_from"), f"“{later.title}”有两版在 {later.effective_from} 同一天生效"
    elif (earlier.version < later.version) != (earlier.effective_from < later.effective_from):
        yield (*path, "version"), f"“{later.title}”生效晚的版本号要更大"


def exchanged(before: Iterable[Paper], after: Iterable[Paper]) -> list[Paper]:
    """Papers whose file is another one under the version it had before: nobody could tell the two apart."""
    known = {(each.paper, each.sales, each.version): each.sha256 for each in before}
    return [each for each in after if known.get((each.paper, each.sales, each.version), each.sha256) != each.sha256]
