"""Two matters in one message."""

from __future__ import annotations

import pytest

from bench.bursts import read_bursts, read_messages
from nlp import Topic, judge, load_pack
from nlp.topics import announces_another, opens_another


def _topics(text: str) -> tuple[Topic, ...]:
    return judge(text, load_pack("village").lexicon()).topics


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("路灯坏了，还有我妈的养老金没发", ["traffic", "social_security"]),
        ("我家水管爆了。另外小区电梯也坏了", ["utilities", "property"]),
        ("医保卡丢了怎么补办 还有三组的垃圾没人收", ["social_security", "sanitation"]),
        ("低保怎么申请，顺便问一下扬剧团哪天来", ["hardship_aid", "culture_sport"]),
    ],
)
def test_clearly_different_matters_are_told_apart(text: str, codes: list[str]) -> None:
    assert [topic.code for topic in _topics(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了，晚上看不见，老人容易摔",
        "停电了，水也没了",
        "垃圾没人收，也没人管，臭死了",
        "自来水发黄还有味道",
        "学校门口路灯坏了",
        "老人一个人在家，没人烧饭，腿脚也不好",
        "孩子上学的路上没有路灯，还有大货车",
    ],
)
def test_one_matter_with_its_circumstances_stays_one(text: str) -> None:
    assert _topics(text) == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("停电一下午了 家里水管也漏 垃圾没人收", ["utilities"]),
        ("门口垃圾没人收 村里路灯也坏了", ["sanitation", "traffic"]),
        ("三组的路灯坏了，电梯也坏，垃圾也不清，保安也不管", []),
        ("两件事 一是低保什么时候批 二是桥栏杆断了", ["hardship_aid", "traffic"]),
    ],
)
def test_blanks_part_clauses_and_an_enumeration_is_one_complaint(text: str, codes: list[str]) -> None:
    assert [topic.code for topic in _topics(text)] == (codes if len(codes) > 1 else [])


def test_a_matter_of_unclear_category_is_one_of_its_own_all_the_same() -> None:
    first, second = _topics("工资拖了半年没发，还有我娃上学户口的事怎么办")

    assert (first.code, first.sure) == ("employment", True)
    assert not second.sure


@pytest.mark.parametrize(
    ("text", "current", "another"),
    [
        ("门口垃圾也没人收", "traffic", True),
        ("对了 我妈的养老金这个月没到", "utilities", True),
        ("另外你们上次说的那个棚子怎么还没拆", "utilities", True),
        ("我要上班", "child_youth", False),
        ("孩子还在上学", "hardship_aid", False),
        ("打电话没人接", "social_security", False),
        ("车牌没看清", "sanitation", False),
        ("咳嗽", "farming", False),
        ("家长车乱停", "education", False),
        ("家长车乱停", "utilities", True),
        ("污水都冒到路上了", "sanitation", False),
        ("另外钱也不退", "consumer", False),
        ("快点来人吧", "traffic", False),
    ],
)
def test_circumstances_open_no_other_matter(text: str, current: str, another: bool) -> None:
    assert opens_another(text, judge(text, load_pack("village").lexicon()), current) is another


def test_words_that_announce_something_else() -> None:
    assert announces_another("对了 路灯")
    assert announces_another("還有個事")
    assert not announces_another("还有味道")


def test_the_sets_are_large_enough_to_measure_with() -> None:
    messages, bursts = read_messages(), read_bursts()
    assert len(messages) >= 80
    assert sum(bool(message.codes) for message in messages) >= 30
    assert len(bursts) >= 60
    assert all(2 <= len(burst) <= 5 for burst in bursts)
    codes = {category.code for category in load_pack("village").categories}
    assert {code for message in messages for code in message.codes} <= codes


def test_each_topic_keeps_its_own_words_as_written() -> None:
    first, second = _topics("三組路燈壞了，晚上看不見，還有我媽的養老金沒發")

    assert first == Topic("traffic", "三組路燈壞了，晚上看不見")
    assert second == Topic("social_security", "還有我媽的養老金沒發")
