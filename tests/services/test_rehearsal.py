"""A change rehearsed over past appeals: pure comparison of two worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from models import AssigneeKind
from nlp import Keyword, Lexicon
from services.ranking import Situation
from services.rehearsal import (
    NOBODY,
    Flow,
    KeywordChange,
    Kind,
    Past,
    Route,
    ScopeChange,
    World,
    changed_keywords,
    changed_kinds,
    changed_roster,
    rehearse,
    route,
)
from services.roster import COMMUNITY, Breadth, Person, Post, Roster, Scope
from services.worktime import WorkCalendar

GRID, ORGANIZATION, STAFF = AssigneeKind.GRID_MEMBER, AssigneeKind.ORGANIZATION, AssigneeKind.STAFF
HAND = (Keyword("路灯", "lamp", 5.0), Keyword("扬剧", "opera", 5.0))
OTHER = Kind(9, "other", GRID)
KINDS = {"lamp": Kind(1, "lamp", GRID), "opera": Kind(2, "opera", ORGANIZATION), "other": OTHER}
MEMBER = Post(GRID, 1, "一组网格员", people=(Person(1),), cap=20, grid_id=7)
SOCIETY = Post(ORGANIZATION, 2, "向阳社", people=(Person(2),), cap=20, scopes=(Scope(2, Breadth.COMMUNITY),))
DUTY = Post(STAFF, 3, "社区值班", COMMUNITY, people=(Person(3),), on_duty=True)


def _roster(community_id: int, *posts: Post) -> Roster:
    return Roster(
        community_id,
        "雷塘社区",
        WorkCalendar.of("08:30", "17:30", {}),
        {7: "一组"},
        {},
        {},
        MappingProxyType({post.key: post for post in posts}),
    )


WORLD = World(
    Lexicon.of(HAND),
    KINDS,
    OTHER,
    {5: _roster(5, MEMBER, SOCIETY, DUTY), 6: _roster(6)},
    Situation(date(2026, 11, 24), live=frozenset({1, 2, 3})),
)
LAMP = Past(1001, 5, "路灯不亮", 7, 100)
OPERA = Past(1002, 5, "想学扬剧没有地方怎么办", 7, 100)
UNKNOWN = Past(1003, 5, "喇叭太吵了没人管", 7, 100)


def _with(*changes: KeywordChange) -> World:
    return replace(WORLD, lexicon=Lexicon.of(changed_keywords(HAND, changes)))


def test_each_goes_to_who_is_preferred_and_the_unsure_to_the_community() -> None:
    assert route(LAMP, WORLD) == Route("lamp", unsure=False, owner="一组网格员")
    assert route(OPERA, WORLD) == Route("opera", unsure=False, owner="向阳社")
    assert route(UNKNOWN, WORLD) == Route("other", unsure=True, owner="社区值班")


def test_an_emergency_goes_up_whatever_the_category() -> None:
    assert route(replace(LAMP, text="路灯漏电有人触电了快来"), WORLD).owner == "社区值班"


def test_nothing_changes_when_nothing_is_changed() -> None:
    found = rehearse([LAMP, OPERA, UNKNOWN], WORLD, WORLD)

    assert (found.looked_at, found.moved, found.flows) == (3, [], [])


def test_a_new_keyword_moves_what_it_is_found_in_from_whom_to_whom() -> None:
    found = rehearse([LAMP, UNKNOWN, UNKNOWN], WORLD, _with(KeywordChange("opera", "喇叭", 6.0)))

    assert [one.past.number for one in found.moved] == [1003, 1003]
    assert found.flows == [Flow("other", "opera", "社区值班", "向阳社", 2)]
    assert (found.other_category, found.other_owner) == (2, 2)


def test_what_people_said_tells_whether_the_change_is_better() -> None:
    said = [replace(UNKNOWN, label="opera"), replace(LAMP, label="lamp"), OPERA]

    better = rehearse(said, WORLD, _with(KeywordChange("opera", "喇叭", 6.0)))
    worse = rehearse(said, WORLD, _with(KeywordChange("lamp", "路灯", None)))

    assert (better.labelled, better.right_before, better.right_after) == (2, 1, 2)
    assert (worse.right_before, worse.right_after) == (1, 0)


def test_a_preference_moves_owners_and_no_category() -> None:
    served = replace(SOCIETY, scopes=(Scope(1, Breadth.COMMUNITY),))
    before = replace(WORLD, rosters={5: _roster(5, MEMBER, served, DUTY)})
    after = replace(before, kinds=changed_kinds(KINDS, {"lamp": ORGANIZATION}))

    found = rehearse([LAMP], before, after)

    assert (found.other_category, found.other_owner) == (0, 1)
    assert (found.moved[0].before.owner, found.moved[0].after.owner) == ("一组网格员", "向阳社")


def test_a_scope_that_is_added_brings_its_organization_in() -> None:
    newcomer = Post(ORGANIZATION, 4, "扬剧沙龙", people=(Person(2),), cap=20)
    change = ScopeChange(newcomer, Scope(2, Breadth.GRID, 7), frozenset({5}), added=True)

    after = replace(WORLD, rosters={5: changed_roster(WORLD.rosters[5], [change])})

    assert rehearse([OPERA], WORLD, after).moved[0].after.owner == "扬剧沙龙"


def test_a_scope_that_is_taken_away_leaves_the_grid_member() -> None:
    change = ScopeChange(SOCIETY, Scope(2, Breadth.COMMUNITY), frozenset({5}), added=False)

    after = replace(WORLD, rosters={5: changed_roster(WORLD.rosters[5], [change])})

    assert rehearse([OPERA], WORLD, after).moved[0].after.owner == "一组网格员"


@pytest.mark.parametrize("reach", [frozenset({6}), frozenset()])
def test_a_scope_elsewhere_changes_nothing_here(reach: frozenset[int]) -> None:
    change = ScopeChange(SOCIETY, Scope(2, Breadth.COMMUNITY), reach, added=False)

    assert changed_roster(WORLD.rosters[5], [change]).posts == WORLD.rosters[5].posts


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    change = ScopeChange(SOCIETY, Scope(8, Breadth.AREA), frozenset({5}), added=False)

    assert changed_roster(WORLD.rosters[5], [change]).posts[SOCIETY.key].scopes == SOCIETY.scopes


def test_where_nobody_could_own_it_it_says_so() -> None:
    assert route(replace(LAMP, community_id=6), WORLD).owner == NOBODY


def test_keyword_changes_add_reweigh_and_remove_and_the_last_one_wins() -> None:
    changes = [
        KeywordChange("lamp", "路燈", 2.0),
        KeywordChange("opera", "扬剧", None),
        KeywordChange("opera", "没有的", None),
        KeywordChange("noise", "喇叭", 1.0),
        KeywordChange("noise", "喇叭", 3.0),
    ]

    assert changed_keywords(HAND, changes) == [
        Keyword("路灯", "lamp", 2.0),
        Keyword("喇叭", "noise", 3.0),
    ]
