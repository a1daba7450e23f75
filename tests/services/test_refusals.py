"""A refusal says why at every door, and what to write next in the chat alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product

import pytest

from models import AppealStatus, Role, Verb
from services import errors, refusals
from services.errors import DomainError
from tests.chat import CHAT
from tests.running import ROOT

_NEEDED = "needed"


def _of_appeals() -> Iterator[DomainError]:
    for role, verb, status in product(Role, Verb, AppealStatus):
        yield refusals.illegal(role, verb, status, 1001)
        yield refusals.not_for(role, verb)
        yield refusals.held_by("三组网格员", verb, 1001)
    yield from (refusals.unknown(role, 1001) for role in Role)
    yield refusals.taken("三组网格员", 1001)
    yield refusals.taken("", 1001)
    yield refusals.out_of_scope(1001)
    yield refusals.not_in_charge(1001)
    yield refusals.your_own(1001)


def test_the_reason_holds_no_command_and_the_chat_reads_what_to_do() -> None:
    for one in _of_appeals():
        assert one.message.endswith("。")
        assert not CHAT.search(one.message), one.message
        assert one.told.startswith(one.message)
        assert CHAT.search(one.told) or "请找" in one.told, one.told


def _reasons() -> Iterator[tuple[str, str]]:
    """Where each refusal of the services is made, and the words of its reason."""
    kinds = {name for name, one in vars(errors).items() if isinstance(one, type)} | {"Refused", _NEEDED}
    for path in sorted((ROOT / "services").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in kinds:
                reason = call.args[1 if name == _NEEDED and len(call.args) > 1 else 0]
                yield f"{path.name}:{call.lineno}", _words(reason)


def _words(expression: ast.expr) -> str:
    found = (one.value for one in ast.walk(expression) if isinstance(one, ast.Constant))
    return "".join(one for one in found if isinstance(one, str))


def test_no_reason_of_any_service_speaks_of_the_chat() -> None:
    reasons = dict(_reasons())
    assert len(reasons) > 80
    assert {place: words for place, words in reasons.items() if CHAT.search(words)} == {}


@pytest.mark.parametrize("words", ["请回复：看 1001", "回复“待办”看您手上的。", "有新情况请直接写一句话。"])
def test_words_of_the_chat_are_told_from_others(words: str) -> None:
    assert CHAT.search(words)
    assert not CHAT.search("1001 现在是「已办结」，不能接单。")
