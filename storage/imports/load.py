"""An import from folder to database: find the files, judge them in the order of their references, write each at
once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

from domain.conflict import USUAL, PostRules
from domain.refusal import Refused
from storage.database import Database
from storage.feeds import feed_days
from storage.imports.closed import ClosedUnits, Watch
from storage.imports.examine import header_of
from storage.imports.format import CUSTOMERS, FILES, FIRST, FileSpec, Kind
from storage.imports.intake import Order, take_in
from storage.imports.known import Known
from storage.imports.mapping import FeedMap, MappingRefused, read_mapping
from storage.imports.progress import Progress, nobody, rows_in
from storage.imports.rejection import NONE_BAD, FileRefused, MaxBad, Rejection
from storage.imports.rejects import RejectedFile
from storage.imports.report import FileReport, ImportReport
from storage.imports.translate import translated

_SUFFIXES = (".csv", ".xlsx")
_SPECS = {spec.name: spec for spec in FILES}


def run_import(
    database: Database,
    folder: Path,
    *,
    as_of: date,
    now: datetime,
    clock: Callable[[], float],
    max_bad: MaxBad = NONE_BAD,
    dry_run: bool = False,
    tell: Callable[[str], None] = nobody,
    post_rules: PostRules = USUAL,
) -> ImportReport:
    """Load every feed file of `folder`; blocks, so not for the event loop.

    Each file is all or nothing and becomes visible at once. `now` is business time, `clock` counts seconds of machine
    time, `tell` hears how far it is, `post_rules` say which posts there are, and which
    exclude each other.
    """
    if not folder.is_dir():
        return ImportReport(as_of, dry_run, problem=f"目录 {folder} 不存在")
    if as_of > now.date():
        reason = f"数据日期 {as_of} 在今天（{now.date()}）之后：请核对 --as-of；未作改动"
        return ImportReport(as_of, dry_run, problem=reason)
    try:
        mapping = read_mapping(folder)
    except MappingRefused as refused:
        return ImportReport(as_of, dry_run, problem=f"{refused}；未作改动")
    found, strangers = find_files(folder, mapping)
    days = database.read_now(feed_days)
    missing = [f"{name}.csv" for name in FIRST if name not in found and name not in days]
    if missing or not found:
        lacking = f"首次导入缺少文件：{'、'.join(missing)}" if missing else f"{folder} 里没有可导入的文件"
        return ImportReport(as_of, dry_run, tuple(strangers), f"{lacking}；未作改动")
    progress = Progress(tell, clock, {path.name: rows_in(path) for paths in found.values() for path in paths})
    here = (days, ClosedUnits(database), Known(database), set(found))
    loading = Loading(database, folder, as_of, now, clock, progress, max_bad, dry_run, mapping, *here, post_rules)
    reports = [loading.load(_SPECS[name], paths) for name, paths in found.items()]
    return ImportReport(as_of, dry_run, (*reports, *strangers))


def find_files(folder: Path, mapping: FeedMap) -> tuple[dict[str, list[Path]], list[FileReport]]:
    """The feed files in the order of loading, and a refusal for every table that is none of them."""
    found = {spec.name: _paths(folder, spec.name, mapping) for spec in FILES}
    known = {path.name for paths in found.values() for path in paths} | mapping.joined
    reason = f"不认识的文件名，应为 {'、'.join(_SPECS)} 之一（.csv 或 .xlsx）"
    strangers = [
        FileReport(path.stem, path.name, rejections=(Rejection(path.name, 0, "", reason),), refused=True)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix.lower() in _SUFFIXES and path.name not in known
        if not any(fnmatch(path.name, ignored) for ignored in mapping.ignore)
    ]
    return {name: paths for name, paths in found.items() if paths}, strangers


def _paths(folder: Path, name: str, mapping: FeedMap) -> list[Path]:
    foreign = mapping.of(name).file
    names = [foreign] if foreign else [f"{name}{suffix}" for suffix in _SUFFIXES]
    return [folder / each for each in names if (folder / each).is_file()]


@dataclass
class Loading:
    """One import under way; `names` are its files."""

    database: Database
    folder: Path
    as_of: date
    now: datetime
    clock: Callable[[], float]
    progress: Progress
    max_bad: MaxBad
    dry_run: bool
    mapping: FeedMap
    days: dict[str, date]
    closed: ClosedUnits
    known: Known
    names: set[str]
    post_rules: PostRules = USUAL

    def load(self, spec: FileSpec, paths: list[Path]) -> FileReport:
        """Judge one file and write it; a refusal is a report, not an error."""
        begun = self.clock()
        with RejectedFile(self.folder, spec.name) as rejected:
            try:
                self.progress.begin(paths[0].name)
                path = self._only(paths)
                self._not_older(spec, path)
                report = self._load(spec, path, rejected)
            except FileRefused as refused:
                rejected.add(refused.rejection)
                rejected.flush()
                told = (tuple(rejected.first), rejected.count - len(rejected.first))
                report = FileReport(spec.name, paths[0].name, rejections=told[0], more_rejected=told[1], refused=True)
        self.progress.end(report.rows)
        return replace(report, unwritten=rejected.unwritten, seconds=self.clock() - begun)

    def _only(self, paths: list[Path]) -> Path:
        if len(paths) > 1:
            names = "、".join(path.name for path in paths)
            raise FileRefused(Rejection(paths[0].name, 0, "", f"同时有 {names}，只能留一个"))
        return paths[0]

    def _not_older(self, spec: FileSpec, path: Path) -> None:
        """A snapshot of an older day would close what came since and undo what changed."""
        newest = self.days.get(spec.name)
        if spec.kind is Kind.SNAPSHOT and newest is not None and self.as_of < newest:
            reason = f"数据日期 {self.as_of} 早于库里已有的 {newest}；快照不能倒退，请核对目录和 --as-of"
            raise FileRefused(Rejection(path.name, 0, "", reason))

    def _load(self, spec: FileSpec, path: Path, rejected: RejectedFile) -> FileReport:
        rows, watch = translated(path, spec, self.mapping.of(spec.name)), Watch(self.closed, spec, path.name)
        order = Order(
            spec,
            path.name,
            self.as_of,
            self.now,
            whole=spec.kind is Kind.SNAPSHOT,
            max_bad=self.max_bad,
            dry_run=self.dry_run,
            expected=rows_in(path),
            post_rules=self.post_rules,
            documents=spec is CUSTOMERS,
        )
        header = header_of(path.name, rows)
        rejected.header = header.cells
        try:
            report = take_in(
                self.database,
                order,
                chain([header], rows),
                known=self.known,
                rejects=rejected,
                witness=watch,
                along=self.progress.along,
            )
        except Refused as refused:
            raise FileRefused(Rejection(path.name, 0, "", refused.text)) from refused
        if report.refused:
            return report
        told = (*watch.told(self.names), *report.warnings)
        return replace(report, warnings=told, more_warnings=watch.more)
