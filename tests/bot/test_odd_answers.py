"""Words that sound like small talk, and that somebody waits for."""

from __future__ import annotations

import pytest

from models import Appeal, AppealEvent, Rating
from tests.bot.village import Village, say, taken


@pytest.mark.parametrize(
    "words",
    ["修好了", "好的，谢谢", "谢谢，是三组的", "你好，在家的", "在桥上", "就在村口大槐树下", "我一直在家"],
)
async def test_what_answers_a_responder_reaches_them(village: Village, words: str) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 现在怎么样", "grid-3")

    reply = await say(words)

    assert str(appeal.number) in reply
    assert await Appeal.all().count() == 1
    assert await AppealEvent.filter(appeal_id=appeal.id, verb="answer", words__contains=words).count() == 1


@pytest.mark.parametrize("words", ["修好了，灯亮了", "已经处理了", "去看过了，明天修", "您好，我在现场"])
async def test_a_responder_without_a_verb_is_asked_whose_words_they_are(village: Village, words: str) -> None:
    appeal = await taken()

    reply = await say(words, "grid-3")

    assert f"是回复 {appeal.number}" in reply or f"是回复{appeal.number}" in reply
    assert await Appeal.all().count() == 1


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("我不满意", Rating.UNHAPPY),
        ("不太满意", Rating.UNHAPPY),
        ("一般，太慢了", Rating.FAIR),
        ("挺满意的", Rating.HAPPY),
    ],
)
async def test_a_rating_in_plain_words_is_one(village: Village, words: str, rating: Rating) -> None:
    appeal = await taken()
    await say(f"办结 {appeal.number} 换了灯泡", "grid-3")

    await say(words)

    assert (await Appeal.get(id=appeal.id)).rating is rating
    assert await Appeal.all().count() == 1
