"""Gates: in fixed order, each with its code; ages count on the day of the slot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models import OfferingState, SlotState
from services.slots.gates import GATES, Ask, Person, Terms, age_on, refusal

START = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
TERMS = Terms(
    offering_state=OfferingState.PUBLISHED,
    slot_state=SlotState.OPEN,
    community_id=1,
    everybody=False,
    starts_at=START,
    opens_at=START - timedelta(days=7),
    closes_at=START - timedelta(hours=1),
    capacity=20,
    party_most=4,
    household_most=5,
    age_from=6,
    age_until=12,
    required=("忌口",),
)
CHILD = Person("d1", "孙子", date(2018, 3, 1))
ASK = Ask(
    moment=START - timedelta(days=1),
    community_id=1,
    party=1,
    people=(CHILD,),
    answered=frozenset({"忌口"}),
)

SHUT: list[tuple[str, Terms, Ask]] = [
    ("not_open", replace(TERMS, offering_state=OfferingState.DRAFT), ASK),
    ("called_off", replace(TERMS, slot_state=SlotState.CALLED_OFF), ASK),
    ("too_early", replace(TERMS, opens_at=START - timedelta(hours=12)), ASK),
    ("too_late", TERMS, replace(ASK, moment=START - timedelta(minutes=59))),
    ("renewal_first", TERMS, replace(ASK, renewal_until=START - timedelta(hours=2))),
    ("no_community", TERMS, replace(ASK, community_id=None)),
    ("other_community", TERMS, replace(ASK, community_id=2)),
    ("party_too_big", TERMS, replace(ASK, party=5)),
    ("party_too_big", replace(TERMS, capacity=2), replace(ASK, party=3)),
    ("blocked", TERMS, replace(ASK, people=(replace(CHILD, blocked_until=START),))),
    ("of_age", TERMS, replace(ASK, people=(replace(CHILD, born=date(2008, 11, 30), guarded=True),))),
    ("age_unknown", TERMS, replace(ASK, people=(replace(CHILD, born=None),))),
    ("age_unknown", TERMS, replace(ASK, party=2)),
    ("too_young", TERMS, replace(ASK, people=(replace(CHILD, born=date(2021, 1, 1)),))),
    ("too_old", TERMS, replace(ASK, people=(replace(CHILD, born=date(2013, 12, 1)),))),
    ("signed_up", TERMS, replace(ASK, people=(replace(CHILD, signed_up=True),))),
    ("household_full", TERMS, replace(ASK, household_places=5)),
    ("time_conflict", TERMS, replace(ASK, people=(replace(CHILD, busy_with="合唱队"),))),
    ("unanswered", TERMS, replace(ASK, answered=frozenset())),
]


def test_who_meets_every_gate_may_sign_up() -> None:
    assert refusal(TERMS, ASK) is None


def test_the_last_seasons_holders_renew_and_everybody_applies_after_them() -> None:
    until = START - timedelta(hours=2)

    assert refusal(TERMS, replace(ASK, renewal_until=until, renews=True)) is None
    assert refusal(TERMS, replace(ASK, renewal_until=ASK.moment)) is None


@pytest.mark.parametrize(("code", "terms", "ask"), SHUT, ids=[code for code, _, _ in SHUT])
def test_each_gate_says_why_and_what_to_do(code: str, terms: Terms, ask: Ask) -> None:
    found = refusal(terms, ask)

    assert found is not None
    assert found.code == code
    assert found.reason.endswith("。")
    assert found.next_step
    assert "回复" not in found.reason + found.next_step


def test_every_gate_has_a_case_and_shut_gates_are_told_in_their_order() -> None:
    first = [next(gate for gate in GATES if gate(terms, ask)) for _, terms, ask in SHUT]
    assert set(first) == set(GATES)
    assert [GATES.index(gate) for gate in first] == sorted(GATES.index(gate) for gate in first)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2020, 2, 29), date(2028, 2, 29), 8),
        (date(2020, 12, 31), date(2026, 12, 30), 5),
        (date(2020, 12, 31), date(2026, 12, 31), 6),
    ],
)
def test_a_birthday_counts_on_its_day(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("born", "moment", "shut"),
    [
        (date(2008, 2, 29), datetime(2026, 2, 28, 15, 59, tzinfo=UTC), False),
        (date(2008, 2, 29), datetime(2026, 2, 28, 16, 0, tzinfo=UTC), True),
        (date(2008, 12, 1), datetime(2026, 11, 30, 15, 59, tzinfo=UTC), False),
        (date(2008, 12, 1), datetime(2026, 11, 30, 16, 0, tzinfo=UTC), True),
    ],
)
def test_a_guardian_signs_a_child_up_until_the_eighteenth_birthday_begins_in_china(
    born: date, moment: datetime, shut: bool
) -> None:
    terms = replace(TERMS, age_from=None, age_until=None, opens_at=moment)
    terms = replace(terms, starts_at=moment + timedelta(days=60), closes_at=moment + timedelta(days=60))
    ask = replace(ASK, moment=moment, people=(replace(CHILD, born=born, guarded=True),))

    found = refusal(terms, ask)

    assert (found is not None and found.code == "of_age") is shut
    elder = replace(ask, people=(replace(CHILD, born=born),))
    assert refusal(terms, elder) is None


def test_an_overruled_gate_lets_the_next_ones_decide() -> None:
    unknown, grown = replace(CHILD, born=None), replace(CHILD, born=date(2000, 1, 1))
    ask = replace(ASK, people=(unknown, grown))

    found = refusal(TERMS, ask, overruled={"age_unknown"})

    assert found is not None
    assert found.code == "too_old"
    assert refusal(TERMS, replace(ASK, people=(unknown,)), overruled={"age_unknown"}) is None


def test_the_day_of_the_slot_is_the_day_in_china() -> None:
    just_after_midnight = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)
    terms = replace(TERMS, starts_at=just_after_midnight, closes_at=just_after_midnight)
    ask = replace(
        ASK,
        moment=just_after_midnight - timedelta(days=1),
        people=(replace(CHILD, born=date(2020, 12, 1)),),
    )

    assert refusal(terms, ask) is None
