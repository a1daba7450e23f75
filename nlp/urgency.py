"""Whether somebody is in danger now. Alerts too often rather than too rarely."""

from __future__ import annotations

from nlp.judgement import Urgency
from nlp.signs import ALARM, KINDS, NUMBERS, Reading, read, shipped

SELF_HARM = "self-harm"

ALERTING = -0.5
"""Score for danger from which there is an alarm: 0 would err as often on either side."""

PLAIN = 0.0
"""Score from which danger is told plainly; below it the alarm is faint."""

SELF_HARM_ALERTING = -0.6
"""Score for self-harm from which there is an alarm, whatever else is said: it is never passed over."""

SELF_HARM_TOLD = -0.7
"""Score from which an alarm is also one of self-harm: a gentle word too many harms nobody."""

REASONS = 4
"""Words named as the reason for an alarm, at most."""

_SELF_HARM = KINDS.index(SELF_HARM)


def urgency(text: str) -> Urgency:
    """Judge a normalised text: what is past, feared, figurative or only talked about is no alarm."""
    reading = read(text)
    kinds = alarming(reading)
    if not kinds:
        return Urgency()
    numbers = dict.fromkeys(number for kind in kinds for number in NUMBERS[kind])
    matched = shipped().reasons(text, ALARM, REASONS) or shipped().reasons(text, kinds[0], REASONS)
    return Urgency(True, tuple(numbers), SELF_HARM in kinds, tuple(matched), danger(reading) < PLAIN)


def danger(reading: Reading) -> float:
    """How surely somebody is in danger now: that there is a danger and of what kind have to be told together.

    A single suspicious word (咬了, 掉了) speaks for danger, but of no kind; the mean passes it over.
    """
    return (reading.alarm + max(reading.kinds)) / 2


def alarming(reading: Reading) -> list[str]:
    """The kinds of danger that are told, the likeliest first; none where there is no alarm."""
    doubt = reading.kinds[_SELF_HARM]
    if danger(reading) < ALERTING and doubt < SELF_HARM_ALERTING:
        return []
    worth = dict(zip(KINDS, reading.kinds, strict=True))
    ranked = sorted(KINDS, key=worth.__getitem__, reverse=True)
    told = [kind for kind in ranked if worth[kind] > 0] or ranked[:1]
    return told if SELF_HARM in told or doubt < SELF_HARM_TOLD else [*told, SELF_HARM]
