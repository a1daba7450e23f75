"""The command that classifies lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def _classified(given: bytes) -> list[dict[str, Any]]:
    command = [sys.executable, "-W", "ignore", "-m", "nlp.classify"]
    done = subprocess.run(command, input=given, capture_output=True, check=True, cwd=ROOT)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def test_each_line_gives_one_object_with_the_promised_names() -> None:
    text = "三组路灯坏了黑灯瞎火的，还有我妈的养老金没发\n你好\n\n\x85坏\u2028字节".encode() + b"\xff\xfe\n"

    first, greeting, empty, broken = _classified(text)

    assert first["intent"] == "difficulty"
    assert first["category"] == first["ranked"][0]["code"] == "traffic"
    assert 0 < first["margin"] <= 1
    assert first["urgent"] is False
    assert first["place"]["text"] == "三组"
    assert first["topics"] == ["traffic", "social_security"]
    assert {"keyword", "category", "weight"} == set(first["matched"][0])
    assert (greeting["intent"], greeting["category"], greeting["place"]) == ("greeting", None, None)
    assert empty["intent"] == "noise"
    assert broken["topics"] == []
