"""What this process knows of words, categories and places: kept in memory, made anew when staff change it.

`knowledge()` asks the database for the revision at most every two seconds, and is called before a transaction
is opened; what it returns is used inside without further questions.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from tortoise.context import TortoiseContext, require_context

from models import Category, Community, Grid, Keyword, LearnedWeights, PlaceName, VersionState
from nlp.apart import danger_apart
from nlp.gazetteer import Entry, Gazetteer
from nlp.judge import OTHER, judge
from nlp.judgement import Judgement
from nlp.lexicon import Keyword as Weighted
from nlp.lexicon import Lexicon
from nlp.segment import fold_numerals, normalise
from nlp.weights import NOTHING, Weights, fitted
from services import revisions
from services.errors import NotFound

CHECK_SECONDS = 2.0
COUNSELLING = "counselling"


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Knowledge:
    """One revision of everything that messages are understood with.

    `lexicon` is made of the `hand_written` keywords and the learned `weights` of the version in force.
    """

    revision: int
    lexicon: Lexicon
    hand_written: tuple[Weighted, ...]
    weights: Weights
    categories: Mapping[str, Category]
    communities: tuple[Community, ...]
    _gazetteers: dict[int, Gazetteer] = field(default_factory=dict, repr=False)
    _grids: dict[int, tuple[Grid, ...]] = field(default_factory=dict, repr=False)

    def category(self, code: str | None) -> Category:
        """The active category of a code; unknown and retired codes are 其他.

        Raises: LookupError when there is no category `other`: no pack has been loaded.
        """
        found = self.categories.get(code or OTHER)
        return found if found is not None and found.active else self.categories[OTHER]

    def category_by_id(self, category_id: int) -> Category:
        """The category of an appeal, retired or not."""
        found = (one for one in self.categories.values() if one.id == category_id)
        return next(found, self.category(OTHER))

    def active_community(self, community_id: int) -> Community:
        """A community that takes part.

        Raises: NotFound.
        """
        for one in self.communities:
            if one.id == community_id:
                return one
        raise NotFound("这个村（社区）已经停用。", in_chat="请回复“绑定”重新选。")

    def community_called(self, code_or_name: str) -> Community | None:
        """An active community by its code or the name that people use."""
        return next((one for one in self.communities if code_or_name in (one.code, one.name)), None)

    async def judge(self, text: str, community_id: int | None) -> Judgement:
        """Understand one message; places are those of the community, none for a stranger."""
        places = await self.gazetteer(community_id) if community_id is not None else None
        return judge(text, self.lexicon, places)

    async def danger_apart(self, text: str, community_id: int | None) -> tuple[str, str] | None:
        """(the clauses in danger, the complaint about cadres) of a message that holds both."""
        return danger_apart(text, await self.gazetteer(community_id) if community_id is not None else None)

    async def gazetteer(self, community_id: int) -> Gazetteer:
        """The place names of a community with their aliases, its grids' own names among them."""
        if community_id not in self._gazetteers:
            named = await PlaceName.filter(community_id=community_id, grid__active=True).order_by("id")
            names: list[Entry] = [(one.name, one.id) for one in await self.grids(community_id)]
            names += [(one.name, one.grid_id) for one in named]
            names += [(alias, one.grid_id, one.name) for one in named for alias in one.aliases]
            self._gazetteers[community_id] = Gazetteer.of(names)
        return self._gazetteers[community_id]

    async def grids(self, community_id: int) -> tuple[Grid, ...]:
        """The active grids of a community, in their order."""
        if community_id not in self._grids:
            found = await Grid.filter(community_id=community_id, active=True).order_by("position", "id")
            self._grids[community_id] = tuple(found)
        return self._grids[community_id]

    async def grid_called(self, community_id: int, name: str) -> Grid | None:
        """The active grid of a community that is called so: 三组 is 3组, blanks do not count."""
        wanted = plain(name)
        return next((one for one in await self.grids(community_id) if plain(one.name) == wanted), None)


def plain(name: str) -> str:
    """A name as it is compared."""
    return fold_numerals(normalise("".join(name.split())))[0]


@dataclass(slots=True)
class _Memory:
    knowledge: Knowledge | None = None
    checked_at: float = -CHECK_SECONDS


_memories: WeakKeyDictionary[TortoiseContext, _Memory] = WeakKeyDictionary()


def _memory() -> _Memory:
    # By opened database, so that nothing is remembered of another one.
    return _memories.setdefault(require_context(), _Memory())


def forget() -> None:
    """Ask the database again next time, for who has just changed words, categories or places."""
    _memory().checked_at = -CHECK_SECONDS


async def knowledge() -> Knowledge:
    """The present knowledge. Call it before `writing()`: loading takes a moment.

    Staff changes are seen within two seconds by every process.
    """
    memory = _memory()
    if memory.knowledge is not None and time.monotonic() - memory.checked_at < CHECK_SECONDS:
        return memory.knowledge
    # Before the question is asked, so that others go on with what there is while one asks.
    memory.checked_at = time.monotonic()
    revision = (await revisions.current()).get(revisions.LEXICON, 0)
    if memory.knowledge is None or memory.knowledge.revision != revision:
        memory.knowledge = await _load(revision)
    return memory.knowledge


async def _load(revision: int) -> Knowledge:
    categories = {one.code: one for one in await Category.all().order_by("id")}
    words = await Keyword.filter(active=True, category__active=True).values_list(
        "text", "category__code", "weight"
    )
    keywords = tuple(Weighted(text, code, weight) for text, code, weight in words)
    learned = await LearnedWeights.get_or_none(version__state=VersionState.ACTIVE)
    name = f"v{learned.version_id}.r{revision}" if learned is not None else f"r{revision}"
    codes = {code for code, one in categories.items() if one.active}
    packed = learned.packed if learned is not None else None
    made, weights = await asyncio.to_thread(_warm, keywords, packed, codes, name)
    communities = await Community.filter(active=True).order_by("id")
    return Knowledge(revision, made, keywords, weights, categories, tuple(communities))


def _warm(
    keywords: Sequence[Weighted], packed: bytes | None, codes: Collection[str], version: str
) -> tuple[Lexicon, Weights]:
    # Indexes and the segmenter's dictionary are made at first use: here, not while somebody waits.
    weights = Weights.unpacked(packed).within(codes) if packed is not None else NOTHING
    made = fitted(keywords, weights, version=version)
    _ = judge("路灯不亮", made)
    return made, weights


async def lexicon() -> Lexicon:
    """The weighted words in force."""
    return (await knowledge()).lexicon


async def gazetteer(community_id: int) -> Gazetteer:
    """The place names of a community in force."""
    return await (await knowledge()).gazetteer(community_id)
