"""Words that no content check has passed: marked, read by who steers the slot, kept or blanked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models import (
    AuditEntry,
    Community,
    SignUp,
    SignUpState,
    Slot,
    Survey,
    UncheckedWords,
    WordsCheck,
    WordsOf,
)
from services import unchecked
from services.access import Actor, staff_actor
from services.clock import now
from services.content_check import WordsRefused
from services.errors import Conflict, Forbidden, NotFound
from services.residents import erasing, uniting
from services.slots import answering, survey, survey_results
from tests.make import (
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_offering,
    make_resident,
    make_slot,
    make_staff_login,
)
from tests.services.slots.truth import broken

GOOD, WORDS = "总体满意吗", "想说的话"


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await make_slot(await make_offering(community))


async def signed_up(community: Community, slot: Slot, checked: WordsCheck, said: str = "怕水") -> SignUp:
    resident = await make_resident(community=community)
    key = f"r{resident.id}"
    return await answering.sign_up(resident.id, slot.id, [key], answers={"会不会游泳": said}, checked=checked)


async def came(community: Community, slot: Slot) -> SignUp:
    """Somebody who may be asked how it was."""
    made = await signed_up(community, slot, WordsCheck.PASSED)
    await SignUp.filter(id=made.id).update(state=SignUpState.ATTENDED)
    await Slot.filter(id=slot.id).update(
        starts_at=now() - timedelta(hours=2), ends_at=now() - timedelta(hours=1)
    )
    return made


async def waiting(desk: Actor) -> list[tuple[WordsOf, WordsCheck, tuple[tuple[str, str], ...]]]:
    found = await unchecked.page(desk, None, 50, open_only=True)
    return [(one.row.words_of, one.row.verdict, one.words) for one in found]


@pytest.mark.parametrize("checked", [WordsCheck.REVIEW, WordsCheck.UNAVAILABLE, WordsCheck.INACTIVE])
async def test_answers_that_were_not_passed_are_kept_and_marked(
    community: Community, slot: Slot, desk: Actor, checked: WordsCheck
) -> None:
    made = await signed_up(community, slot, checked)

    assert "怕水" in (await SignUp.get(id=made.id)).answers
    assert await waiting(desk) == [(WordsOf.ANSWERS, checked, (("会不会游泳", "怕水"),))]
    assert await broken() == []


async def test_answers_that_were_passed_and_no_answers_are_not_marked(
    community: Community, slot: Slot
) -> None:
    await signed_up(community, slot, WordsCheck.PASSED)
    await signed_up(community, slot, WordsCheck.CHAT, said=" ")

    assert await UncheckedWords.all().count() == 0


async def test_risky_answers_sign_nobody_up(community: Community, slot: Slot) -> None:
    with pytest.raises(WordsRefused):
        await signed_up(community, slot, WordsCheck.RISKY)

    assert await SignUp.all().count() == 0
    assert (await Slot.get()).taken == 0


async def test_risky_words_leave_the_survey_as_it_was(community: Community, slot: Slot) -> None:
    made = await came(community, slot)
    await survey.answer(made.resident_id, made.id, {GOOD: 5, WORDS: "好"}, WordsCheck.PASSED)

    with pytest.raises(WordsRefused):
        await survey.answer(made.resident_id, made.id, {GOOD: 1, WORDS: "坏"}, WordsCheck.RISKY)

    kept = await Survey.get()
    assert kept.ratings == {GOOD: 5}
    assert "好" in kept.words


async def test_words_said_anew_are_looked_at_anew_and_ratings_alone_by_nobody(
    community: Community, slot: Slot, desk: Actor
) -> None:
    made = await came(community, slot)
    await survey.answer(made.resident_id, made.id, {WORDS: "太吵"}, WordsCheck.CHAT)
    first = await UncheckedWords.get()
    _ = await unchecked.decide(desk, first.id, keep=True)

    await survey.answer(made.resident_id, made.id, {WORDS: "还是太吵"}, WordsCheck.CHAT)
    assert await waiting(desk) == [(WordsOf.SURVEY, WordsCheck.CHAT, ((WORDS, "还是太吵"),))]
    with pytest.raises(NotFound, match="改过"):
        await unchecked.decide(desk, first.id, keep=False)
    assert "还是太吵" in (await Survey.get()).words

    await survey.answer(made.resident_id, made.id, {GOOD: 3}, WordsCheck.CHAT)
    assert await waiting(desk) == []


async def test_the_survey_says_which_words_nobody_has_looked_at(
    community: Community, slot: Slot, desk: Actor
) -> None:
    second = await signed_up(community, slot, WordsCheck.PASSED)
    await SignUp.filter(id=second.id).update(state=SignUpState.ATTENDED)
    first = await came(community, slot)
    await survey.answer(first.resident_id, first.id, {WORDS: "好"}, WordsCheck.PASSED)
    await survey.answer(second.resident_id, second.id, {WORDS: "太吵"}, WordsCheck.REVIEW)

    found = {one.words: one.unchecked for one in (await survey_results.results(desk, slot.id)).words}
    assert found == {"好": False, "太吵": True}
    _ = await unchecked.decide(desk, (await UncheckedWords.get()).id, keep=True)
    assert not any(one.unchecked for one in (await survey_results.results(desk, slot.id)).words)


async def test_words_are_kept_or_blanked_once_and_the_place_stays(
    community: Community, slot: Slot, desk: Actor
) -> None:
    made = await signed_up(community, slot, WordsCheck.REVIEW)
    row = await UncheckedWords.get()

    found = await unchecked.decide(desk, row.id, keep=False)

    assert (found.words, found.row.kept, found.row.decided_by_id) == ((), False, desk.staff_id)
    kept = await SignUp.get(id=made.id)
    assert (kept.answers, kept.state) == ("", SignUpState.HELD)
    with pytest.raises(Conflict):
        await unchecked.decide(desk, row.id, keep=True)
    assert [one.action for one in await AuditEntry.all()] == ["words.decide"]
    assert await waiting(desk) == []


async def test_of_two_who_decide_at_once_one_is_told_and_what_was_kept_is_not_blanked(
    community: Community, slot: Slot, desk: Actor
) -> None:
    made = await signed_up(community, slot, WordsCheck.REVIEW)
    row = await UncheckedWords.get()

    answers = await asyncio.gather(
        *(unchecked.decide(desk, row.id, keep=keep) for keep in (True, False)), return_exceptions=True
    )

    assert len([one for one in answers if isinstance(one, Conflict)]) == 1
    await row.refresh_from_db()
    assert bool((await SignUp.get(id=made.id)).answers) is row.kept


async def test_another_community_and_who_does_not_work_at_a_desk_see_nothing(
    community: Community, slot: Slot
) -> None:
    await signed_up(community, slot, WordsCheck.REVIEW)
    row = await UncheckedWords.get()
    stranger = await staff_actor(await make_duty(await make_community()))
    member = await make_grid_member(await make_grid(community))
    grid = await staff_actor(await make_staff_login(member))

    assert await waiting(stranger) == []
    with pytest.raises(NotFound):
        await unchecked.decide(stranger, row.id, keep=False)
    with pytest.raises(Forbidden):
        await unchecked.page(grid, None, 50, open_only=True)
    with pytest.raises(Forbidden):
        await unchecked.decide(grid, row.id, keep=False)


async def test_marks_follow_a_resident_who_was_two_and_go_with_who_is_forgotten(
    community: Community, slot: Slot
) -> None:
    made = await signed_up(community, slot, WordsCheck.REVIEW)
    younger = await make_resident(community=community, account="mini")
    await UncheckedWords.all().update(resident_id=younger.id)

    assert await uniting.unite(made.resident_id, younger.id)
    assert (await UncheckedWords.get()).resident_id == made.resident_id
    await erasing.erase(made.resident_id)
    assert await UncheckedWords.all().count() == 0
