"""Classify lines: `python -m nlp.classify < lines` prints one JSON object a line, with pack `village`."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from nlp.judge import judge
from nlp.judgement import Judgement, PlaceFound
from nlp.pack import load_pack


def as_json(judgement: Judgement) -> dict[str, Any]:
    """The judgement under the names that outsiders rely on."""
    return {
        "intent": judgement.intent.value,
        "category": judgement.category,
        "ranked": [{"code": scored.code, "score": scored.score} for scored in judgement.ranked],
        "margin": judgement.margin,
        "urgent": judgement.urgency.urgent,
        "place": _place(judgement.place),
        "topics": [topic.code for topic in judgement.topics],
        "matched": [
            {"keyword": match.keyword, "category": match.category, "weight": match.weight}
            for match in judgement.matched
        ],
        "sure": judgement.sure,
        "self_harm": judgement.urgency.self_harm,
        "numbers": list(judgement.urgency.numbers),
        "conduct": judgement.conduct,
        "lexicon_version": judgement.lexicon_version,
    }


def _place(found: PlaceFound | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "text": found.text,
        "name": found.name,
        "grid_ids": list(found.grid_ids),
        "tidy": found.tidy,
        "parts": {part.kind.value: part.tidy for part in found.parts},
    }


def main() -> int:
    """Read messages from standard input until it ends; an empty line is a message too."""
    lexicon = load_pack("village").lexicon()
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
    for line in lines:
        judgement = judge(line.rstrip("\r\n"), lexicon)
        text = json.dumps(as_json(judgement), ensure_ascii=False)
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
