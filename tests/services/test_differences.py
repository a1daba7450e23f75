"""Two versions compared in words."""

from __future__ import annotations

from services.differences import NAMED, Change, differences, said

NAMES = {"sanitation": "环境卫生"}


def test_equal_versions_do_not_differ() -> None:
    assert differences([("臭味", "a", 1.0)], [("臭味", "a", 1.0)]) == []


def test_added_removed_raised_and_lowered_are_told_apart_by_category() -> None:
    before = [("垃圾", "a", 1.0), ("没人收", "a", 2.0), ("臭味", "a", 1.0), ("臭味", "b", 1.0)]
    after = [("垃圾", "a", 1.5), ("没人收", "a", 1.0), ("苍蝇", "a", 0.9), ("臭味", "b", 1.0)]

    (found,) = differences(before, after)

    assert found.category == "a"
    assert found.added == [Change("苍蝇", 0.0, 0.9)]
    assert found.removed == [Change("臭味", 1.0, 0.0)]
    assert found.raised == [Change("垃圾", 1.0, 1.5)]
    assert found.lowered == [Change("没人收", 2.0, 1.0)]


def test_the_largest_changes_come_first_and_categories_by_code() -> None:
    found = differences([], [("小词", "b", 0.5), ("大词", "b", -2.0), ("别的", "a", 1.0)])

    assert [one.category for one in found] == ["a", "b"]
    assert [one.text for one in found[1].added] == ["大词", "小词"]


def test_what_decides_nothing_is_left_out() -> None:
    assert differences([("垃圾", "a", 1.0)], [("垃圾", "a", 1.1), ("苍蝇", "a", 0.1)]) == []


def test_single_characters_are_context_and_only_counted() -> None:
    (found,) = differences([("臭", "a", 1.0)], [("脏", "a", 1.0)])

    assert (found.context, found.added, found.removed) == (2, [], [])


def test_the_sentence_names_what_changed() -> None:
    before = [("垃圾", "sanitation", 1.0), ("没人收", "sanitation", 2.0), ("路边", "sanitation", 1.0)]
    after = [("垃圾", "sanitation", 1.5), ("没人收", "sanitation", 1.0), ("苍蝇", "sanitation", 0.9)]
    (found,) = differences(before, [*after, ("臭", "sanitation", 1.0)])

    assert said(found, NAMES) == (
        "环境卫生：新增 1 个词：苍蝇（+0.9）；去掉 1 个词：路边；加重 1 个词：垃圾（+1.0 → +1.5）；"
        "减轻 1 个词：没人收（+2.0 → +1.0）；另有 1 个单字（上下文）的权重变了。"
    )


def test_long_lists_are_cut_and_unknown_categories_keep_their_code() -> None:
    (found,) = differences([], [(f"词语{number}", "new", 1.0) for number in range(NAMED + 3)])

    words = said(found, NAMES)
    assert words.startswith("new：新增 9 个词：")
    assert words.endswith("等。")
    assert words.count("、") == NAMED - 1
