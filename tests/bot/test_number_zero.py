"""No appeal has the number 0: a command with it is refused, and acts on no other."""

from __future__ import annotations

import pytest

from models import AppealStatus, Notice
from tests.bot.village import Village, newest, pushed, say, taken


@pytest.mark.parametrize("zero", ["0", "0000"])
@pytest.mark.parametrize("words", ["", " 修好了", " 明天 等配件"])
@pytest.mark.parametrize(
    "verb", ["接单", "办结", "挂起", "退单", "转派", "问", "备注", "看", "恢复", "误报", "回复"]
)
async def test_of_a_responder(village: Village, verb: str, zero: str, words: str) -> None:
    appeal = await taken()

    reply = await say(f"{verb} {zero}{words}", "grid-3")

    assert "没有编号 0" in reply
    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.ACCEPTED


@pytest.mark.parametrize("zero", ["0", "0000"])
@pytest.mark.parametrize(
    "command",
    [
        "回复 {} 在家",
        "回复 {}",
        "撤回 {}",
        "撤回 {} 不要了",
        "满意 {} 谢谢",
        "不满意 {}",
        "进度 {}",
        "误报 {}",
    ],
)
async def test_of_a_resident(village: Village, command: str, zero: str) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 在家吗？", "grid-3")

    reply = await say(command.format(zero))

    assert "没有编号 0" in reply
    assert (await newest()).status is AppealStatus.ACCEPTED
    assert await pushed(Notice.ANSWERED, "grid-3") == []


@pytest.mark.parametrize("words", ["办结 0.5 吨垃圾拉走了", "办结 00后志愿者修好了"])
async def test_a_zero_that_begins_a_word_is_no_number(village: Village, words: str) -> None:
    appeal = await taken()

    assert f"{appeal.number} 已办结" in await say(words, "grid-3")
