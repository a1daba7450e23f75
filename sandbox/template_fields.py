"""WeChat's rules for the fields of template and subscribe messages (47003 when broken). Pure.

The key of a field names its kind: `thing1`, `time2`, `character_string3`. Lengths are in characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.errors import Refused

_HAN = "\u3400-\u9fff\uf900-\ufaff·"
_DAY = r"\d{4}(?:年|-|/|\.)\d{1,2}(?:月|-|/|\.)\d{1,2}日?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_MOMENT = rf"(?:{_DAY}(?:\s*{_CLOCK})?|{_CLOCK})"

_RULES: Mapping[str, str] = {
    "thing": r".{1,20}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "phrase": rf"[{_HAN}]{{1,5}}",
    "name": rf"[{_HAN}]{{1,10}}|[A-Za-z .·'\-]{{1,20}}",
    "number": r"-?\d{1,32}(?:\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "time": rf"{_MOMENT}(?:\s*~\s*{_MOMENT})?",
    "date": rf"{_DAY}(?:\s*{_CLOCK})?(?:\s*~\s*{_DAY}(?:\s*{_CLOCK})?)?",
    "amount": r"[¥￥$€£]?-?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": r".{1,8}",
    "const": r".{1,20}",
}
_LABELS: Mapping[str, str] = {
    "thing": "事项",
    "character_string": "编号",
    "phrase": "状态",
    "name": "姓名",
    "number": "数量",
    "time": "时间",
    "date": "日期",
    "amount": "金额",
    "phone_number": "电话",
    "const": "类型",
}
_KEY = re.compile(r"([a-z_]+?)_?\d+")


@dataclass(frozen=True)
class Template:
    """One template as the account's owner chose it on the platform.

    `fields` maps key to label, in order; empty means that any valid keys are taken. `consts` lists what a
    `const` field may hold.
    """

    id: str
    title: str = "服务通知"
    fields: Mapping[str, str] = field(default_factory=dict)
    consts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def check(template: Template, values: object) -> dict[str, str]:
    """The values by key, when each keeps the rule of its kind.

    Raises: Refused 47003, whose errmsg names the field.
    """
    if not isinstance(values, Mapping) or not values:
        raise Refused(47003, "argument invalid! data is empty")
    for key in template.fields:
        if key not in values:
            raise _invalid(key)
    return {str(key): _value(template, str(key), item) for key, item in values.items()}


def label(template: Template, key: str) -> str:
    """The words that stand before the value on the card."""
    return template.fields.get(key) or _LABELS.get(_kind(key), key)


def _value(template: Template, key: str, item: object) -> str:
    value = item.get("value") if isinstance(item, Mapping) else None
    rule = _RULES.get(_kind(key))
    if (
        not isinstance(value, str | int | float)
        or rule is None
        or (template.fields and key not in template.fields)
    ):
        raise _invalid(key)
    text = str(value)
    listed = template.consts.get(key)
    if not re.fullmatch(rule, text) or _unprintable(text) or (listed and text not in listed):
        raise _invalid(key)
    return text


def _kind(key: str) -> str:
    match = _KEY.fullmatch(key)
    return match[1] if match else ""


def _unprintable(text: str) -> bool:
    # Emoji are refused everywhere; below U+2000 "So" holds harmless signs such as ° and ©.
    return not text.strip() or any(
        unicodedata.category(char) in {"Cc", "Cs", "Co"}
        or (unicodedata.category(char) == "So" and ord(char) >= 0x2600)
        or char in "\u200d\ufe0f\u20e3"
        for char in text
    )


def _invalid(key: str) -> Refused:
    return Refused(47003, f"argument invalid! data.{key}.value invalid")
