"""Dangers, and what excuses them."""

from __future__ import annotations

import pytest

from nlp.signs import NUMBERS, read
from nlp.urgency import urgency


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("家里煤气漏了", "119"),
        ("着火了", "119"),
        ("我爸摔倒了起不来", "120"),
        ("老人晕倒了", "120"),
        ("有小偷进来了", "110"),
        ("我妈走丢了", "110"),
        ("困在电梯里", "119"),
    ],
)
def test_the_fitting_number_stands_first(text: str, first: str) -> None:
    assert urgency(text).numbers[0] == first


def test_few_words_that_may_be_circumstances_are_a_faint_alarm() -> None:
    assert urgency("眼睛都睁不开").faint
    assert not urgency("家里着火了快来人").faint


@pytest.mark.parametrize(
    "text",
    [
        "挺满意的",
        "孩子掉了颗牙",
        "被蚊子咬了",
        "被打扰得睡不着",
        "煤气灶旋钮断了",
        "老鼠把米袋子咬破了",
        "热水器放不出热水",
        "猫把沙发抓破了",
    ],
)
def test_a_single_suspicious_word_is_no_alarm(text: str) -> None:
    assert not urgency(text).urgent


@pytest.mark.parametrize("text", ["电梯卡在四楼，里头有人", "闻到煤气味", "孩子被狗咬了", "我爸掉沟里了"])
def test_few_words_that_tell_of_a_danger_are_an_alarm(text: str) -> None:
    assert urgency(text).urgent


def test_a_gas_leak_names_the_gas_company_too() -> None:
    assert "燃气公司" in urgency("燃气泄漏了").numbers


@pytest.mark.parametrize(
    "text",
    [
        "不想活了",
        "活着没意思",
        "想跳楼",
        "死了算了",
        "想喝农药",
        "我去年就想自杀 现在更想",
        "活不下去了",
        "自己了断算了",
        "早晚一死 不如今天",
        "我媳妇喝了百草枯",
    ],
)
def test_thoughts_of_death_are_flagged(text: str) -> None:
    found = urgency(text)

    assert found.urgent
    assert found.self_harm


@pytest.mark.parametrize(
    "text", ["累死了", "气死我了", "跳楼价大甩卖", "想死你了", "热死了受不了", "活动真有意思"]
)
def test_figures_of_speech_are_not(text: str) -> None:
    assert not urgency(text).urgent


@pytest.mark.parametrize(
    ("calm", "alarm"),
    [
        ("去年老人摔倒过", "老人摔倒了"),
        ("怕老人摔倒", "老人刚才摔倒了"),
        ("去年冬天，老人摔倒了", "去年说过路滑，老人现在摔倒了"),
        ("如果着火了怎么跑", "已经着火了"),
        ("火灾隐患没人管", "发生火灾了"),
        ("燃气报警器在哪买", "燃气报警器响了，厨房有煤气味"),
        ("防溺水宣传", "孩子溺水了"),
        ("儿子三年没回家", "儿子早上出去到现在没回家"),
        ("我的钱包丢了找不到了", "孩子不见了"),
        ("被打扰得睡不着", "被打了"),
    ],
)
def test_what_is_past_feared_or_only_talked_about_is_no_alarm(calm: str, alarm: str) -> None:
    assert not urgency(calm).urgent
    assert urgency(alarm).urgent


def test_every_kind_of_danger_that_is_learned_has_numbers() -> None:
    assert len(read("").kinds) == len(NUMBERS)
    assert all(NUMBERS.values())


def test_an_alarm_names_the_words_that_told_it() -> None:
    assert "着火" in "".join(urgency("三组那边着火了快来").matched)
