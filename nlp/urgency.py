"""Whether somebody is in danger now. Alerts too often rather than too rarely."""

from __future__ import annotations

from nlp.judgement import Urgency
from nlp.signs import ALARM, Reading, read, shipped
from nlp.tables import WORDS, rows

SELF_HARM = "self-harm"

ALERTING = -0.25
"""Score for danger from which there is an alarm: 0 would err as often on either side."""

SELF_HARM_ALERTING = -0.4
"""Score for self-harm from which there is an alarm, whatever else is said: it is never passed over."""

REASONS = 4

NUMBERS = {kind: tuple(numbers.split()) for _, (kind, numbers) in rows(WORDS / "dangers.tsv")}
"""Whom to call in each kind of danger, the fitting one first."""


def urgency(text: str) -> Urgency:
    """Judge a normalised text: what is past, feared, figurative or only talked about is no alarm."""
    kinds = alarming(read(text))
    if not kinds:
        return Urgency()
    numbers = dict.fromkeys(number for kind in kinds for number in NUMBERS[kind])
    matched = shipped().reasons(text, ALARM, REASONS) or shipped().reasons(text, kinds[0], REASONS)
    return Urgency(True, tuple(numbers), SELF_HARM in kinds, tuple(matched))


def alarming(reading: Reading) -> list[str]:
    """The kinds of danger that are told, the likeliest first; none where there is no alarm."""
    ranked = sorted(reading.kinds, key=reading.kinds.__getitem__, reverse=True)
    if reading.alarm < ALERTING and reading.kinds[SELF_HARM] < SELF_HARM_ALERTING:
        return []
    told = [kind for kind in ranked if reading.kinds[kind] > 0] or ranked[:1]
    if reading.kinds[SELF_HARM] >= SELF_HARM_ALERTING and SELF_HARM not in told:
        told.append(SELF_HARM)
    return told
