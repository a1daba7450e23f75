"""What pydantic finds wrong, in plain Chinese."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

_WORDS = {
    "missing": "没有填写",
    "extra_forbidden": "没有这一项",
    "string_too_short": "至少要 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "string_type": "应当是文字",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "float_type": "应当是数字",
    "bool_type": "应当是“是”或“否”",
    "bool_parsing": "应当是“是”或“否”",
    "enum": "只能从给定的选项里选",
    "literal_error": "只能从给定的选项里选",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "要大于 {gt}",
    "less_than": "要小于 {lt}",
    "too_short": "至少要 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "list_type": "应当是列表",
    "model_type": "应当是一组内容",
    "model_attributes_type": "应当是一组内容",
    "timezone_aware": "要写明时区",
    "value_error": "{error}",
}
_STARTS = {
    "date_": "日期格式不对，例如 2026-11-23",
    "datetime_": "时间格式不对，例如 2026-11-23T08:30:00+08:00",
}


def field_errors(error: ValidationError) -> list[dict[str, str]]:
    """`[{field, detail}]`: dotted place of each wrong value and a sentence about it; never the value."""
    return [
        {"field": ".".join(str(part) for part in one["loc"]), "detail": _sentence(one)}
        for one in error.errors(include_url=False, include_input=False)
    ]


def _sentence(one: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    kind: str = one["type"]
    for start, words in _STARTS.items():
        if kind.startswith(start):
            return words
    return _WORDS.get(kind, "填写有误").format(**one.get("ctx", {}))
