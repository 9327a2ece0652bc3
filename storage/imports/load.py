"""An import from folder to database: find the files, judge them in the order of their references, write each at
once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from domain.refusal import Refused
from storage.database import Database
from storage.imports.checks import Value
from storage.imports.closed import ClosedUnits
from storage.imports.delta import Delta, compare, kept_rows, keys_kept, parents_kept
from storage.imports.examine import Examined, examine, known_values
from storage.imports.format import FILES, FIRST, FileSpec, Kind
from storage.imports.mapping import FeedMap, MappingRefused, read_mapping
from storage.imports.progress import Progress, nobody, rows_in
from storage.imports.references import check_references, own_reference
from storage.imports.rejection import NONE_BAD, FileRefused, MaxBad, Rejection
from storage.imports.report import FileReport, ImportReport, write_rejected
from storage.imports.write import feed_days, feed_versions, prepare, write

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
) -> ImportReport:
    """Load every feed file of `folder`; blocks, so not for the event loop.

    Each file is all or nothing, in one commit. `now` is business time, `clock` counts seconds of machine time,
    `tell` hears how far it is.
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
    versions, days = database.read_now(feed_versions), database.read_now(feed_days)
    missing = [f"{name}.csv" for name in FIRST if name not in found and name not in versions]
    if missing or not found:
        lacking = f"首次导入缺少文件：{'、'.join(missing)}" if missing else f"{folder} 里没有可导入的文件"
        return ImportReport(as_of, dry_run, tuple(strangers), f"{lacking}；未作改动")
    progress = Progress(tell, clock, {path.name: rows_in(path) for paths in found.values() for path in paths})
    known = (versions, days, ClosedUnits(database), set(found))
    loading = Loading(database, folder, as_of, now, clock, progress, max_bad, dry_run, mapping, *known)
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
    """One import under way; `names` are its files, `accepted` the keys that it has brought so far."""

    database: Database
    folder: Path
    as_of: date
    now: datetime
    clock: Callable[[], float]
    progress: Progress
    max_bad: MaxBad
    dry_run: bool
    mapping: FeedMap
    versions: dict[str, int]
    days: dict[str, date]
    closed: ClosedUnits
    names: set[str]
    accepted: dict[str, set[Value]] = field(default_factory=dict)

    def load(self, spec: FileSpec, paths: list[Path]) -> FileReport:
        """Judge one file and write it; a refusal is a report, not an error."""
        begun = self.clock()
        try:
            self.progress.begin(paths[0].name)
            path = self._only(paths)
            self._not_older(spec, path)
            report = self._load(spec, path)
        except FileRefused as refused:
            told = write_rejected(self.folder, spec.name, (), (refused.rejection,))
            report = FileReport(
                spec.name, paths[0].name, rejections=(refused.rejection,), refused=True, unwritten=not told
            )
        self.progress.end(report.rows)
        return replace(report, seconds=self.clock() - begun)

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

    def _load(self, spec: FileSpec, path: Path) -> FileReport:
        examined = examine(path, spec, self.mapping.of(spec.name), self.progress.along)
        delta = self._judge(examined)
        rejections = tuple(sorted(examined.rejections, key=lambda rejection: rejection.line))
        told = write_rejected(self.folder, spec.name, examined.header, rejections)
        report = FileReport(spec.name, path.name, examined.rows, rejections=rejections, unwritten=not told)
        if not self.max_bad.allows(len(rejections), examined.rows):
            return replace(report, refused=True)
        if not self.dry_run:
            self._write(examined, delta)
        self.accepted[spec.name] = known_values(examined)
        return replace(
            report,
            warnings=self.closed.told(examined, delta, self.names),
            inserted=len(delta.inserted),
            updated=len(delta.updated),
            closed=len(delta.closed),
            unchanged=delta.unchanged,
        )

    def _judge(self, examined: Examined) -> Delta:
        """References and differences; the database is read in short transactions, the thinking is done outside."""
        spec = examined.spec
        if spec.name in FIRST and not examined.rows:
            raise FileRefused(Rejection(examined.file, 1, "", "没有数据行；为免误关全部记录，不予导入"))
        above, read = own_reference(spec), self.database.read_now
        known = {file: read(partial(keys_kept, spec=_SPECS[file])) for file in spec.refers}
        known = {file: keys | self.accepted.get(file, set()) for file, keys in known.items()}
        check_references(examined, known, read(partial(parents_kept, spec=spec, name=above)) if above else {})
        return compare(read(partial(kept_rows, examined=examined)), examined, self.database.vault)

    def _write(self, examined: Examined, delta: Delta) -> None:
        spec, vault = examined.spec, self.database.vault
        change = prepare(
            spec,
            delta,
            vault,
            as_of=self.as_of,
            now=self.now,
            rows=examined.rows,
            version=self.versions.get(spec.name, 0),
            along=self.progress.along,
        )
        try:
            self.database.run(lambda unit: write(unit, change), name=f"import.{spec.name}")
        except Refused as refused:
            raise FileRefused(Rejection(examined.file, 0, "", refused.text)) from refused
