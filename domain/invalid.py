"""What pydantic finds wrong with a value, in the words of the house: one table for settings, packs, cards, mappings."""

import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "缺少必填的“{last}”",
    "extra_forbidden": "不认识的键“{last}”，请检查拼写",
    "string_type": "应当是文字",
    "string_too_short": "不能为空",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_pattern_mismatch": "“{input}”的写法不对",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "float_type": "应当是数",
    "float_parsing": "应当是数",
    "bool_type": "应当是 true 或 false",
    "bool_parsing": "应当是 true 或 false",
    "path_type": "应当是文件路径",
    "enum": "“{input}”不在可用的值里：{expected}",
    "literal_error": "“{input}”不在可用的值里：{expected}",
    "union_tag_invalid": "“{tag}”不在可用的值里：{expected_tags}",
    "union_tag_not_found": "缺少必填的 {discriminator}",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "有 {actual_length} 项，最多 {max_length} 项",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应当小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "tuple_type": "应当是列表（每行以 - 开头，或写在 [ ] 里）",
    "list_type": "应当是列表（每行以 - 开头，或写在 [ ] 里）",
    "dict_type": "应当是“键: 值”的结构",
    "model_type": "应当是“键: 值”的结构",
    "model_attributes_type": "应当是“键: 值”的结构",
    "value_error": "{error}",
}
_BETWEEN = re.compile(r", | or ")


def words(detail: ErrorDetails, special: Mapping[str, str] | None = None) -> str:
    """One finding; `special` holds what is said differently where the value stands."""
    kind = detail["type"]
    template = (special or {}).get(kind) or _WORDS.get(kind, "写法不对")
    last = detail["loc"][-1] if detail["loc"] else ""
    context = dict(detail.get("ctx", {}))
    if "expected" in context:
        context["expected"] = _BETWEEN.sub("、", str(context["expected"]))
    return template.format_map({"last": last, "input": detail.get("input", ""), **context})
