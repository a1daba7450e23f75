from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.wechat_fields import fit_fields, kind_of

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# What the platform takes, written down apart from the code that makes it.
RULES = {
    "thing": r".{1,20}",
    "const": r".{1,20}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "phrase": rf"[{HAN}]{{1,5}}",
    "name": rf"[{HAN}·]{{1,10}}|[A-Za-z .'\-]{{1,20}}",
    "number": r"-?[0-9]{1,32}(\.[0-9]+)?",
    "amount": r"[¥￥$€£]?-?[0-9]{1,10}(\.[0-9]+)?元?",
    "letter": r"[A-Za-z]{1,32}",
    "phone_number": r"[0-9+-]{1,17}",
    "car_number": r".{1,8}",
}


def fit(kind: str, value: str) -> str:
    return fit_fields({f"{kind}1": value})[f"{kind}1"]


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        ("thing", "三组东头王家门口的路灯坏了", "三组东头王家门口的路灯坏了"),
        ("thing", "一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十"),
        ("thing", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
        ("thing", "漏水\n\t很大😀👨‍👩‍👧❤️", "漏水 很大"),
        ("thing", "气温28℃", "气温28℃"),
        ("thing", " \n", "无"),
        ("thing", "😀", "无"),
        ("const", "已派单", "已派单"),
        ("character_string", "1024", "1024"),
        ("character_string", "编号1024号", "1024"),
        ("character_string", "ＡＢ－１２", "AB-12"),
        ("character_string", "水", "-"),
        ("phrase", "办理中", "办理中"),
        ("phrase", "已派单 1024!", "已派单"),
        ("phrase", "等待社区值班人员受理", "等待社区值"),
        ("phrase", "ok", "无"),
        ("name", "三组网格员", "三组网格员"),
        ("name", "三组网格员（代）", "三组网格员代"),
        ("name", "Li Lei", "Li Lei"),
        ("name", "13", "无"),
        ("number", "共 12 件", "12"),
        ("number", "３", "3"),
        ("number", "三", "0"),
        ("amount", "¥12.50", "¥12.50"),
        ("amount", "约 300 元", "300元"),
        ("phone_number", "电话 0514-87654321", "0514-87654321"),
        ("car_number", "苏K 12345", "苏K12345"),
        ("letter", "三A组b", "Ab"),
        ("time", "2026-11-23T23:15:07+08:00", "2026年11月23日 23:15"),
        ("time", "2026-11-03 09:05", "2026年11月3日 09:05"),
        ("time", "2026年11月23日 9:05", "2026年11月23日 09:05"),
        ("time", "15:01", "15:01"),
        ("time", "2026-11-23 15:01~2026-11-23 16:00", "2026年11月23日 15:01~2026年11月23日 16:00"),
        ("date", "2026/1/2", "2026年1月2日"),
        ("date", "15:01", "15:01"),
        ("time", "明天下午", "明天下午"),
    ],
)
def test_a_value_is_made_to_fit_its_kind(kind: str, value: str, fitted: str) -> None:
    assert fit(kind, value) == fitted


def test_a_rare_character_counts_as_the_two_units_that_the_platform_counts() -> None:
    assert fit("thing", "𠮷" * 11) == "𠮷" * 9 + "…"


def test_kinds_can_be_named_for_keys_that_do_not_say_them() -> None:
    assert fit_fields({"status": "等待社区值班人员受理"}, {"status": "phrase"}) == {"status": "等待社区值"}


def test_an_unknown_kind_is_taken_for_a_thing() -> None:
    assert fit("novelty", "字" * 30) == "字" * 19 + "…"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("thing1", "thing"),
        ("character_string12", "character_string"),
        ("time", "time"),
        ("phrase_3", "phrase"),
        ("7", ""),
    ],
)
def test_a_key_names_its_kind(key: str, kind: str) -> None:
    assert kind_of(key) == kind


@pytest.mark.parametrize("kind", RULES)
@given(value=st.text(max_size=60) | st.text("三组漏水0123456789.-ab¥元 😀\n", max_size=60))
def test_whatever_comes_in_keeps_the_rule_and_stays_so(kind: str, value: str) -> None:
    fitted = fit(kind, value)

    assert re.fullmatch(RULES[kind], fitted)
    assert fitted.strip() == fitted
    assert not any(unicodedata.category(one) in {"Cc", "Cs"} for one in fitted)
    assert fit(kind, fitted) == fitted
