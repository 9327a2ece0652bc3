"""Where a YAML file cannot be read, and why, in Chinese: for packs and for the mapping of an import."""

import re
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError

_REASONS = (
    (r"duplicate key", "同一处有重复的键"),
    (r"mapping values are not allowed", "这里不能再有一个冒号：请检查缩进；含冒号的文字要加引号"),
    (r"cannot start any token", "这个符号不能打头：缩进用空格，不用制表符；@、` 打头的文字要加引号"),
    (r"undefined alias|alphabetic or numeric character", "* 和 & 有特别的意思：用它们打头的文字要加引号"),
    (r"expected ',' or|flow (sequence|mapping|node)|but found '<stream end>'", "括号没有成对，或中间少了逗号"),
    (r"unexpected end of stream|while scanning a quoted scalar", "引号没有成对"),
    (r"escape", "双引号里的 \\ 写法不对：请改用单引号"),
    (r"could not find expected ':'", "这里少了冒号"),
    (r"block end|block (mapping|collection|entry)", "缩进不对：同一层要对齐"),
    (r"unacceptable character|special characters", "含有不可见的控制字符"),
    (r"constructor for the tag", "不能用 ! 打头的标记"),
)
OTHERWISE = "这里读不懂：请检查缩进、冒号、引号和括号"


class YamlFault(NamedTuple):
    """Line and column count from 1."""

    line: int
    column: int
    reason: str


def fault_of(error: Exception) -> YamlFault:
    """The first place where the reader gave up."""
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    told = str(error)
    return YamlFault(line, column, next((said for sign, said in _REASONS if re.search(sign, told)), OTHERWISE))
