"""Template values are held to the platform's rules, and a refusal names the field."""

from __future__ import annotations

import pytest

from sandbox.errors import Refused
from sandbox.template_fields import Template, check, label

ANY = Template("t")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "村" * 20),
        ("character_string2", "XL-2026-000123"),
        ("phrase3", "已派单"),
        ("name4", "三组网格员"),
        ("name4", "Zhang San"),
        ("number5", "3.5"),
        ("number5", 3),
        ("time6", "2026年11月23日 15:01"),
        ("time6", "2026-11-23 15:01:01"),
        ("time6", "15:01"),
        ("time6", "2026年11月23日 15:01~2026年11月24日 09:00"),
        ("date7", "2026年11月23日"),
        ("amount8", "￥12.50元"),
        ("phone_number9", "0514-87654321"),
        ("const10", "房屋修缮"),
        ("thing_11", "温度 20°C"),
    ],
)
def test_a_value_that_keeps_its_rule_passes(key: str, value: object) -> None:
    assert check(ANY, {key: {"value": value}}) == {key: str(value)}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "村" * 21),
        ("thing1", ""),
        ("thing1", "   "),
        ("thing1", "漏水😀"),
        ("thing1", "两\n行"),
        ("thing1", None),
        ("thing1", ["漏水"]),
        ("character_string2", "编号1"),
        ("character_string2", "x" * 33),
        ("phrase3", "办理中了没有"),
        ("phrase3", "ok"),
        ("name4", "村" * 11),
        ("name4", "三组3号"),
        ("number5", "三"),
        ("time6", "明天下午"),
        ("date7", "15:01"),
        ("first", "您好"),
        ("remark", "谢谢"),
        ("keyword1", "漏水"),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(Refused, match=f"data.{key}.value") as refused:
        check(ANY, {key: {"value": value}})

    assert refused.value.errcode == 47003


@pytest.mark.parametrize("values", [None, {}, [], "x"])
def test_values_of_another_shape_are_refused(values: object) -> None:
    with pytest.raises(Refused) as refused:
        check(ANY, values)

    assert refused.value.errcode == 47003


def test_a_described_template_wants_exactly_its_fields() -> None:
    template = Template(
        "t", fields={"thing1": "诉求内容", "const2": "类别"}, consts={"const2": ("房屋", "道路")}
    )
    good = {"thing1": {"value": "漏水"}, "const2": {"value": "房屋"}}

    assert check(template, good) == {"thing1": "漏水", "const2": "房屋"}
    for bad in (
        {"thing1": good["thing1"]},
        good | {"thing3": good["thing1"]},
        good | {"const2": {"value": "天"}},
    ):
        with pytest.raises(Refused):
            check(template, bad)
    assert label(template, "thing1") == "诉求内容"
    assert label(ANY, "time2") == "时间"
