"""评价 in chat: who came says how it was, in one plain line, and no digit alone says anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bot.handlers.surveying import Said, read
from models import (
    Appeal,
    Conversation,
    Notice,
    SignUp,
    SignUpState,
    Slot,
    Survey,
    UncheckedWords,
    WordsCheck,
)
from services.slots import signup, survey
from tests.bot.village import Village, newest, pushed, say, taken
from tests.make import make_offering, make_slot

_DAYS = count(1)
"""Nobody signs up for two things at one time."""


async def came(village: Village, title: str, *, days: int = 1, **values: Any) -> SignUp:
    """`resident-1` was there, so many days ago."""
    offering = await make_offering(village.xinlian, title=title, **values)
    moment = datetime.now(UTC)
    slot = await make_slot(offering, starts_at=moment + timedelta(days=next(_DAYS)), opens_at=moment)
    talk = await Conversation.get(account="oa", openid="resident-1")
    me = int(talk.resident_id or 0)
    made = await signup.sign_up(me, slot.id, [f"r{me}"])
    await SignUp.filter(id=made.id).update(state=SignUpState.ATTENDED)
    ended = datetime.now(UTC) - timedelta(days=days)
    await Slot.filter(id=slot.id).update(starts_at=ended - timedelta(hours=1), ends_at=ended)
    return made


async def kept(made: SignUp) -> tuple[dict[str, int], dict[str, str]]:
    found = await Survey.get(sign_up_id=made.id)
    return found.ratings, json.loads(found.words or "{}")


@pytest.mark.parametrize(
    ("text", "points", "words"),
    [
        ("5分", 5, ""),
        ("５分，老师讲得好", 5, "老师讲得好"),
        ("打4分 下次还来", 4, "下次还来"),
        ("五星", 5, ""),
        ("老师讲得好 三分", 3, "老师讲得好"),
        ("5 老师讲得好", 5, "老师讲得好"),
        ("10分", 10, ""),
        ("满意 老师讲得好", 5, "老师讲得好"),
        ("一般", 3, ""),
        ("很不满意，太吵", 1, "太吵"),
        ("老师十分耐心", None, "老师十分耐心"),
        ("走5分钟就到", None, "走5分钟就到"),
        ("只上了三星期", None, "只上了三星期"),
        ("一分钱一分货", None, "一分钱一分货"),
        ("2026年的课最好", None, "2026年的课最好"),
        ("", None, ""),
    ],
)
def test_points_and_words_are_told_apart(text: str, points: int | None, words: str) -> None:
    assert read(text) == Said(points, words)


@pytest.mark.parametrize(
    "text", ["评价 书画室 5分 老师讲得好", "评价书画室5分，老师讲得好", "评价「书画室」满意 老师讲得好"]
)
async def test_who_came_says_how_it_was_in_one_line(village: Village, text: str) -> None:
    made = await came(village, "书画室")

    told = await say(text)

    assert "「书画室」记下了：5 分，“老师讲得好”" in told
    assert await kept(made) == ({"总体满意吗": 5}, {"想说的话": "老师讲得好"})
    assert [one.verdict for one in await UncheckedWords.all()] == [WordsCheck.CHAT]
    assert await Appeal.all().count() == 0


async def test_the_push_says_how_and_what_it_says_works(village: Village) -> None:
    made = await came(village, "书画室", days=0)
    assert await survey.offer_due() == 1
    text = (await pushed(Notice.PLACE, "resident-1"))[-1].payload["text"]
    assert "回复：评价 书画室 5分" in text

    await say("评价 书画室 5分")

    assert await kept(made) == ({"总体满意吗": 5}, {})


async def test_what_is_said_later_is_added_and_points_can_be_changed(village: Village) -> None:
    made = await came(village, "书画室")
    await say("评价 书画室 5分 老师讲得好")
    await UncheckedWords.all().delete()

    await say("评价 书画室 4分")
    assert await kept(made) == ({"总体满意吗": 4}, {"想说的话": "老师讲得好"})
    assert await UncheckedWords.all().count() == 0
    await say("评价 书画室 就是有点挤")
    assert await kept(made) == ({"总体满意吗": 4}, {"想说的话": "就是有点挤"})
    assert await UncheckedWords.all().count() == 1


async def test_without_a_name_it_is_the_only_one_or_asked_for(village: Village) -> None:
    first = await came(village, "书画室")
    assert "评价 书画室 5分" in await say("评价")
    await say("评价 3")
    assert (await kept(first))[0] == {"总体满意吗": 3}

    await came(village, "扬剧沙龙")
    told = await say("评价 5分")
    assert "「书画室」" in told
    assert "「扬剧沙龙」" in told
    assert (await kept(first))[0] == {"总体满意吗": 3}


async def test_a_digit_alone_answers_nothing(village: Village) -> None:
    await came(village, "书画室")
    await say("评价")

    assert "没有要您选数字" in await say("5")
    assert await Survey.all().count() == 0


async def test_a_longer_title_is_not_taken_for_a_shorter_one(village: Village) -> None:
    short, long = await came(village, "书画"), await came(village, "书画室")

    await say("评价 书画室 2分")

    assert (await kept(long))[0] == {"总体满意吗": 2}
    assert await Survey.filter(sign_up_id=short.id).count() == 0


async def test_of_a_series_the_last_time_without_an_answer_is_meant(village: Village) -> None:
    first, second = await came(village, "书画室", days=3), await came(village, "书画室", days=1)

    await say("评价 书画室 5分")
    await say("评价 书画室 4分")
    await say("评价 书画室 3分")

    assert (await kept(first))[0] == {"总体满意吗": 4}
    assert (await kept(second))[0] == {"总体满意吗": 3}


async def test_points_beyond_the_scale_are_refused_in_words(village: Village) -> None:
    await came(village, "书画室")

    assert "1 到 5 分" in await say("评价 书画室 10分")
    assert await Survey.all().count() == 0


async def test_questions_of_their_own_are_answered_as_far_as_the_line_goes(village: Village) -> None:
    asked = [{"label": "老师", "kind": "rating"}, {"label": "场地", "kind": "rating"}]
    made = await came(village, "书画室", survey=asked)
    words = await came(village, "扬剧沙龙", survey=[{"label": "建议", "kind": "words"}])

    told = await say("评价 书画室 4分")
    assert "场地" in told
    assert await kept(made) == ({"老师": 4}, {})
    assert "只问打分" in await say("评价 书画室 4分 太挤")
    assert "不用打分" in await say("评价 扬剧沙龙 4分")
    await say("评价 扬剧沙龙 多办几次")
    assert await kept(words) == ({}, {"建议": "多办几次"})


async def test_nothing_to_answer_and_what_is_no_answer_at_all(village: Village) -> None:
    assert "没有等您评价" in await say("评价 书画室 5分")
    assert await Appeal.all().count() == 0

    await say("评价你们的工作太慢，三组路灯不亮一个月了")
    assert (await newest()).text.startswith("评价你们")


async def test_danger_behind_it_is_an_alarm(village: Village) -> None:
    await came(village, "书画室")

    assert "119" in await say("评价 书画室 三组着火了快来人")
    assert (await newest()).urgency == "emergency"
    assert await Survey.all().count() == 0


async def test_appeals_that_wait_for_a_verdict_are_named_too(village: Village) -> None:
    appeal = await taken()
    await say(f"办结 {appeal.number} 修好了", "grid-3")
    for words in ("评价", "评价 5分", "评价满意"):
        assert f"满意 {appeal.number}" in await say(words)

    await came(village, "书画室")
    told = await say("评价")
    assert "「书画室」" in told
    assert f"满意 {appeal.number}" in told


async def test_the_number_of_an_appeal_is_for_another_command(village: Village) -> None:
    await came(village, "书画室")

    assert "满意 1001" in await say("评价 1001 很好")
    assert await Survey.all().count() == 0
