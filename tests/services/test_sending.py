"""Every row of the platform's error table, against the stand-in platform over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.wechat import next_midnight
from models import Alert, ChannelHalt, Consent, Conversation, Delivery, DeliveryState, Notice
from services import channels, claims, halts, sending
from services.access import staff_actor
from services.clock import now
from services.outcomes import ATTEMPTS
from tests.make import make_area, make_area_duty
from tests.outside import (
    CUSTOMER,
    SUBSCRIBE,
    TEMPLATE,
    Outside,
    end_leases,
    make_due,
    make_reachable,
    outside,
    rows_of,
    tell,
)


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


async def test_a_push_arrives_as_one_card_and_its_row_says_so(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident)

    assert await wechat.send_all() == 1

    (card,) = wechat.shown("grid-1")
    assert card.via == "template"
    row = await Delivery.get()
    assert (row.state, row.account, row.begun_at) == (DeliveryState.SENT, "oa", None)
    assert row.provider_id
    assert row.sent_at is not None


@pytest.mark.parametrize("code", [40037, 41030, 47003, 48001, 99999])
async def test_what_only_staff_can_mend_alerts_them_and_goes_to_the_next_channel(
    wechat: Outside, code: int
) -> None:
    resident = await make_reachable(wechat, "grid-1", window=5)
    wechat.fault(TEMPLATE, errcode=code, errmsg="argument invalid! data.thing5.value invalid")
    await tell(resident)

    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "fell_back"), ("customer", "sent")]
    assert len(wechat.calls(TEMPLATE)) == 1
    alert = await Alert.get()
    assert str(code) in alert.words
    assert "data.thing5" in alert.words


async def test_a_used_up_quota_rests_this_api_until_midnight_and_alerts(wechat: Outside) -> None:
    first = await make_reachable(wechat, "grid-1", window=5)
    wechat.fault(TEMPLATE, errcode=45009)
    await tell(first)
    _ = await wechat.send_all()
    await tell(first, event="event:2")

    _ = await wechat.send_all()

    assert await rows_of(first) == [("template", "fell_back"), ("customer", "sent")] * 2
    assert len(wechat.calls(TEMPLATE)) == 1
    halt = await ChannelHalt.get()
    assert (halt.account, halt.api, halt.until) == ("oa", "template", next_midnight(now()))
    assert await Alert.all().count() == 1


@pytest.mark.parametrize(
    ("code", "column"), [(43004, "following"), (40003, "reachable"), (43019, "reachable")]
)
async def test_who_cannot_be_reached_on_an_account_is_marked_and_reached_on_another(
    wechat: Outside, code: int, column: str
) -> None:
    resident = await make_reachable(wechat, "grid-1", window=5)
    talk = await Conversation.create(account="mini", openid="grid-1-mini", resident=resident)
    wechat.platform.consents.answer(("mini", "grid-1-mini"), "tpl-assigned", accepted=True)
    await Consent(conversation=talk, template_id="tpl-assigned", remaining=1).save()
    wechat.fault(TEMPLATE, errcode=code)
    await tell(resident)

    _ = await wechat.send_all()

    channels = [("template", "fell_back"), ("customer", "fell_back"), ("subscribe", "sent")]
    assert await rows_of(resident) == channels
    assert getattr(await Conversation.get(openid="grid-1"), column) is False
    assert (await Consent.get()).remaining == 0
    assert wechat.calls(CUSTOMER) == []


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_shut_window_is_noted_and_the_card_comes_instead(wechat: Outside, code: int) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    wechat.fault(CUSTOMER, errcode=code)
    await tell(resident, Notice.PROGRESS)

    _ = await wechat.send_all()

    assert await rows_of(resident) == [("customer", "fell_back"), ("template", "sent")]
    assert (await Conversation.get(openid="resident-1")).window_left == 0


async def test_a_revoked_subscription_is_marked_and_nothing_is_left(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "mini-1", account="mini", accepts="tpl-assigned")
    wechat.fault(SUBSCRIBE, errcode=43101)
    await tell(resident)

    _ = await wechat.send_all()

    assert (await rows_of(resident))[-1] == ("subscribe", "dead")
    consent = await Consent.get()
    assert (consent.remaining, consent.revoked) == (0, True)


@pytest.mark.parametrize("code", [-1, 45011])
async def test_a_busy_platform_is_tried_again_later_and_loses_nothing(wechat: Outside, code: int) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    wechat.fault(CUSTOMER, errcode=code, times=2)
    await tell(resident, Notice.PROGRESS)

    assert await wechat.send_all() == 1
    waiting = await Delivery.get()
    assert waiting.due_at > now()
    assert (waiting.state, waiting.begun_at, waiting.claim) == (DeliveryState.PENDING, None, None)
    for _ in range(2):
        await make_due()
        assert await wechat.send_all() == 1

    assert await rows_of(resident) == [("customer", "sent")]
    (words,) = wechat.shown("resident-1")
    assert "可能重复" not in words.text
    assert (await Conversation.get(openid="resident-1")).window_left == 4


async def test_a_platform_that_stays_busy_is_left_for_the_next_channel(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1", window=5)
    wechat.fault(TEMPLATE, errcode=-1)
    await tell(resident)

    for _ in range(ATTEMPTS):
        _ = await wechat.send_all()
        await make_due()
    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "fell_back"), ("customer", "sent")]
    assert len(wechat.calls(TEMPLATE)) == ATTEMPTS
    assert "可能重复" not in wechat.shown("grid-1")[0].text


@pytest.mark.parametrize("code", [40164, 48004])
async def test_a_banned_account_stops_waits_without_loss_and_goes_on_when_staff_lift_the_halt(
    wechat: Outside, code: int
) -> None:
    resident = await make_reachable(wechat, "grid-1", window=5)
    wechat.fault("/cgi-bin/message/*", errcode=code)
    for number in range(5):
        await tell(resident, event=f"event:{number}")

    for _ in range(3):
        _ = await wechat.send_all()
        await make_due()

    assert len(wechat.calls(TEMPLATE)) == 1
    assert wechat.calls(CUSTOMER) == []
    assert await Delivery.filter(state=DeliveryState.PENDING).count() == 5
    assert await Alert.all().count() == 1

    wechat.platform.faults.clear()
    halt = await ChannelHalt.get()
    actor = await staff_actor(await make_area_duty(await make_area()))
    _ = await halts.lift(actor, halt.id)
    _ = await wechat.send_all()

    assert await Delivery.filter(state=DeliveryState.SENT).count() == 5


async def test_a_banned_account_is_passed_by_over_another_one(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    talk = await Conversation.create(account="mini", openid="grid-1-mini", resident=resident)
    wechat.platform.consents.answer(("mini", "grid-1-mini"), "tpl-assigned", accepted=True)
    await Consent(conversation=talk, template_id="tpl-assigned", remaining=1).save()
    wechat.fault(TEMPLATE, errcode=48004)
    await tell(resident)

    _ = await wechat.send_all()

    assert (await rows_of(resident))[-1] == ("subscribe", "sent")


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_push_arrives(wechat: Outside, code: int) -> None:
    resident = await make_reachable(wechat, "grid-1")
    wechat.fault(TEMPLATE, errcode=code, times=1)
    await tell(resident)

    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "sent")]
    assert len(wechat.calls(TEMPLATE)) == 2


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 500}])
async def test_a_card_whose_answer_was_lost_is_sent_again_and_shown_once(
    wechat: Outside, how: dict[str, object]
) -> None:
    resident = await make_reachable(wechat, "grid-1")
    wechat.fault(TEMPLATE, times=1, when="after", **how)
    await tell(resident)

    _ = await wechat.send_all()
    assert (await Delivery.get()).begun_at is not None
    await make_due()
    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "sent")]
    assert len(wechat.calls(TEMPLATE)) == 2
    assert len(wechat.shown("grid-1")) == 1
    assert (await Delivery.get()).repeat is False


async def test_words_whose_answer_was_lost_come_once_more_and_say_so(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    wechat.fault(CUSTOMER, times=1, when="after", status=500)
    await tell(resident, Notice.PROGRESS)

    _ = await wechat.send_all()
    await make_due()
    _ = await wechat.send_all()

    first, second = wechat.shown("resident-1")
    assert not first.text.startswith("（可能重复）")
    assert second.text == f"（可能重复）{first.text}"
    assert (await Delivery.get()).repeat is True


async def test_words_are_repeated_at_most_once_and_then_leave_for_the_next_channel_marked(
    wechat: Outside,
) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    wechat.fault(CUSTOMER, when="after", status=502)
    await tell(resident, Notice.PROGRESS)

    for _ in range(5):
        _ = await wechat.send_all()
        await make_due()

    assert await rows_of(resident) == [("customer", "fell_back"), ("template", "sent")]
    assert len(wechat.calls(CUSTOMER)) == 2
    card = wechat.shown("resident-1")[-1]
    assert "可能重复" in card.text


async def _killed_in_the_middle(wechat: Outside, resident_openid: str) -> None:
    """A worker claims, begins and sends, and dies before it can write the outcome."""
    (row,) = await claims.claim(10)
    situation = await channels.look({row.resident_id})
    line = channels.way(row, row.channel, situation, now())
    assert isinstance(line, channels.Line)
    assert await claims.begin(row, line, repeat=False) is not None
    _ = await sending._call(row, line, wechat.clients("oa"), repeat=False)
    assert await wechat.send_all() == 0, "somebody else's claim was not respected"
    await end_leases()


async def test_a_card_sent_by_a_killed_worker_is_not_shown_again(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident)
    await _killed_in_the_middle(wechat, "grid-1")

    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "sent")]
    assert len(wechat.calls(TEMPLATE)) == 2
    assert len(wechat.shown("grid-1")) == 1


async def test_a_card_whose_worker_died_long_ago_is_sent_once_more_and_says_so(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident)
    await _killed_in_the_middle(wechat, "grid-1")
    await Delivery.all().update(begun_at=now() - timedelta(minutes=11))
    wechat.platform.ahead = 11 * 60

    _ = await wechat.send_all()

    first, second = wechat.shown("grid-1")
    assert "可能重复" not in first.text
    assert "可能重复" in second.text
    assert await rows_of(resident) == [("template", "sent")]


async def test_words_sent_by_a_killed_worker_come_once_more_and_say_so(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    await tell(resident, Notice.PROGRESS)
    await _killed_in_the_middle(wechat, "resident-1")

    _ = await wechat.send_all()

    assert [one.text.startswith("（可能重复）") for one in wechat.shown("resident-1")] == [False, True]
    assert await rows_of(resident) == [("customer", "sent")]


async def test_a_claim_whose_lease_is_over_sends_nothing_any_more(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident)
    (row,) = await claims.claim(10)
    await end_leases()
    situation = await channels.look({resident.id})

    await sending._deliver(row, situation, wechat.clients)

    assert wechat.calls(TEMPLATE) == []
    assert await wechat.send_all() == 1
    assert len(wechat.shown("grid-1")) == 1


async def test_an_emergency_is_claimed_before_everything_else(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    for number in range(3):
        await tell(resident, event=f"event:{number}")
    await tell(resident, Notice.ALERT, event="fire")

    assert await sending.send_due(wechat.clients, limit=1) == 1

    assert (await Delivery.get(state=DeliveryState.SENT)).notice is Notice.ALERT


async def test_deferred_words_that_no_window_takes_open_the_next_reply(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1")
    await tell(resident, Notice.REPLY, words="已登记，编号 1024。", account="oa")
    await tell(resident, Notice.REPLY, event="event:2", words="网格员会联系您。", account="oa")

    _ = await wechat.send_all()

    talk = await Conversation.get(openid="resident-1")
    assert talk.owed == "已登记，编号 1024。\n网格员会联系您。"
    assert await rows_of(resident) == [("customer", "fell_back")] * 2


async def test_deferred_words_go_to_the_chat_in_which_they_were_said(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    _ = await Conversation.create(
        account="mini",
        openid="resident-1-mini",
        resident=resident,
        window_until=now() + timedelta(hours=50),
        window_left=5,
    )
    await tell(resident, Notice.REPLY, words="好的", account="oa")

    _ = await wechat.send_all()

    assert [one.text for one in wechat.shown("resident-1")] == ["好的"]
    assert wechat.shown("resident-1-mini", "mini") == []


async def test_nothing_is_sent_to_a_window_that_is_used_up_here(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=1)
    for number in range(3):
        await tell(resident, Notice.PROGRESS, event=f"event:{number}")

    _ = await wechat.send_all()

    assert len(wechat.calls(CUSTOMER)) == 1
    assert [one.errcode for one in wechat.calls(TEMPLATE)] == [0, 0]


async def test_very_long_words_are_cut_between_characters(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    await tell(resident, Notice.REPLY, words="😀很长" * 600, account="oa")

    _ = await wechat.send_all()

    (words,) = wechat.shown("resident-1")
    assert 2040 <= len(words.text.encode()) <= 2048
    assert words.text.endswith("…")


async def test_a_person_without_any_wechat_leaves_a_dead_row_that_says_why(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await Conversation.all().update(following=False)
    await tell(resident)

    _ = await wechat.send_all()

    dead = await Delivery.get(state=DeliveryState.DEAD)
    assert dead.error
    assert wechat.calls(TEMPLATE) == []
