"""Personal fields as lists and details show them: enough to recognise, not enough to use."""

from __future__ import annotations

_SHOWN_FRONT, _SHOWN_BACK = 3, 4


def masked_name(name: str) -> str:
    """`张**` for a name of any length; empty stays empty."""
    return f"{name[0]}**" if name else ""


def masked_phone(phone: str) -> str:
    """`138****5678`; a short number is hidden whole; empty stays empty."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    if len(digits) < _SHOWN_FRONT + _SHOWN_BACK + 1:
        return "****" if phone else ""
    return f"{digits[:_SHOWN_FRONT]}****{digits[-_SHOWN_BACK:]}"
