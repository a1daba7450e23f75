"""The kill tests see what they look for: repeats by person and words, with the mark or without it."""

from __future__ import annotations

from services.notices import REPEATED
from tests.whole.aftermath import Screens


def _call(words: str, *, openid: str = "one", shown: bool = True) -> dict[str, object]:
    return {"account": "oa", "openid": openid, "shown": shown, "body": {"text": {"content": words}}}


def test_what_two_people_see_and_what_nobody_sees_is_no_repeat() -> None:
    calls = [_call("已收到"), _call("已收到", openid="other"), _call("已收到", shown=False)]

    assert Screens.of(calls) == Screens(shown=2, repeats=0, most=1, unmarked=0, needless=0)


def test_a_marked_repeat_is_told_from_one_without_a_mark() -> None:
    marked = [_call("已收到"), _call(f"{REPEATED}已收到")]
    unmarked = [_call("已收到"), _call("已收到"), _call(f"{REPEATED}已收到")]

    assert Screens.of(marked) == Screens(shown=2, repeats=1, most=2, unmarked=0, needless=0)
    assert Screens.of(unmarked) == Screens(shown=3, repeats=2, most=3, unmarked=1, needless=0)


def test_a_mark_on_what_was_never_seen_before_is_counted_apart() -> None:
    assert Screens.of([_call(f"{REPEATED}已收到")]) == Screens(
        shown=1, repeats=0, most=1, unmarked=0, needless=1
    )


def test_a_template_card_is_known_by_its_fields() -> None:
    card = {"account": "oa", "openid": "one", "shown": True, "body": {"data": {"thing2": {"value": "路灯"}}}}

    assert Screens.of([card, card]).repeats == 1
