"""Two matters in one message: which clauses belong to which category."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.judgement import Scored, Topic
from nlp.lexicon import Found
from nlp.ranking import totals, weighed

CLEAR = 3.5
"""Score that a clause needs on its own to count as a matter."""

LEAD = 1.5
"""How far its best category must be ahead of the next, in that clause and of the other topic's category."""

SHORTEST = 5
"""Characters below which a clause only adds to the matter before it (还有味道)."""

_CLAUSE = re.compile(r"[^，。！？；,!?;\n]+")
_CONNECTING = (
    r"还有(?:就是|一件|一个|个)?(?=.)|另外|此外|再一个|再有|再就是|再说|再问|顺便|顺带|第二|二是|其次|还想|也想|还要|对了|同时也"
    r"|以及(?=我)|(?<![0-9])[2二][、.．:：]|也(?:没|坏|要|不|有|很)"
)
_CONNECTS = re.compile(_CONNECTING)
_FULL_STOPS = "。；;\n！!"
_PARTING = re.compile(rf"{_CONNECTING}|[{_FULL_STOPS}]")


def topics(text: str, normal: str, found: Sequence[Found], order: Sequence[Scored]) -> tuple[Topic, ...]:
    """The topics of the message where there are clearly several, else nothing; `order` is its whole ranking.

    Clauses without a clear category of their own go to the topic before them.
    """
    if len(order) < 2 or order[1].score < CLEAR or not _PARTING.search(normal):
        return ()
    parts = _parts(normal)
    grouped: list[tuple[str, int, int]] = []
    for start, end, connected in parts:
        inside = [keyword for keyword in found if start <= keyword.start and keyword.end <= end]
        code = _clear(totals(weighed(normal, inside))) if end - start >= SHORTEST or not grouped else None
        if code is not None and (not grouped or (code != grouped[-1][0] and connected)):
            grouped.append((code, start, end))
        elif grouped:
            grouped[-1] = (grouped[-1][0], grouped[-1][1], end)
    merged: dict[str, list[str]] = {}
    for code, start, end in grouped:
        merged.setdefault(code, []).append(text[start:end].strip())
    return tuple(Topic(code, "，".join(words)) for code, words in merged.items()) if len(merged) > 1 else ()


def _parts(normal: str) -> list[tuple[int, int, bool]]:
    """Clauses, also parted where a connecting word begins without a mark: start, end, whether connected."""
    parts: list[tuple[int, int, bool]] = []
    full_stop = False
    for clause in _CLAUSE.finditer(normal):
        starts = [clause.start(), *(found.start() for found in _CONNECTS.finditer(normal, *clause.span()))]
        starts = sorted(set(starts))
        for start, end in zip(starts, [*starts[1:], clause.end()], strict=True):
            parts.append((start, end, full_stop or bool(_CONNECTS.match(normal, start))))
            full_stop = False
        full_stop = normal[clause.end() : clause.end() + 1] in set(_FULL_STOPS)
    return parts


def _clear(order: Sequence[Scored]) -> str | None:
    """The category of a clause if it leaves no doubt."""
    if not order or order[0].score < CLEAR:
        return None
    return order[0].code if len(order) == 1 or order[0].score - order[1].score >= LEAD else None
