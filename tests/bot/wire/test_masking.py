from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("11010519491231002X", "110*************2X"),
        ("11010519491231002x", "110*************2X"),
        ("我身份证110105 19491231 002X，电话13812345678", "我身份证110*************2X，电话13812345678"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110*************2X"),
        ("号码110105-19491231-002X。", "号码110*************2X。"),
        ("打错一位的110105194912310021也是别人的", "打错一位的110*************21也是别人的"),
        ("卡号6222021234567890128", "卡号622**************28"),
        ("6222 0212 3456 7890 128", "622**************28"),
        ("4111 1111 1111 1111", "411***********11"),
        ("4111-1111-1111-1111和11010519491231002X", "411***********11和110*************2X"),
        ("13812345678 4111111111111111", "13812345678 411***********11"),
        ("11010519491231002X 13812345678", "110*************2X 13812345678"),
    ],
)
def test_identity_and_bank_card_numbers_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我家漏水",
        "电话13812345678",
        "固话0514-87654321 手机13812345678",
        "三组12号，2026年11月23日23:15",
        "4111111111111112",
        "1234567890123456",
        "订单号12345678901234567890123",
        "电表 320000000000000001",
        "96345 12345 110 119 120",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert mask(text) == text


digits = st.text("0123456789Xx -*６", max_size=60)


@given(text=st.text(max_size=60) | digits)
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_the_end_of_a_masked_number_does_not_start_another_one() -> None:
    # The two digits left and the fifteen that follow would pass for a card.
    masked = mask("6222021234567894 141777631706690")

    assert masked == "622***********94 141777631706690"
    assert mask(masked) == masked


def test_numbers_that_run_into_each_other_are_masked_as_one() -> None:
    # The first sixteen of these twenty digits pass for a card, and so do the last sixteen.
    assert mask("6222 4992 32296197 4177") == "622***************77"


@given(before=st.text("路灯坏了 ：\n", max_size=8), after=st.text("路灯坏了，\n", max_size=8))
def test_a_number_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert "19491231" not in mask(f"{before}11010519491231002X{after}")
