"""Grid members, organizations and staff work by short replies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.recovery import recover_inbox
from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Attachment,
    AuditEntry,
    Conversation,
    Delivery,
    GridMember,
    Notice,
)
from services import access, handling
from services.clock import now
from tests.bot.village import Village, later, message, newest, owner, pushed, say, send, taken


async def test_the_owner_accepts_and_resolves_and_the_resident_is_told_each_time(village: Village) -> None:
    await say("三组路灯不亮")
    number = (await newest()).number

    assert "已接单" in await say(f"接单{number}", "grid-3")
    assert "已办结" in await say(f"办结 {number} 换了灯泡", "grid-3")

    appeal = await newest()
    assert appeal.status is AppealStatus.RESOLVED
    assert appeal.result == "换了灯泡"
    told = [one.payload["text"] for one in await pushed(Notice.PROGRESS, "resident-1")]
    assert len(told) == 2
    assert f"满意 {number}" in told[1]


async def test_the_number_may_be_left_out_when_one_appeal_fits(village: Village) -> None:
    await say("三组路灯不亮")

    assert "已接单" in await say("接单", "grid-3")
    assert "已办结" in await say("办结 修好了", "grid-3")


async def test_several_that_fit_are_asked_back_and_chosen_by_digit(village: Village) -> None:
    await say("三组路灯不亮")
    first = await newest()
    await say("三组门口垃圾没人收", "villager")
    second = await newest()

    reply = await say("接单", "grid-3")
    assert str(first.number) in reply
    assert str(second.number) in reply
    place = next(line for line in reply.splitlines() if str(first.number) in line)[0]
    assert "已接单" in await say(place, "grid-3")

    await first.refresh_from_db()
    await second.refresh_from_db()
    assert (first.status, second.status) == (AppealStatus.ACCEPTED, AppealStatus.ASSIGNED)


async def test_the_number_answers_which_one_as_well(village: Village) -> None:
    await say("三组路灯不亮")
    first = await newest()
    await say("三组门口垃圾没人收", "villager")

    await say("办结 都弄好了", "grid-3")
    await say(str(first.number), "grid-3")

    await first.refresh_from_db()
    assert first.status is AppealStatus.RESOLVED
    assert first.result == "都弄好了"


async def test_handing_over_returning_and_suspending(village: Village) -> None:
    await say("三组路灯不亮")
    number = (await newest()).number

    assert "转派" in await say(f"转派 {number}", "grid-3")
    assert await owner(await newest()) == "三组网格员"
    reply = await say(f"转派 {number} 不归我管", "grid-3")
    after = await owner(await newest())
    assert after != "三组网格员"
    assert after in reply


async def test_suspending_needs_a_day_and_says_how(village: Village) -> None:
    appeal = await taken()

    assert "下周一" in await say(f"挂起 {appeal.number} 等材料", "grid-3")
    assert "已挂起" in await say(f"挂起 {appeal.number} 明天 等材料", "grid-3")
    assert (await newest()).status is AppealStatus.SUSPENDED
    assert "恢复办理" in await say(f"恢复 {appeal.number}", "grid-3")
    assert (await newest()).status is AppealStatus.ACCEPTED


@pytest.mark.parametrize("words", ["", "明天", "等材料", "2020-01-01 等材料"])
async def test_the_example_of_a_refused_suspension_is_accepted(village: Village, words: str) -> None:
    appeal = await taken()
    reply = await say(f"挂起 {appeal.number} {words}", "grid-3")
    assert "已挂起" in await say(reply[reply.index(f"挂起 {appeal.number}") :], "grid-3")
    assert (await newest()).status is AppealStatus.SUSPENDED


async def test_a_returned_appeal_has_another_owner_at_once(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("退单 我在外地", "grid-3")

    assert await owner(await newest()) in reply
    assert await owner(await newest()) != "三组网格员"


async def test_looking_shows_the_words_and_is_written_down(village: Village) -> None:
    await say("我最近心里难受，想找人说说话")
    number = (await newest()).number

    reply = await say(f"看 {number}", "org-1")

    assert "心里难受" in reply
    entry = await AuditEntry.get(action="appeal.look")
    assert entry.target == f"appeal {number}"


async def test_somebody_elses_appeal_cannot_be_looked_at(village: Village) -> None:
    await say("我最近心里难受，想找人说说话")
    number = (await newest()).number

    reply = await say(f"看 {number}", "grid-9")

    assert "难受" not in reply
    assert "待办" in reply
    assert await AuditEntry.filter(action="appeal.look").count() == 0


async def test_the_list_of_what_is_in_hand(village: Village) -> None:
    assert "没有待办" in await say("待办", "grid-3")
    await say("三组路灯不亮")

    reply = await say("待办", "grid-3")

    assert str((await newest()).number) in reply
    assert "道路交通" in reply


async def test_the_second_of_two_in_an_organization_is_told_who_won(village: Village) -> None:
    await say("我妈想要助餐")
    number = (await newest()).number
    await say(f"接单 {number}", "org-1")

    reply = await say(f"接单 {number}", "org-2")

    assert f"{number} 已由" in reply
    assert "邻里帮扶社" in reply


@pytest.mark.parametrize("text", ["接单", "接单 1001", "待办", "看 1001", "办结 1001 好了"])
async def test_commands_of_responders_do_nothing_for_residents(village: Village, text: str) -> None:
    await say("三组路灯不亮")

    reply = await say(text, "resident-1")

    assert "网格员" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED


async def test_every_refusal_says_how_to_go_on(village: Village) -> None:
    appeal = await taken()
    number = appeal.number
    assert f"办结 {number} 结果" in await say(f"接单 {number}", "grid-3")
    await Appeal.filter(id=number).update(status=AppealStatus.SUSPENDED)
    assert f"恢复 {number}" in await say(f"退单 {number} 不归我管", "grid-3")
    await Appeal.filter(id=number).update(status=AppealStatus.CANCELLED)
    assert "待办" in await say(f"接单 {number}", "grid-3")
    assert "直接写一句话" in await say(f"撤回 {number}")
    await Appeal.filter(id=number).update(status=AppealStatus.RESOLVED)
    assert f"不满意 {number}" in await say(f"撤回 {number}")


@pytest.mark.parametrize("text", ["办结 {} 好了", "备注 {} 看过了", "退单 {} 不归我管", "接单 {}"])
async def test_a_former_holder_is_told_where_to_look(village: Village, text: str) -> None:
    number = (await taken()).number
    await handling.hand_over(access.grid_actor(village.members["grid-3"]), number, "不归我管")

    assert f"看 {number}" in await say(text.format(number), "grid-3")


async def test_an_unknown_number_is_no_dead_end(village: Village) -> None:
    await say("三组路灯不亮")

    assert "编号" in await say("接单 9999", "grid-3")


async def test_words_without_a_verb_are_asked_about_and_kept_as_answered(village: Village) -> None:
    appeal = await taken()

    reply = await say("已经买好灯泡，下午去换", "grid-3")
    assert f"这是回复 {appeal.number}" in reply
    reply = await say("1", "grid-3")

    assert "备注" in reply
    note = await AppealEvent.get(appeal_id=appeal.id, verb="note")
    assert note.words.startswith("已经买好灯泡")
    assert not note.public
    assert await Appeal.all().count() == 1


async def test_a_responder_who_says_that_it_is_done_is_asked_about_it(village: Village) -> None:
    appeal = await taken()

    assert f"这是回复 {appeal.number}" in await say("已经修好了", "grid-3")


async def test_a_responder_may_have_a_difficulty_of_their_own(village: Village) -> None:
    await taken()
    await say("我家停水了", "grid-3")

    await say("2", "grid-3")

    appeal = await newest()
    assert await Appeal.all().count() == 2
    assert appeal.category.code == "utilities"
    assert await owner(appeal) != "三组网格员"


async def test_the_choice_may_be_written_out(village: Village) -> None:
    await taken()
    await say("我家停水了", "grid-3")

    await say("我自己的事", "grid-3")

    assert await Appeal.all().count() == 2


async def test_unanswered_words_become_a_note_with_the_next_message(village: Village) -> None:
    appeal = await taken()
    await say("下午去换灯泡", "grid-3")

    reply = await say("待办", "grid-3")

    assert "备注" in reply
    assert (await AppealEvent.get(appeal_id=appeal.id, verb="note")).words == "下午去换灯泡"


async def test_unanswered_words_become_a_note_when_the_time_is_over(village: Village) -> None:
    appeal = await taken()
    await say("下午去换灯泡", "grid-3")
    assert await recover_inbox() == 0
    await later(10, "grid-3")

    assert await recover_inbox() == 1
    assert await recover_inbox() == 0

    assert (await AppealEvent.get(appeal_id=appeal.id, verb="note")).words == "下午去换灯泡"
    assert (await Conversation.get(openid="grid-3")).pending is None


async def test_a_photo_of_a_responder_is_asked_about_too(village: Village) -> None:
    appeal = await taken()

    await send(message(None, "grid-3", msg_type="image", media_id="media-9"))
    await say("1", "grid-3")

    assert (await Attachment.get(appeal_id=appeal.id)).media_id == "media-9"
    assert await Appeal.all().count() == 1


LONG = "x" * 1500


async def test_long_words_that_nobody_asked_for_lock_nobody_out(village: Village) -> None:
    appeal = await taken()
    assert f"这是回复 {appeal.number}" in await say(LONG, "grid-3")

    reply = await say("待办", "grid-3")

    assert f"{appeal.number}（" in reply
    assert (await AppealEvent.get(appeal_id=appeal.id, verb="note")).words == LONG


async def test_long_words_are_kept_when_the_time_is_over(village: Village) -> None:
    appeal = await taken()
    await say(LONG, "grid-3")
    await later(10, "grid-3")

    assert await recover_inbox() == 1

    assert (await AppealEvent.get(appeal_id=appeal.id, verb="note")).words == LONG


async def test_a_question_that_cannot_be_settled_holds_up_nobody(village: Village) -> None:
    appeal = await taken()
    await say("下午去换灯泡", "grid-3")
    await later(10, "grid-3")
    broken = await Conversation.get(openid="grid-1")
    broken.pending, broken.pending_until = {"kind": "whose"}, now() - timedelta(days=1)
    await broken.save()

    assert await recover_inbox() == 1
    assert await recover_inbox() == 0

    assert (await AppealEvent.get(appeal_id=appeal.id, verb="note")).words == "下午去换灯泡"


async def test_an_unanswered_photo_is_kept_with_the_appeal(village: Village) -> None:
    appeal = await taken()
    await send(message(None, "grid-3", msg_type="image", media_id="media-9"))
    await later(10, "grid-3")

    await recover_inbox()

    assert (await Attachment.get(appeal_id=appeal.id)).media_id == "media-9"


@pytest.mark.parametrize("answer", ["1", "待办", None])
async def test_words_for_an_appeal_that_has_moved_on_are_kept_all_the_same(
    village: Village, answer: str | None
) -> None:
    appeal = await taken()
    await send(message(None, "grid-3", msg_type="image", media_id="media-9"))
    await handling.hand_over(access.grid_actor(village.members["grid-3"]), appeal.number, "不归我管")

    if answer is None:
        await later(10, "grid-3")
        await recover_inbox()
    else:
        assert f"已记到 {appeal.number}" in await say(answer, "grid-3")

    note = await AppealEvent.get(appeal_id=appeal.id, verb="note")
    assert (note.words, note.actor, note.public) == ("[照片]", "三组网格员", False)
    assert (await Attachment.get(appeal_id=appeal.id)).media_id == "media-9"


async def test_words_of_somebody_without_a_post_by_now_are_kept_too(village: Village) -> None:
    appeal = await taken()
    await say("下午去换灯泡", "grid-3")
    await GridMember.filter(id=village.members["grid-3"].id).update(active=False)
    await later(10, "grid-3")

    await recover_inbox()

    note = await AppealEvent.get(appeal_id=appeal.id, verb="note")
    assert (note.words, note.actor) == ("下午去换灯泡", "原经办人")


async def test_a_responder_with_nothing_in_hand_is_a_resident(village: Village) -> None:
    await say("我家停水了", "grid-3")

    assert (await newest()).category.code == "utilities"


async def test_words_for_the_resident_reach_them(village: Village) -> None:
    appeal = await taken()

    assert "已转告" in await say(f"回复 {appeal.number} 明天上午来修", "grid-3")

    texts = [one.payload["text"] for one in await pushed(Notice.PROGRESS, "resident-1")]
    assert any("明天上午来修" in text for text in texts)


async def test_a_refused_command_changes_nothing_and_queues_nothing(village: Village) -> None:
    await taken()
    before = await Delivery.all().count()

    reply = await say("挂起 2020-01-01 等材料", "grid-3")

    assert "半年以内" in reply
    assert await Delivery.all().count() == before
    assert (await newest()).status is AppealStatus.ACCEPTED
