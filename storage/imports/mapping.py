"""mapping.yaml: how foreign files, columns and values become those of the import format."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.invalid import words
from domain.yaml_fault import fault_of
from storage.imports.format import FILES

FILE_NAME = "mapping.yaml"
_COLUMNS = {spec.name: {column.name for column in spec.columns} for spec in FILES}


class MappingRefused(Exception):
    """mapping.yaml cannot be used; the message is Chinese and names the place."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sign(_Part):
    """The amount is negative where `column` holds one of `words`."""

    column: str
    words: tuple[str, ...]


class Join(_Part):
    """Take column `take` of `file` from the row whose `on` equals our `by`."""

    file: str
    on: str
    by: str
    take: str


class Rule(_Part):
    """How one cell is made: from a column, a constant, a generated key or a joined file; then its value is renamed."""

    source: str | None = Field(None, alias="from")
    constant: str | None = None
    key: tuple[str, ...] = ()
    join: Join | None = None
    negative_when: Sign | None = None
    values: Mapping[str, str] = {}
    otherwise: str | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> "Rule":
        origins = [self.source is not None, self.constant is not None, bool(self.key), self.join is not None]
        if sum(origins) != 1:
            raise ValueError("from、constant、key、join 必须且只能写一个")
        return self

    @property
    def uses(self) -> frozenset[str]:
        """The columns of the foreign file that this rule reads."""
        named = {self.source, self.join and self.join.by, self.negative_when and self.negative_when.column, *self.key}
        return frozenset(name for name in named if name)


class Amounts(_Part):
    """How amounts are written where not as in the import format.

    `negatives` are forms with # for the number, such as (#), #-, #DR; `grouping` stands between groups of three digits.
    """

    grouping: Annotated[str, Field(max_length=1)] = ""
    negatives: tuple[Annotated[str, Field(pattern=r"^[^#]*#[^#]*$", min_length=2)], ...] = ()
    unit: Literal["元", "分", "万元"] = "元"


class Written(_Part):
    """How a text file is written; what is not said here is as in the import format."""

    encoding: Literal["utf-8", "gb18030", "gbk", "gb2312", "big5"] | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    nulls: tuple[str, ...] | None = None
    dates: tuple[str, ...] | None = None
    times: tuple[str, ...] | None = None
    offset: str | None = None
    amounts: Amounts | None = None
    lists: Annotated[str, Field(min_length=1, max_length=1)] | None = None


class FileMap(Written):
    """One feed file: where it comes from and how its columns are made."""

    file: str | None = None
    columns: Mapping[str, Rule] = {}
    ignore: tuple[str, ...] = ()

    @property
    def translates(self) -> bool:
        """Whether anything but the encoding and the separator is foreign."""
        words = (self.columns, self.ignore, self.nulls, self.dates, self.times, self.offset, self.amounts, self.lists)
        return any(words)

    @model_validator(mode="before")
    @classmethod
    def _short_rules(cls, data: Any) -> Any:
        """`name: THEIR_NAME` is short for `name: {from: THEIR_NAME}`."""
        columns = data.get("columns") if isinstance(data, dict) else None
        if not isinstance(columns, dict):
            return data
        return data | {
            "columns": {ours: {"from": rule} if isinstance(rule, str) else rule for ours, rule in columns.items()}
        }


class FeedMap(Written):
    """The whole of mapping.yaml; without the file, an empty one that changes nothing."""

    ignore: tuple[str, ...] = ()
    files: Mapping[str, FileMap] = {}

    @model_validator(mode="after")
    def _names_are_known(self) -> "FeedMap":
        for name, file in self.files.items():
            if name not in _COLUMNS:
                raise ValueError(f"files.{name} 不是导入格式的文件名")
            if file.file and file.file != Path(file.file).name:
                raise ValueError(f"files.{name}.file 只能写同一目录里的文件名，不能带路径")
            strangers = [rule.join.file for rule in file.columns.values() if rule.join]
            if paths := [each for each in strangers if each != Path(each).name]:
                raise ValueError(f"files.{name}.columns 的 join.file 只能写同一目录里的文件名：{'、'.join(paths)}")
            if strange := file.columns.keys() - _COLUMNS[name]:
                raise ValueError(f"files.{name}.columns 里 {'、'.join(sorted(strange))} 不是 {name} 的列")
        return self

    def of(self, name: str) -> FileMap:
        """What is said of a feed file, the general settings filled in."""
        file = self.files.get(name, FileMap())
        general = {key: getattr(self, key) for key in Written.model_fields}
        return file.model_copy(update={key: value for key, value in general.items() if getattr(file, key) is None})

    @property
    def joined(self) -> frozenset[str]:
        """The files that are only looked into by others."""
        rules = [rule for file in self.files.values() for rule in file.columns.values()]
        return frozenset(rule.join.file for rule in rules if rule.join)


def read_mapping(folder: Path) -> FeedMap:
    """The mapping beside the files; MappingRefused when it says something that is not understood."""
    path = folder / FILE_NAME
    if not path.exists():
        return FeedMap()
    try:
        return FeedMap.model_validate(YAML(typ="safe", pure=True).load(path) or {})
    except UnicodeDecodeError as error:
        raise MappingRefused(f"{FILE_NAME} 不是 UTF-8 编码") from error
    except (YAMLError, ValueError) as error:
        raise MappingRefused(_fault(error)) from error


def _fault(error: YAMLError | ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        return f"{FILE_NAME}{place and f' {place}'}：{words(first)}"
    line, column, reason = fault_of(error)
    return f"{FILE_NAME} 第 {line} 行第 {column} 列：{reason}"
