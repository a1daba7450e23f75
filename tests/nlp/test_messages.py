"""The villagers' sentences of messages.tsv, each labelled by hand with intent, category and urgency."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from nlp import Judgement, judge, load_pack
from nlp.evaluate import read_rows

HERE = Path(__file__).parent
REAL = HERE.parents[2] / "shared" / "data" / "village_dev.tsv"


class Message(NamedTuple):
    """A sentence and what it should be understood as; `*` where the label is left open."""

    text: str
    intent: str
    category: str
    urgent: bool


def _messages() -> list[Message]:
    lines = (HERE / "messages.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Message(text, intent, category, urgent == "1") for text, intent, category, urgent in rows]


MESSAGES = _messages()


def _judged(text: str) -> Judgement:
    return judge(text, load_pack("village").lexicon())


def test_there_are_sentences_of_every_intent_and_every_category() -> None:
    assert len(MESSAGES) > 250
    assert len({message.intent for message in MESSAGES} - {"*"}) == 11
    codes = {category.code for category in load_pack("village").categories}
    assert codes - {message.category for message in MESSAGES} == {"other"}


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.urgent], ids=lambda m: m.text)
def test_every_emergency_is_alerted_and_filed(message: Message) -> None:
    judgement = _judged(message.text)

    assert judgement.urgency.urgent
    assert judgement.urgency.numbers
    assert judgement.intent.is_appeal


@pytest.mark.parametrize("message", [m for m in MESSAGES if not m.urgent], ids=lambda m: m.text)
def test_nothing_else_is_alerted(message: Message) -> None:
    assert not _judged(message.text).urgency.urgent


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.intent != "*"], ids=lambda m: m.text)
def test_the_intent_is_the_labelled_one(message: Message) -> None:
    assert _judged(message.text).intent == message.intent


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.category not in "-*"], ids=lambda m: m.text)
def test_the_category_is_the_labelled_one(message: Message) -> None:
    judgement = _judged(message.text)

    assert judgement.category == message.category, judgement.matched


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.category == "-"], ids=lambda m: m.text)
def test_what_tells_and_wishes_nothing_has_no_category_and_is_never_sure(message: Message) -> None:
    judgement = _judged(message.text)

    assert judgement.category is None
    assert not judgement.sure
    assert judgement.topics == ()


@pytest.mark.skipif(not REAL.exists(), reason="the labelled real messages are not part of the project")
def test_the_pack_alone_understands_real_messages() -> None:
    lexicon = load_pack("village").lexicon()
    rows = read_rows(REAL)
    codes = [(label, [scored.code for scored in judge(text, lexicon).ranked]) for text, label in rows]

    assert sum(label in ranked[:1] for label, ranked in codes) / len(codes) >= 0.85
    assert sum(label in ranked[:3] for label, ranked in codes) / len(codes) >= 0.95
