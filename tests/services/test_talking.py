"""Words that move nothing: replies, questions, answers, notes."""

from __future__ import annotations

import pytest

from models import AppealEvent, AppealStatus, Conversation, Delivery, Notice
from services import access, handling, moving
from services.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.make import make_category
from tests.services.village import Village, make_village, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_a_reply_is_public_and_pushed_to_the_resident(village: Village) -> None:
    appeal = await village.appeal()
    await handling.reply(access.grid_actor(village.member), appeal.number, "明天上门看看")
    event = await AppealEvent.get(appeal_id=appeal.id)
    assert (event.verb, event.words, event.public) == ("reply", "明天上门看看", True)
    assert "明天上门看看" in (await told(appeal, Notice.PROGRESS))[village.resident.id]


async def test_a_question_waits_in_the_conversation_and_its_answer_goes_to_who_asked(
    village: Village,
) -> None:
    appeal = await village.appeal()
    leader = access.grid_actor(village.leader)

    await handling.ask(leader, appeal.number, "您家是几栋？")

    conversation = await Conversation.get(resident_id=village.resident.id)
    assert conversation.asked_id == appeal.id
    assert "您家是几栋" in (await told(appeal, Notice.ASKED))[village.resident.id]

    await handling.answer(access.resident_actor(village.resident.id), appeal.number, "五栋")

    answers = await told(appeal, Notice.ANSWERED)
    assert set(answers) == {village.leader.resident_id}
    assert "五栋" in answers[village.leader.resident_id or 0]
    assert (await Conversation.get(id=conversation.id)).asked_id is None
    assert await verbs(appeal) == ["ask", "answer"]


async def test_what_was_merged_names_where_to_talk(village: Village) -> None:
    main, twin = await village.appeal(), await village.appeal(village.duty)
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, twin.number, main.number)
    before = await Delivery.all().count()

    for verb, word in ((handling.reply, "回复"), (handling.ask, "问")):
        with pytest.raises(IllegalMove, match=f"已并入 {main.number}") as refused:
            await verb(duty, twin.number, "您家几栋")
        assert f"请回复：{word} {main.number} " in refused.value.told

    assert await Delivery.all().count() == before
    assert (await Conversation.get(resident_id=village.resident.id)).asked_id is None


async def test_an_answer_that_nobody_asked_for_goes_to_the_holder(village: Village) -> None:
    appeal = await village.appeal()
    await handling.answer(access.resident_actor(village.resident.id), appeal.number, "是五栋")
    assert set(await told(appeal, Notice.ANSWERED)) == {village.member.resident_id}


async def test_an_answer_of_a_delicate_matter_is_not_pushed_in_words(village: Village) -> None:
    delicate = await make_category(delicate=True)
    appeal = await village.appeal(category=delicate)
    await handling.ask(access.grid_actor(village.member), appeal.number, "方便电话吗")
    await handling.answer(access.resident_actor(village.resident.id), appeal.number, "晚上八点以后")
    assert "八点" not in str(await told(appeal, Notice.ANSWERED))


async def test_a_note_is_for_colleagues_alone(village: Village) -> None:
    appeal = await village.appeal()
    await handling.note(access.grid_actor(village.member), appeal.number, "已约周三")
    assert not (await AppealEvent.get(appeal_id=appeal.id)).public
    assert await Delivery.all().count() == 0


async def test_only_the_holder_and_whoever_has_it_in_scope_may_talk(village: Village) -> None:
    appeal = await village.appeal()
    other = await make_village()
    for holder in (village.second, other.member, other.leader):
        for verb in (handling.reply, handling.ask, handling.note):
            with pytest.raises((Forbidden, NotFound)):
                await verb(access.grid_actor(holder), appeal.number, "x")
    for verb in (handling.reply, handling.ask, handling.note):
        with pytest.raises(Forbidden):
            await verb(access.resident_actor(village.resident.id), appeal.number, "x")
    assert await AppealEvent.all().count() == 0
    assert (await Conversation.get(resident_id=village.resident.id)).asked_id is None


async def test_a_former_holder_sees_it_but_may_not_talk(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    former = access.grid_actor(village.member)
    await handling.hand_over(former, appeal.number, "不归我")
    with pytest.raises(Forbidden, match="不是您在办"):
        await handling.reply(former, appeal.number, "x")


async def test_only_the_reporter_answers(village: Village) -> None:
    appeal = await village.appeal()
    with pytest.raises(Forbidden):
        await handling.answer(access.grid_actor(village.member), appeal.number, "x")


@pytest.mark.parametrize("words", ["", "   ", "长" * (moving.MOST_WORDS + 1)])
async def test_empty_and_endless_words_are_refused_with_a_hint(village: Village, words: str) -> None:
    appeal = await village.appeal()
    actor = access.grid_actor(village.member)
    for verb in (handling.reply, handling.ask, handling.note, handling.give_back, handling.resolve):
        with pytest.raises(Invalid) as refused:
            await verb(actor, appeal.number, words)
        assert "请" in refused.value.message
