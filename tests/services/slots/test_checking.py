"""The table of refusals at check-in: each row has a case, and they are told in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import SignUpState, SlotState
from services.slots.checking import CHECKS, OPENS_BEFORE, Attempt, Claim, Scanned, chosen, everybody, refusal

START = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # half past eleven at night in China, on the last day
END = START + timedelta(hours=2)
CODE = Scanned(sound=True, slot_id=1, expires_at=START + timedelta(minutes=5))
CLAIM = Claim(SignUpState.HELD, 1, ("r1", "d2", "g1"))
GOOD = Attempt(START, START, 1, SlotState.OPEN, START, END, CLAIM, scanned=CODE)
INSTANT = timedelta(microseconds=1)


def at(moment: datetime) -> Attempt:
    return replace(GOOD, at=moment, now=moment, scanned=None)


def claimed(**values: object) -> Attempt:
    return replace(GOOD, claim=replace(CLAIM, **values))  # type: ignore[arg-type]


REFUSED: list[tuple[str, Attempt]] = [
    ("forged", replace(GOOD, scanned=Scanned(sound=False))),
    ("wrong_slot", replace(GOOD, scanned=replace(CODE, slot_id=2))),
    ("wrong_slot", claimed(slot_id=2)),
    ("not_signed_up", replace(GOOD, claim=None)),
    ("not_yours", claimed(ours=False)),
    ("called_off", replace(GOOD, slot_state=SlotState.CALLED_OFF)),
    ("cancelled", claimed(state=SignUpState.CANCELLED)),
    ("cancelled", claimed(state=SignUpState.LAPSED)),
    ("waiting", claimed(state=SignUpState.WAITING)),
    ("not_accepted", claimed(state=SignUpState.OFFERED)),
    ("expired", replace(GOOD, scanned=replace(CODE, expires_at=START))),
    ("used", replace(GOOD, scanned=replace(CODE, used=True))),
    ("in_future", replace(GOOD, now=START - timedelta(minutes=5) - INSTANT, scanned=None)),
    ("too_early", at(START - OPENS_BEFORE - INSTANT)),
    ("too_late", at(END + INSTANT)),
    ("too_late", replace(at(START), now=END + timedelta(days=7) + INSTANT)),
    ("unknown_person", replace(GOOD, people=("d3",))),
    ("already_in", claimed(present=frozenset(CLAIM.people))),
    ("already_in", replace(claimed(present=frozenset({"d2"})), people=("r1", "d2"))),
]


@pytest.mark.parametrize(("code", "attempt"), REFUSED, ids=[code for code, _ in REFUSED])
def test_each_refusal_has_its_code_and_words(code: str, attempt: Attempt) -> None:
    found = refusal(attempt)

    assert found is not None
    assert found.code == code
    assert found.reason.endswith("。")
    assert found.next_step
    assert "{" not in found.words


def test_every_row_of_the_table_has_a_case_in_its_order() -> None:
    codes = list(dict.fromkeys(code for code, _ in REFUSED))

    assert codes == [check.code for check in CHECKS]


def test_each_row_alone_decides_its_case() -> None:
    for code, attempt in REFUSED:
        others = [check.code for check in CHECKS if check.due(attempt)]
        assert others[0] == code


@pytest.mark.parametrize("moment", [START - OPENS_BEFORE, START, END, START + timedelta(minutes=30)], ids=str)
def test_from_an_hour_before_the_start_to_the_end_people_are_checked_in(moment: datetime) -> None:
    assert refusal(at(moment)) is None


def test_a_device_that_was_offline_may_report_days_later_and_its_clock_be_a_little_ahead() -> None:
    assert refusal(replace(at(START), now=END + timedelta(days=7))) is None
    assert refusal(replace(at(START), now=START - timedelta(minutes=5))) is None


def test_a_code_that_was_good_when_it_was_scanned_stays_good_in_a_late_report() -> None:
    assert refusal(replace(GOOD, now=END + timedelta(days=1))) is None


def test_who_comes_later_than_the_others_is_checked_in_too() -> None:
    came = replace(CLAIM, state=SignUpState.ATTENDED, present=frozenset({"r1"}))
    attempt = replace(GOOD, claim=came)

    assert refusal(attempt) is None
    assert attempt.wanted == ("d2", "g1")


@pytest.mark.parametrize(
    ("people", "guests", "expected"),
    [
        (None, None, ()),
        (["r1"], None, ("r1",)),
        (None, 1, ("g1",)),
        (["r1"], 2, ("r1", "g1", "g0")),
        ([], 0, ()),
    ],
)
def test_people_and_guests_become_keys(
    people: list[str] | None, guests: int | None, expected: tuple[str, ...]
) -> None:
    assert chosen(CLAIM, people, guests) == expected
    assert everybody(["r1", "d2"], 3) == CLAIM.people
