"""Two matters in one message."""

from __future__ import annotations

import pytest

from nlp import Topic, judge, load_pack


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


def test_each_topic_keeps_its_own_words_as_written() -> None:
    first, second = _topics("三組路燈壞了，晚上看不見，還有我媽的養老金沒發")

    assert first == Topic("traffic", "三組路燈壞了，晚上看不見")
    assert second == Topic("social_security", "還有我媽的養老金沒發")
