"""Who gets an appeal: the ranking as a pure function, by example and by the hundred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import AssigneeKind, Urgency
from services.ranking import Chosen, Load, Need, NoOwner, Situation, contenders, rank
from services.roster import AREA, COMMUNITY, FIELD, LEADER, Breadth, Key, Leave, Person, Post, Roster, Scope
from services.worktime import WorkCalendar

TODAY = date(2026, 11, 24)
AWAY = Leave(TODAY - timedelta(days=3), date(2026, 11, 30))
ORG, GRID, STAFF = AssigneeKind.ORGANIZATION, AssigneeKind.GRID_MEMBER, AssigneeKind.STAFF
GRID_ID, CATEGORY = 3, 7
ALL = range(1, 1000)


def member(id_: int, **values: Any) -> Post:
    facts: dict[str, Any] = {
        "kind": GRID,
        "id": id_,
        "name": f"三组网格员{id_}",
        "people": (Person(100 + id_),),
        "cap": 20,
        "grid_id": GRID_ID,
    }
    return Post(**facts | values)


def leader(id_: int, **values: Any) -> Post:
    return member(id_, **{"name": f"三组网格长{id_}", "level": LEADER} | values)


def organization(id_: int, breadth: Breadth = Breadth.COMMUNITY, **values: Any) -> Post:
    grid = GRID_ID if breadth is Breadth.GRID else None
    project = values.pop("project", None)
    facts: dict[str, Any] = {
        "kind": ORG,
        "id": id_,
        "name": f"帮扶社{id_}",
        "people": (Person(200 + id_),),
        "cap": 50,
        "scopes": (Scope(CATEGORY, breadth, grid, project),),
    }
    return Post(**facts | values)


def duty(id_: int, level: int = COMMUNITY, **values: Any) -> Post:
    facts: dict[str, Any] = {"kind": STAFF, "id": id_, "name": f"值班{id_}", "level": level}
    return Post(**{"on_duty": True} | facts | values)


def roster(*posts: Post) -> Roster:
    return Roster(
        1,
        "雷塘社区",
        WorkCalendar.of("08:30", "17:30"),
        {GRID_ID: "三组"},
        {},
        {CATEGORY: 70},
        MappingProxyType({post.key: post for post in posts}),
    )


def need(**values: Any) -> Need:
    facts: dict[str, Any] = {"category_id": CATEGORY, "prefers": ORG, "grid_id": GRID_ID, "text": "路灯不亮"}
    return Need(**facts | values)


def now(loads: dict[Key, Load] | None = None, live: Any = ALL) -> Situation:
    return Situation(TODAY, loads or {}, live)


def won(*posts: Post, situation: Situation | None = None, **wanted: Any) -> Key:
    return rank(roster(*posts), need(**wanted), situation or now()).assignee.key


def why_of(chosen: Chosen, key: Key) -> str:
    return next(c.why for c in chosen.candidates if c.assignee.key == key)


def test_the_category_says_which_kind_goes_first() -> None:
    everybody = (member(1), organization(1), duty(1))
    assert won(*everybody, prefers=ORG) == (ORG, 1)
    assert won(*everybody, prefers=GRID) == (GRID, 1)
    assert won(*everybody, prefers=STAFF) == (STAFF, 1)


def test_without_its_preferred_kind_the_other_helps() -> None:
    assert won(member(1), duty(1), prefers=ORG) == (GRID, 1)
    assert won(organization(1), duty(1), prefers=GRID) == (ORG, 1)


def test_a_grid_scope_goes_before_a_community_scope_before_an_area_scope() -> None:
    area, community, grid = (
        organization(1, Breadth.AREA),
        organization(2),
        organization(3, Breadth.GRID),
    )
    assert won(area, community, grid) == (ORG, 3)
    assert won(area, community) == (ORG, 2)
    assert won(area, community, grid, grid_id=9) == (ORG, 2)


def test_a_narrower_scope_goes_before_a_running_project() -> None:
    paid = organization(1, project=(TODAY, TODAY))
    assert won(paid, organization(2, Breadth.GRID)) == (ORG, 2)


def test_a_running_project_goes_first_and_an_ended_one_does_not() -> None:
    busy = {(ORG, 1): Load(9, 9), (ORG, 2): Load(0, 1)}
    running = organization(1, project=(TODAY, TODAY))
    ended = organization(1, project=(TODAY - timedelta(days=9), TODAY - timedelta(days=1)))
    assert won(running, organization(2), situation=now(busy)) == (ORG, 1)
    assert won(ended, organization(2), situation=now(busy)) == (ORG, 2)


def test_load_counts_against_the_cap_not_by_number() -> None:
    loads = {(ORG, 1): Load(5, 1), (ORG, 2): Load(6, 1)}
    assert won(organization(1, cap=10), organization(2, cap=60), situation=now(loads)) == (ORG, 2)


def test_with_equal_load_whoever_waited_longest_gets_it() -> None:
    loads = {(ORG, 1): Load(1, 90), (ORG, 2): Load(1, 40)}
    assert won(organization(1), organization(2), situation=now(loads)) == (ORG, 2)
    assert won(organization(1), organization(2), organization(3), situation=now({(ORG, 1): Load(0, 4)})) == (
        ORG,
        2,
    )


def test_the_parent_category_serves_its_children() -> None:
    broad = organization(1, scopes=(Scope(70, Breadth.COMMUNITY),))
    assert won(broad, duty(1)) == (ORG, 1)


def test_another_category_or_grid_does_not_count() -> None:
    other = organization(1, scopes=(Scope(8, Breadth.COMMUNITY), Scope(CATEGORY, Breadth.GRID, 4)))
    assert won(other, duty(1)) == (STAFF, 1)


def test_whoever_is_full_is_passed_by_and_the_decision_says_so() -> None:
    full = now({(ORG, 1): Load(50, 1)})
    chosen = rank(roster(organization(1), member(1)), need(), full)
    assert chosen.assignee.key == (GRID, 1)
    assert why_of(chosen, (ORG, 1)) == "已满：手上 50 件（上限 50）"
    assert why_of(chosen, (GRID, 1)) == "同网格，手上 0 件（上限 20）"


def test_a_deputy_stands_in_and_the_decision_says_until_when() -> None:
    absent = organization(1, leave=AWAY, deputy_id=2)
    chosen = rank(roster(absent, organization(2, scopes=())), need(), now())
    assert chosen.assignee.key == (ORG, 2)
    assert why_of(chosen, (ORG, 1)) == "休假至 11月30日，由 帮扶社2 代"
    assert why_of(chosen, (ORG, 2)).startswith("代 帮扶社1，")


def test_deputies_are_chained() -> None:
    posts = [member(1, leave=AWAY, deputy_id=2), member(2, leave=AWAY, deputy_id=3, grid_id=4)]
    assert won(*posts, member(3, grid_id=5), duty(1), prefers=GRID) == (GRID, 3)


def test_deputies_in_a_circle_end_the_search() -> None:
    circle = [member(1, leave=AWAY, deputy_id=2), member(2, leave=AWAY, deputy_id=1)]
    chosen = rank(roster(*circle, duty(1)), need(prefers=GRID), now())
    assert chosen.assignee.key == (STAFF, 1)
    assert why_of(chosen, (GRID, 1)) == "休假至 11月30日，没有人代"


def test_leave_ends_on_its_last_day_and_may_be_open() -> None:
    yesterday = Leave(TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    tomorrow = Leave(TODAY + timedelta(days=1), None)
    assert won(member(1, leave=yesterday), duty(1)) == (GRID, 1)
    assert won(member(1, leave=tomorrow), duty(1)) == (GRID, 1)
    assert won(member(1, leave=Leave(TODAY, TODAY)), duty(1)) == (STAFF, 1)
    assert won(member(1, leave=Leave(TODAY, None)), duty(1)) == (STAFF, 1)


def test_who_has_no_live_channel_is_no_candidate() -> None:
    chosen = rank(roster(member(1), organization(1), duty(1)), need(), now(live=set()))
    assert chosen.assignee.key == (STAFF, 1)
    assert why_of(chosen, (ORG, 1)) == "微信推送不到"


def test_one_live_member_at_work_makes_an_organization_reachable_and_alone_is_pushed() -> None:
    team = organization(1, people=(Person(1), Person(2, AWAY), Person(3)))
    chosen = rank(roster(team), need(), now(live={1, 2}))
    assert chosen.assignee.resident_ids == (1,)


def test_nobody_handles_their_own_appeal() -> None:
    assert won(member(1), duty(1), reporter_id=101) == (STAFF, 1)
    own = leader(2, people=(Person(5),))
    assert won(own, duty(1), reporter_id=5) == (STAFF, 1)


def test_whoever_the_words_name_is_left_out() -> None:
    words = "帮扶社1的人态度不好"
    chosen = rank(roster(organization(1), duty(1)), need(text=words), now())
    assert chosen.assignee.key == (STAFF, 1)
    assert "回避" in why_of(chosen, (ORG, 1))


def test_a_reporter_who_works_for_an_organization_is_not_pushed_about_it() -> None:
    team = organization(1, people=(Person(1), Person(2)))
    assert rank(roster(team), need(reporter_id=1), now()).assignee.resident_ids == (2,)
    assert won(organization(1, people=(Person(1),)), duty(1), reporter_id=1) == (STAFF, 1)


def test_whoever_had_it_does_not_get_it_again() -> None:
    assert won(organization(1), organization(2), exclude=frozenset({(ORG, 1)})) == (ORG, 2)


CHAIN = (member(1), leader(2), duty(1), duty(2, AREA), duty(3, AREA + 1))


@pytest.mark.parametrize(
    ("gone", "next_"),
    [
        ((), (GRID, 1)),
        (((GRID, 1),), (GRID, 2)),
        (((GRID, 1), (GRID, 2)), (STAFF, 1)),
        (((GRID, 1), (GRID, 2), (STAFF, 1)), (STAFF, 2)),
        (((GRID, 1), (GRID, 2), (STAFF, 1), (STAFF, 2)), (STAFF, 3)),
    ],
)
def test_the_chain_goes_member_leader_community_parent_area_and_upward(
    gone: tuple[Key, ...], next_: Key
) -> None:
    assert won(*CHAIN, exclude=frozenset(gone)) == next_


@pytest.mark.parametrize(
    ("level", "next_"), [(1, (GRID, 2)), (2, (STAFF, 1)), (3, (STAFF, 2)), (4, (STAFF, 3)), (9, (STAFF, 3))]
)
def test_an_escalation_starts_at_its_rung(level: int, next_: Key) -> None:
    chosen = rank(roster(*CHAIN), need(min_level=level), now())
    assert chosen.assignee.key == next_


def test_the_end_of_the_chain_ignores_caps_leave_and_earlier_attempts() -> None:
    only = duty(1, leave=AWAY)
    assert won(only, exclude=frozenset({(STAFF, 1)}), situation=now({(STAFF, 1): Load(900, 1)})) == (STAFF, 1)


def test_duty_staff_on_leave_are_represented() -> None:
    assert won(duty(1, leave=AWAY, deputy_id=2), duty(2, on_duty=False)) == (STAFF, 2)


def test_an_emergency_goes_to_the_grid_leader_whatever_the_cap() -> None:
    chosen = rank(
        roster(*CHAIN, organization(1)), need(urgency=Urgency.EMERGENCY), now({(GRID, 2): Load(99, 1)})
    )
    assert (chosen.assignee.key, chosen.level) == ((GRID, 2), LEADER)
    assert "突发险情" in chosen.why


def test_an_unsure_category_goes_to_community_triage() -> None:
    chosen = rank(roster(*CHAIN, organization(1)), need(unsure=True), now())
    assert (chosen.assignee.key, chosen.level) == ((STAFF, 1), COMMUNITY)
    assert "拿不准" in chosen.why


@pytest.mark.parametrize("urgency", list(Urgency))
def test_a_complaint_about_conduct_starts_at_the_parent_area(urgency: Urgency) -> None:
    chosen = rank(roster(*CHAIN), need(about_conduct=True, urgency=urgency), now())
    assert (chosen.assignee.key, chosen.level) == ((STAFF, 2), AREA)


def test_a_complaint_about_conduct_never_falls_to_the_community() -> None:
    with pytest.raises(NoOwner):
        rank(roster(member(1), leader(2), duty(1)), need(about_conduct=True), now())


def test_without_any_duty_staff_somebody_of_the_staff_or_the_grid_has_it_all_the_same() -> None:
    assert won(duty(1, on_duty=False)) == (STAFF, 1)
    assert won(member(1), situation=now(live=set())) == (GRID, 1)
    with pytest.raises(NoOwner):
        won(member(1, grid_id=99))


def test_the_decision_explains_every_candidate() -> None:
    chosen = rank(roster(*CHAIN, organization(1), organization(2, cap=0)), need(), now())
    assert chosen.why == "帮扶社1：服务本村（社区），手上 0 件（上限 50）。"
    assert {c.assignee.key: c.kept for c in chosen.candidates} == {
        (ORG, 1): True,
        (GRID, 1): True,
        (ORG, 2): False,
    }
    assert all(c.why for c in chosen.candidates)


def test_the_chosen_one_stands_first_among_the_candidates() -> None:
    chosen = rank(roster(*CHAIN), need(min_level=2), now())
    assert chosen.candidates[0].assignee == chosen.assignee


leaves = st.sampled_from([Leave(), Leave(), AWAY, Leave(TODAY, None)])
people = st.lists(st.integers(1, 12), max_size=3).map(lambda ids: tuple(Person(i) for i in ids))
deputies = st.none() | st.integers(1, 8)
ids = st.integers(1, 8)
grids = st.sampled_from([3, 4])


@st.composite
def posts(draw: st.DrawFn) -> list[Post]:
    made = [
        st.builds(member, ids, leave=leaves, deputy_id=deputies, people=people, cap=st.integers(0, 3))
        | st.builds(leader, ids, leave=leaves, people=people, grid_id=grids),
        st.builds(organization, ids, st.sampled_from(Breadth), leave=leaves, deputy_id=deputies),
        st.builds(duty, ids, st.integers(COMMUNITY, AREA + 1), leave=leaves, people=people),
    ]
    return draw(st.lists(st.one_of(made), max_size=14))


needs = st.builds(
    need,
    prefers=st.sampled_from(AssigneeKind),
    grid_id=st.none() | grids,
    urgency=st.sampled_from(Urgency),
    about_conduct=st.booleans(),
    unsure=st.booleans(),
    reporter_id=st.integers(0, 12),
    exclude=st.frozensets(st.tuples(st.sampled_from(AssigneeKind), ids), max_size=6),
    min_level=st.integers(FIELD, AREA + 2),
)
situations = st.builds(
    now,
    st.dictionaries(
        st.tuples(st.sampled_from(AssigneeKind), ids), st.builds(Load, st.integers(0, 5), st.integers(0, 9))
    ),
    st.frozensets(st.integers(1, 220)),
)


@settings(max_examples=200)
@given(posts(), needs, situations)
def test_with_one_duty_person_at_the_top_there_is_always_an_owner(
    some: list[Post], wanted: Need, situation: Situation
) -> None:
    top = duty(99, AREA + 1)
    chosen = rank(roster(*some, top), wanted, situation)

    assert chosen.level >= (AREA if wanted.about_conduct else FIELD)
    assert chosen.candidates
    kept = [c for c in chosen.candidates if c.kept]
    assert kept[0].assignee == chosen.assignee


@settings(max_examples=200)
@given(posts(), needs, situations)
def test_whoever_is_kept_may_really_have_it(some: list[Post], wanted: Need, situation: Situation) -> None:
    here = roster(*some, duty(99, AREA + 1))
    chosen = rank(here, wanted, situation)
    for one in chosen.candidates:
        if not one.kept or "兜底" in one.why:
            continue
        post = here.posts[one.assignee.key]
        assert post.key not in wanted.exclude
        assert not post.leave.away(TODAY)
        assert wanted.reporter_id not in one.assignee.resident_ids
        assert post.has_console or one.assignee.resident_ids
        assert post.has_console or wanted.emergency or situation.load(post).held < post.cap


@settings(max_examples=100)
@given(posts(), needs, situations)
def test_the_loads_asked_for_are_all_that_the_ranking_looks_at(
    some: list[Post], wanted: Need, situation: Situation
) -> None:
    here = roster(*some, duty(99, AREA + 1))
    asked = {post.key for post in contenders(here, wanted, TODAY)}
    known = {key: load for key, load in situation.loads.items() if key in asked}
    assert rank(here, wanted, replace(situation, loads=known)) == rank(here, wanted, situation)
