"""Writes the column tables of docs/import.md from the import format itself: `python -m tools.import_page`."""

from pathlib import Path

from storage.imports.column import Column
from storage.imports.format import FILES, FileSpec, Kind

PAGE = Path(__file__).parents[1] / "docs" / "import.md"
_MARK = "## 文件和列\n"


def page(present: str) -> str:
    """The page as it should be: its prose as it is, its tables made anew."""
    prose, _, rest = present.partition(_MARK)
    introduction = rest.partition("\n### ")[0].strip()
    return f"{prose}{_MARK}\n{introduction}\n\n" + "\n\n".join(_section(spec) for spec in FILES) + "\n"


def _section(spec: FileSpec) -> str:
    kind = "快照" if spec.kind is Kind.SNAPSHOT else "追加，可更正" if spec.corrects else "追加"
    head = [f"### {spec.title} `{spec.name}`（{kind}）", "", f"主键：{'、'.join(f'`{name}`' for name in spec.key)}", ""]
    return "\n".join(head) + "\n" + table(spec)


def table(spec: FileSpec) -> str:
    """The columns of one file."""
    head = ["| 列 | 类型 | 列可缺 | 格可空 | 说明 |", "|---|---|---|---|---|"]
    return "\n".join(head + [_line(column) for column in spec.columns])


def _line(column: Column) -> str:
    words = f"；用词：{'、'.join(column.words)}" if column.words else ""
    target = f"；须存在于 `{column.refers}`" if column.refers else ""
    default = f"；缺省为 {column.default}" if column.default else ""
    marks = ["是" if mark else "" for mark in (column.optional, column.empty)]
    cells = [f"`{column.name}`", column.type.value, *marks, column.about + words + target + default]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
