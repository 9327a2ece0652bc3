"""Where packs lie and how they are read: YAML files shipped beside the program, or a folder of the operator's."""

from collections.abc import Iterator
from pathlib import Path

import bot
from bot import templates
from domain.pack import Pack, load_pack
from domain.policy import Policy
from domain.process.library import Library
from domain.refusal import Refused
from domain.retention.table import Edition
from domain.suitability.papers import Paper, exchanged
from domain.suitability.rulebook import Rulebook
from storage import pack_versions, paper_files
from storage.unit import Unit

DEFAULT, POLICY, RETENTION, PAPERS = "default.yaml", "policy.yaml", "retention.yaml", "papers.yaml"
EXCHANGED = "文件模板“{title}”第 {version} 版的文件变了：请在 papers.yaml 里给它新的 version，旧的一条留着"
SHIPPED = Path(bot.__file__).parents[1] / "deploy" / "packs"


def default_pack() -> Pack:
    """The pack in use; raises domain.pack.PackError naming line and column."""
    return load_pack((SHIPPED / DEFAULT).read_text("utf-8"))


def shipped_policy() -> Policy:
    """Who may do what, as shipped; raises domain.pack.PackError."""
    return load_pack((SHIPPED / POLICY).read_text("utf-8")).permissions()


def shipped_processes() -> Library:
    """The processes of all other packs that are shipped; raises domain.pack.PackError."""
    return Library(load_pack(text) for text in _others())


def shipped_rules() -> Rulebook:
    """The suitability rules that are shipped; raises domain.pack.PackError."""
    return Rulebook(load_pack(text) for text in _others())


def shipped_retention() -> Edition:
    """How long data is kept, as shipped; raises domain.pack.PackError."""
    return load_pack((SHIPPED / RETENTION).read_text("utf-8")).keeping()


def shipped_papers() -> tuple[Paper, ...]:
    """The papers to sign, as shipped. Raises Refused naming file, line and column where a template is not as it is
    written down."""
    file = SHIPPED / PAPERS
    text = file.read_text("utf-8")
    pack = load_pack(text)
    if found := templates.problems(file, text, pack):
        raise Refused("\n".join(f"{file} {problem}" for problem in found), reason="papers not as written down")
    return pack.papers or ()


def keep_packs(unit: Unit, library: Library, rulebook: Rulebook) -> None:
    """Write down the shipped versions, those of permissions and commands among them, so that every record's version
    has its words; and learn those that earlier releases left cases or decisions on. Raises Refused.
    """
    _keep_papers(unit)
    for text in _shipped():
        pack = load_pack(text)
        pack_versions.keep(unit, pack.name, pack.version, text)
    for body in pack_versions.bodies(unit, but=pack_versions.FOR_THE_RECORD):
        pack = load_pack(body)
        library.learn(pack)
        rulebook.learn(pack)


def _keep_papers(unit: Unit) -> None:
    """Keep the templates themselves, so that what went with a decision can be had when the file is long replaced.
    Raises Refused where a file was exchanged under the version it had.
    """
    shipped = load_pack((SHIPPED / PAPERS).read_text("utf-8"))
    for body in pack_versions.bodies(unit, shipped.name):
        for paper in exchanged(load_pack(body).papers or (), shipped.papers or ()):
            raise Refused(EXCHANGED.format(title=paper.title, version=paper.version), reason="paper changed in place")
    for paper in shipped.papers or ():
        paper_files.keep(unit, paper.sha256, templates.file_of(SHIPPED / PAPERS, paper).read_bytes)


def _others() -> Iterator[str]:
    return _shipped(DEFAULT, POLICY)


def _shipped(*but: str) -> Iterator[str]:
    for file in sorted(SHIPPED.glob("*.yaml")):
        if file.name not in but:
            yield file.read_text("utf-8")
