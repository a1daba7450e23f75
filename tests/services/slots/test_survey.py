"""After the slot: who came is asked once, and may change it until it closes; staff read no names."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models import Community, Delivery, Notice, Resident, SignUp, SignUpState, Slot, Survey, WordsCheck
from services.access import staff_actor
from services.clock import now
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.slots import signup, survey, survey_results
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


async def came(community: Community, slot: Slot, state: SignUpState = SignUpState.ATTENDED) -> SignUp:
    resident = await make_resident(community=community)
    made = await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"])
    await SignUp.filter(id=made.id).update(state=state)
    return await SignUp.get(id=made.id)


async def over(slot: Slot, **ago: float) -> None:
    """The slot ended so long ago."""
    ended = now() - timedelta(**ago)
    await Slot.filter(id=slot.id).update(starts_at=ended - timedelta(hours=2), ends_at=ended)


async def told() -> list[int]:
    found = await Delivery.filter(notice=Notice.PLACE).order_by("id")
    return [one.resident_id for one in found if one.dedup_key.split(":")[2] == "survey"]


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await make_slot(await make_offering(community, title="书画室"))


async def test_those_who_came_are_asked_once_when_it_is_over(community: Community, slot: Slot) -> None:
    there = await came(community, slot)
    await came(community, slot, SignUpState.ABSENT)
    await came(community, slot, SignUpState.HELD)
    assert await survey.offer_due() == 0

    await over(slot, minutes=1)
    assert await survey.offer_due() == 1
    assert await survey.offer_due() == 0

    assert await told() == [there.resident_id]
    assert "书画室" in (await Delivery.get()).payload["text"]
    late = await came_late(community, slot)
    assert await survey.offer_due() == 1
    assert await told() == [there.resident_id, late.resident_id]


async def came_late(community: Community, slot: Slot) -> SignUp:
    """A list of the day that was handed in afterwards."""
    made = (await SignUp.filter(slot_id=slot.id, state=SignUpState.HELD))[0]
    await SignUp.filter(id=made.id).update(state=SignUpState.ATTENDED)
    return made


async def test_two_workers_ask_once(community: Community, slot: Slot) -> None:
    for _ in range(3):
        await came(community, slot)
    await over(slot, minutes=1)

    asked = await asyncio.gather(*[survey.offer_due() for _ in range(3)])

    assert sum(asked) == 3
    assert len(await told()) == 3


async def test_an_offering_that_asks_nothing_and_a_slot_long_over_ask_nobody(community: Community) -> None:
    quiet = await make_slot(await make_offering(community, survey=[]))
    old = await make_slot(await make_offering(community))
    for one, ago in ((quiet, 1), (old, 24 * 4)):
        await came(community, one)
        await over(one, hours=ago)

    assert await survey.offer_due() == 0


async def test_an_answer_may_be_changed_until_it_closes(community: Community, slot: Slot) -> None:
    made = await came(community, slot)
    await over(slot, days=1)
    assert [one.id for one in await survey.open_for(made.resident_id)] == [made.id]

    await survey.answer(made.resident_id, made.id, {"总体满意吗": 2, "想说的话": "太吵"}, WordsCheck.PASSED)
    await survey.answer(made.resident_id, made.id, {"总体满意吗": 5}, WordsCheck.PASSED)

    kept = await Survey.get()
    assert (kept.ratings, kept.words) == ({"总体满意吗": 5}, "")
    await over(slot, days=survey.OPEN_DAYS)
    with pytest.raises(Conflict, match="14 天"):
        await survey.answer(made.resident_id, made.id, {"总体满意吗": 1}, WordsCheck.PASSED)
    assert (await Survey.get()).ratings == {"总体满意吗": 5}
    assert await survey.open_for(made.resident_id) == []


async def test_answering_at_once_with_the_offer_leaves_one_row(community: Community, slot: Slot) -> None:
    made = await came(community, slot)
    await over(slot, minutes=1)

    await asyncio.gather(
        survey.offer_due(),
        survey.answer(made.resident_id, made.id, {"总体满意吗": 4}, WordsCheck.PASSED),
        survey.answer(made.resident_id, made.id, {"总体满意吗": 4}, WordsCheck.PASSED),
    )

    assert (await Survey.get()).ratings == {"总体满意吗": 4}


@pytest.mark.parametrize(
    ("state", "hours", "words"),
    [(SignUpState.HELD, 1, "到场"), (SignUpState.ABSENT, 1, "到场"), (SignUpState.ATTENDED, -1, "还没结束")],
)
async def test_who_did_not_come_or_is_too_early_is_told(
    community: Community, slot: Slot, state: SignUpState, hours: int, words: str
) -> None:
    made = await came(community, slot, state)
    await over(slot, hours=hours)

    with pytest.raises(Conflict, match=words):
        await survey.answer(made.resident_id, made.id, {"总体满意吗": 5}, WordsCheck.PASSED)


async def test_nobody_answers_for_another_household(community: Community, slot: Slot) -> None:
    made = await came(community, slot)
    other: Resident = await make_resident(community=community)
    await over(slot, hours=1)

    with pytest.raises(NotFound):
        await survey.answer(other.id, made.id, {"总体满意吗": 5}, WordsCheck.PASSED)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"别的": 1},
        {"总体满意吗": 0},
        {"总体满意吗": 6},
        {"总体满意吗": "5"},
        {"总体满意吗": True},
        {"想说的话": "x" * 501},
    ],
)
def test_answers_that_do_not_fit_are_refused_in_words(given: dict[str, int | str]) -> None:
    with pytest.raises(DomainError) as refusal:
        survey.split(survey.USUAL, given)
    assert isinstance(refusal.value, Invalid)


async def test_staff_read_averages_and_words_without_names(community: Community) -> None:
    questions = [{"label": "老师", "kind": "rating"}, {"label": "建议", "kind": "words"}]
    slot = await make_slot(await make_offering(community, survey=questions))
    there = [await came(community, slot) for _ in range(3)]
    await over(slot, hours=1)
    await survey.offer_due()
    await survey.answer(there[0].resident_id, there[0].id, {"老师": 5, "建议": "多办几次"}, WordsCheck.PASSED)
    await survey.answer(there[1].resident_id, there[1].id, {"老师": 2}, WordsCheck.PASSED)

    found = await survey_results.results(await staff_actor(await make_duty(community)), slot.id)

    assert (found.offered, found.answered) == (3, 2)
    assert found.ratings == (survey_results.Rated("老师", 3.5, 2),)
    assert found.words == (survey_results.Said("建议", "多办几次", unchecked=False),)
    stranger = await staff_actor(await make_duty(await make_community()))
    with pytest.raises(NotFound):
        await survey_results.results(stranger, slot.id)
