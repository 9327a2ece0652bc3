"""Prints the column tables of docs/import.md from the import format itself."""

from storage.imports.column import Column
from storage.imports.format import FILES, FileSpec, Kind


def tables() -> str:
    """One Markdown section for each feed file, in the order of loading."""
    return "\n\n".join(_section(spec) for spec in FILES)


def _section(spec: FileSpec) -> str:
    kind = "快照" if spec.kind is Kind.SNAPSHOT else "追加，可更正" if spec.corrects else "追加"
    head = [f"### {spec.title} `{spec.name}`（{kind}）", "", f"主键：{'、'.join(f'`{name}`' for name in spec.key)}", ""]
    rule = ["| 列 | 类型 | 列可缺 | 格可空 | 说明 |", "|---|---|---|---|---|"]
    return "\n".join(head + rule + [_line(column) for column in spec.columns])


def _line(column: Column) -> str:
    words = f"；用词：{'、'.join(column.words)}" if column.words else ""
    target = f"；须存在于 `{column.refers}`" if column.refers else ""
    default = f"；缺省为 {column.default}" if column.default else ""
    marks = ["是" if mark else "" for mark in (column.optional, column.empty)]
    about = (column.about + words + target + default).replace("|", "\\|")
    return f"| `{column.name}` | {column.type.value.replace('|', chr(92) + '|')} | {marks[0]} | {marks[1]} | {about} |"


if __name__ == "__main__":
    print(tables())
