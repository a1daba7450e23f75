"""Phrases by their sound."""

from __future__ import annotations

from nlp.homophones import Sounds, sound
from nlp.segment import boundaries


def _heard(text: str, *phrases: str, worth: tuple[float, ...] = ()) -> list[str]:
    sounds = Sounds(phrases, worth or [1.0] * len(phrases))
    return [phrases[hit.index] for hit in sounds.hits(text, boundaries(text))]


def test_characters_that_are_read_alike_but_for_the_tone_sound_the_same() -> None:
    assert sound("路登") == sound("路灯") == sound("陆等")
    assert sound("绿") != sound("路")
    assert len(sound("3栋A座，路灯！")) == len("3栋A座，路灯！")


def test_what_is_written_wrong_is_heard_and_what_is_written_right_is_not() -> None:
    assert _heard("门口路登坏了", "路灯") == ["路灯"]
    assert _heard("门口路灯坏了", "路灯") == []


def test_characters_that_make_a_word_as_they_stand_are_no_slips() -> None:
    assert _heard("有意见要提", "一件") == []


def test_single_characters_are_not_listened_for() -> None:
    assert _heard("苟叫", "狗") == []


def test_of_phrases_that_sound_alike_the_weightier_is_heard() -> None:
    assert _heard("门口路登坏了", "路灯", "路蹬", worth=(1.0, 2.0)) == ["路蹬"]
    assert _heard("门口路登坏了", "路灯", "路蹬", worth=(2.0, 1.0)) == ["路灯"]
