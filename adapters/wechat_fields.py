"""Fields of template and subscribe messages, made to fit the platform's rules, so that 47003 does not happen.

The key of a field names its kind (`thing1`, `character_string2`). No kind takes emoji, line breaks or nothing
at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

_KEY = re.compile(r"([a-z_]+?)_?\d*")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NOT_HAN = re.compile(f"[^{_HAN}]")
_LATIN_NAME = re.compile(r"[A-Za-z .'-]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_AMOUNT = re.compile(r"([¥￥$€£]?)(-?\d{1,10}(?:\.\d{1,2})?)\d*\s*(元?)", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:：](\d{2})(?::\d{2})?(?!\d)", re.ASCII)
_FIRST_PICTURE = "\u2300"  # signs below it, such as ℃, are taken
_EMOJI_PARTS = frozenset("\u200d\u20e3")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Sk", "Mn", "Me", "Zl", "Zp"})
_NOTHING = "无"


def fit_fields(values: Mapping[str, str], kinds: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every value cleaned and shortened to the rule of its kind; idempotent.

    `kinds` (key -> kind) is needed only for keys that do not name it. What cannot be turned into a time stays
    as it is, and is refused by WeChat: a time that nobody meant would be worse. An unknown kind is taken for
    `thing`.
    """
    named = kinds or {}
    return {
        key: _FITS.get(named.get(key) or kind_of(key), _thing)(_plain(value)) for key, value in values.items()
    }


def kind_of(key: str) -> str:
    """The kind that a key names: `thing` for `thing1`, `character_string` for `character_string2`."""
    match = _KEY.fullmatch(key)
    return match[1] if match else ""


def _plain(value: str) -> str:
    kept = (" " if character.isspace() else character for character in value)
    return " ".join("".join(one for one in kept if not _refused(one)).split())


def _refused(character: str) -> bool:
    # Emoji are symbols (So) or modifiers of such (Sk); the platform refuses them in every field.
    category = unicodedata.category(character)
    pictured = category == "So" and character >= _FIRST_PICTURE
    return pictured or character in _EMOJI_PARTS or category in _REFUSED_CATEGORIES


def _short(text: str, limit: int, mark: str = "…") -> str:
    # Counted in UTF-16 units, as the platform does: rare characters of names and places count twice.
    if _units(text) <= limit:
        return text
    room, kept = limit - len(mark), ""
    for character in text:
        room -= _units(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _thing(text: str) -> str:
    return _short(text, 20) or _NOTHING


def _const(text: str) -> str:
    return _short(text, 20, mark="") or _NOTHING


def _character_string(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKC", text).encode("ascii", "ignore").decode()
    return " ".join(ascii_only.split())[:32].strip() or "-"


def _phrase(text: str) -> str:
    return _NOT_HAN.sub("", text)[:5] or _NOTHING


def _name(text: str) -> str:
    if _LATIN_NAME.fullmatch(text):
        return text[:20].strip()
    return re.sub(f"[^{_HAN}·]", "", text)[:10] or _NOTHING


def _number(text: str) -> str:
    match = _NUMBER.search(unicodedata.normalize("NFKC", text))
    return match[0][:32].rstrip(".") if match else "0"


def _amount(text: str) -> str:
    match = _AMOUNT.search(text)
    return "".join(match.groups()) if match else "0元"


def _letter(text: str) -> str:
    return re.sub("[^A-Za-z]", "", text)[:32] or "N"


def _phone(text: str) -> str:
    return re.sub(r"[^0-9+-]", "", text)[:17] or "-"


def _car(text: str) -> str:
    return _short(text.replace(" ", ""), 8, mark="") or _NOTHING


def _time(text: str) -> str:
    return _moment(text, need_day=False)


def _date(text: str) -> str:
    return _moment(text, need_day=True)


def _moment(text: str, *, need_day: bool) -> str:
    if "~" in text:
        return "~".join(_moment(part, need_day=need_day) for part in text.split("~", 1))
    # ISO 8601 puts a T between; a zone at the end is left out, our times are local already.
    day, clock = _DAY.search(text), _CLOCK.search(text.replace("T", " "))
    parts = []
    if day:
        parts.append(f"{day[1]}年{int(day[2])}月{int(day[3])}日")
    if clock:
        parts.append(f"{int(clock[1]):02d}:{clock[2]}")
    if not parts or (need_day and not day):
        return text
    return " ".join(parts)


_FITS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "thing": _thing,
        "const": _const,
        "character_string": _character_string,
        "phrase": _phrase,
        "name": _name,
        "number": _number,
        "amount": _amount,
        "letter": _letter,
        "phone_number": _phone,
        "car_number": _car,
        "time": _time,
        "date": _date,
    }
)
