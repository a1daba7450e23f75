"""Two matters in one message, and bursts about one: how often they are told apart and put together.

The sentences stand in `tests/nlp/topics.tsv` and `tests/bot/bursts.tsv`. Odd ones are there to improve
against, even ones only to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path
from typing import NamedTuple

from bench import scratch
from bench.figures import Report
from bot.answering import settle
from bot.wire.messages import Incoming, dedup_key, to_payload
from models import Appeal, AppealEvent, Attachment, Community, Conversation, Resident
from nlp.judge import judge
from nlp.pack import load_pack
from services import inbox

TESTS = Path(__file__).parent.parent / "tests"
HALVES = ("to improve against", "only to judge")
PRECISION, RECALL, TOGETHER, APART, WHOLE = 0.95, 0.85, 0.97, 0.95, 0.9
_MEDIA = {"[照片]": "image", "[语音]": "voice", "[位置]": "location"}
_ids = count(1)


class Message(NamedTuple):
    """A message and the categories of its matters, empty where there is one."""

    text: str
    codes: tuple[str, ...]


class Line(NamedTuple):
    """A message of a burst and the appeals that it belongs to, none for small talk."""

    text: str
    appeals: frozenset[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A burst and the appeals (by their real numbers) that each line went to."""

    lines: tuple[Line, ...]
    found: tuple[frozenset[int], ...]

    @property
    def right(self) -> bool:
        """Whether as many appeals were made as there are matters, and every line went where it belongs."""
        gold = [line.appeals for line in self.lines]
        together = {pair: bool(gold[pair[0]] & gold[pair[1]]) for pair in self.pairs()}
        same = all(bool(self.found[a] & self.found[b]) == whole for (a, b), whole in together.items())
        kept = all(
            bool(line.appeals) == bool(found) for line, found in zip(self.lines, self.found, strict=True)
        )
        return same and kept and self.made == self.wanted

    @property
    def wanted(self) -> int:
        """How many matters there are."""
        return len(frozenset[int]().union(*(line.appeals for line in self.lines)))

    @property
    def made(self) -> int:
        """How many appeals there are."""
        return len(frozenset[int]().union(*self.found))

    def pairs(self) -> Iterable[tuple[int, int]]:
        """Lines that both tell something, two and two."""
        telling = [place for place, line in enumerate(self.lines) if line.appeals]
        return combinations(telling, 2)


async def run() -> Report:
    """Each half on its own; only the second counts."""
    report = Report("bursts", "(g) two matters in one message, and bursts about one matter")
    messages = read_messages()
    for half, name in enumerate(HALVES):
        _tell_topics(report, messages[half::2], name, demanded=half == 1)
    async with scratch.database() as url, scratch.opened(url):
        outcomes = [await play(burst) for burst in read_bursts()]
    for half, name in enumerate(HALVES):
        _tell_bursts(report, outcomes[half::2], name, demanded=half == 1)
    report.notes.append(
        "bursts: by the conversation itself, in the demo community, by residents without a grid"
    )
    return report


def read_messages(path: Path = TESTS / "nlp" / "topics.tsv") -> list[Message]:
    """The messages in their order."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    parted = (line.split("\t") for line in lines)
    return [Message(text, () if codes == "1" else tuple(codes.split())) for text, codes in parted]


def read_bursts(path: Path = TESTS / "bot" / "bursts.tsv") -> list[tuple[Line, ...]]:
    """The bursts in their order."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [burst for block in blocks if (burst := tuple(_lines(block)))]


def _lines(block: str) -> Iterator[Line]:
    for line in block.strip().splitlines():
        if not line.startswith("#"):
            numbers, text = line.split("\t")
            yield Line(text, frozenset(int(one) for one in numbers.split("+")) - {0})


async def play(burst: Sequence[Line]) -> Outcome:
    """Say a burst as somebody new of the demo community."""
    openid = f"burst-{next(_ids)}"
    resident = await Resident.create(community=await Community.get(code="xinlian"))
    _ = await Conversation.create(account="oa", openid=openid, resident=resident)
    found = []
    for line in burst:
        before = await _touched(resident.id)
        incoming = _incoming(line.text, openid)
        row = await inbox.receive("oa", openid, dedup_key(incoming), to_payload(incoming))
        _ = await settle(row, incoming)
        found.append(frozenset(appeal for appeal, _ in await _touched(resident.id) - before))
    return Outcome(tuple(burst), tuple(found))


async def _touched(resident_id: int) -> set[tuple[int, str]]:
    """Everything that was ever put to an appeal of the resident, as (appeal, what)."""
    own = [one.id for one in await Appeal.filter(resident_id=resident_id)]
    told = AppealEvent.filter(appeal_id__in=own, verb__in=["submit", "supplement", "answer"])
    events = {(one.appeal_id, f"event {one.id}") for one in await told}
    return events | {(one.appeal_id, f"file {one.id}") for one in await Attachment.filter(appeal_id__in=own)}


def _incoming(text: str, openid: str) -> Incoming:
    values: dict[str, object] = {"msg_type": _MEDIA.get(text, "text"), "msg_id": str(next(_ids))}
    if text not in _MEDIA:
        values["text"] = text
    elif text == "[位置]":
        values |= {"latitude": 32.411, "longitude": 119.415, "datum": "GCJ-02", "label": ""}
    else:
        values["media_id"] = f"media-{values['msg_id']}"
    return Incoming(
        **{"account": "oa", "openid": openid, "to_user": "gh_oa", "known": True, "created_at": next(_ids)}  # type: ignore[arg-type]
        | values
    )


def wrong_messages(messages: Iterable[Message]) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """Those that are parted otherwise than they should be, with how they are."""
    lexicon = load_pack("village").lexicon()
    for message in messages:
        codes = tuple(topic.code for topic in judge(message.text, lexicon).topics)
        if codes != message.codes:
            yield message, codes


def _tell_topics(report: Report, messages: Sequence[Message], half: str, *, demanded: bool) -> None:
    lexicon = load_pack("village").lexicon()
    found = [bool(judge(message.text, lexicon).topics) for message in messages]
    gold = [bool(message.codes) for message in messages]
    hits = sum(one and other for one, other in zip(found, gold, strict=True))
    wrong = len(list(wrong_messages(messages)))
    size = f"{len(messages)} messages, {sum(gold)} with two matters, {half}"
    _figure(report, f"{size}: precision", hits, sum(found), PRECISION if demanded else None)
    _figure(report, f"{size}: recall", hits, sum(gold), RECALL if demanded else None)
    _figure(report, f"{size}: categories right", len(messages) - wrong, len(messages), None)


def _tell_bursts(report: Report, outcomes: Sequence[Outcome], half: str, *, demanded: bool) -> None:
    gold = found = both = 0
    for outcome in outcomes:
        for a, b in outcome.pairs():
            belong = bool(outcome.lines[a].appeals & outcome.lines[b].appeals)
            together = bool(outcome.found[a] & outcome.found[b])
            gold, found, both = gold + belong, found + together, both + (belong and together)
    size = f"{len(outcomes)} bursts, {half}"
    right, counted = sum(one.right for one in outcomes), sum(one.made == one.wanted for one in outcomes)
    _figure(report, f"{size}: lines put together, precision", both, found, TOGETHER if demanded else None)
    _figure(report, f"{size}: lines put together, recall", both, gold, APART if demanded else None)
    _figure(report, f"{size}: as many appeals as matters", counted, len(outcomes), None)
    _figure(report, f"{size}: wholly right", right, len(outcomes), WHOLE if demanded else None)


def _figure(report: Report, name: str, part: int, whole: int, least: float | None) -> None:
    value = part / whole if whole else 1.0
    if least is None:
        report.tell(name, f"{value:.3f} ({part} of {whole})")
    else:
        report.demand(name, value, f"≥ {least}", lambda it: it >= least)
