"""Personal fields as lists and details show them: enough to recognise, not enough to use."""

from __future__ import annotations

from nlp.addresses import Kind, parts
from nlp.segment import normalise

_SHOWN_FRONT, _SHOWN_BACK = 3, 4
_INSIDE = frozenset({Kind.UNIT, Kind.FLOOR, Kind.ROOM})


def masked_name(name: str) -> str:
    """`张**` for a name of any length; empty stays empty."""
    return f"{name[0]}**" if name else ""


def masked_phone(phone: str) -> str:
    """`138****5678`; a short number is hidden whole; empty stays empty."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    if len(digits) < _SHOWN_FRONT + _SHOWN_BACK + 1:
        return "****" if phone else ""
    return f"{digits[:_SHOWN_FRONT]}****{digits[-_SHOWN_BACK:]}"


def masked_place(place: str) -> str:
    """A place as far as the building: 粮站旁边5栋 for 粮站旁边5栋2单元302室."""
    return " ".join(shown for word in place.split() if (shown := _as_far_as_building(word)))


def _as_far_as_building(word: str) -> str:
    inside = (part.start for part in parts(normalise(word)) if part.kind in _INSIDE)
    return word[: next(inside, len(word))].rstrip("-－—，,、")
