"""The codes that staff hand out."""

from __future__ import annotations

from bot.codes import sent_alone
from services.binding_codes import new_code


def test_every_code_can_be_sent_alone() -> None:
    for _ in range(200):
        code = new_code()
        assert sent_alone(code) == code
