"""The content check over real HTTP: what the platform says, and what is done when it says nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from models import Alert, ChannelHalt, Conversation, WordsCheck
from services import content_check, halts
from services.content_check import WordsRefused
from tests.make import make_resident
from tests.outside import Outside, outside

PATH = "/wxa/msg_sec_check"


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


@pytest.fixture
async def talk(wechat: Outside) -> Conversation:
    """Somebody who is in the mini-program at this moment."""
    _ = await make_resident(openid="mini-1", account="mini")
    wechat.platform.phones.get("mini", "mini-1").active_at = wechat.platform.now()
    return await Conversation.get(openid="mini-1")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("老师很耐心", WordsCheck.PASSED),
        ("加微信领红包", WordsCheck.REVIEW),
        ("来网络赌博", WordsCheck.RISKY),
    ],
)
async def test_the_platform_says_what_it_thinks(
    wechat: Outside, talk: Conversation, words: str, found: WordsCheck
) -> None:
    assert await content_check.check(wechat.clients, talk, ["很好", words]) is found


async def test_long_words_are_checked_to_their_end_and_the_gravest_answer_counts(
    wechat: Outside, talk: Conversation
) -> None:
    words = ["好" * content_check.PIECE, "加微信领红包", "好" * content_check.PIECE, "网络赌博"]

    assert await content_check.check(wechat.clients, talk, words) is WordsCheck.RISKY
    assert len(wechat.calls(PATH)) == 3


async def test_nothing_said_is_not_asked_about(wechat: Outside, talk: Conversation) -> None:
    assert await content_check.check(wechat.clients, talk, ["", "  "]) is WordsCheck.PASSED
    assert wechat.calls(PATH) == []


async def test_who_was_not_in_the_mini_program_for_two_hours_cannot_be_checked(
    wechat: Outside, talk: Conversation
) -> None:
    wechat.platform.phones.get("mini", "mini-1").active_at = wechat.platform.now() - 2 * 3600 - 1

    assert await content_check.check(wechat.clients, talk, ["网络赌博"]) is WordsCheck.INACTIVE
    assert await Alert.all().count() == 0


async def test_a_busy_platform_leaves_words_unchecked_and_disturbs_nobody(
    wechat: Outside, talk: Conversation
) -> None:
    wechat.fault(PATH, errcode=-1, times=1)

    assert await content_check.check(wechat.clients, talk, ["好"]) is WordsCheck.UNAVAILABLE
    assert await Alert.all().count() == 0
    assert await content_check.check(wechat.clients, talk, ["好"]) is WordsCheck.PASSED


async def test_a_platform_that_does_not_answer_is_waited_for_so_long_and_no_longer(
    wechat: Outside, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_check, "PATIENCE_SECONDS", 0.2)
    wechat.fault(PATH, delay=30)

    assert await content_check.check(wechat.clients, talk, ["好"]) is WordsCheck.UNAVAILABLE


@pytest.mark.parametrize(("errcode", "api"), [(45009, content_check.API), (40164, halts.EVERYTHING)])
async def test_what_must_rest_is_asked_once_and_staff_hear_of_it(
    wechat: Outside, talk: Conversation, errcode: int, api: str
) -> None:
    wechat.fault(PATH, errcode=errcode)

    found = [await content_check.check(wechat.clients, talk, ["好"]) for _ in range(3)]

    assert set(found) == {WordsCheck.UNAVAILABLE}
    assert len(wechat.calls(PATH)) == 1
    assert [(one.account, one.api, one.code) for one in await ChannelHalt.all()] == [("mini", api, errcode)]
    assert "待看的话" in (await Alert.get()).words


async def test_a_process_without_wechat_checks_nothing(wechat: Outside, talk: Conversation) -> None:
    assert await content_check.check(None, talk, ["好"]) is WordsCheck.UNAVAILABLE


def test_risky_words_are_refused_in_words_and_with_a_code() -> None:
    with pytest.raises(WordsRefused, match="换个说法") as refusal:
        content_check.refuse_risky(WordsCheck.RISKY)
    assert (refusal.value.code, refusal.value.status) == ("words_refused", 422)
    for other in set(WordsCheck) - {WordsCheck.RISKY}:
        content_check.refuse_risky(other)
