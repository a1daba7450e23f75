"""Characters that neither XML, nor PostgreSQL, nor a staff member's screen can stand."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, lone surrogates, non-characters, and the marks that turn the
# direction of writing: a message could show staff something else than what it says. Joiners stay, emoji
# need them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")


def strip_forbidden(text: str) -> str:
    """`text` without forbidden characters, every line end as one newline; doing it twice changes nothing."""
    return _FORBIDDEN.sub("", _NEWLINES.sub("\n", text))
