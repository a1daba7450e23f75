"""A community's own place names and aliases, found in a message in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.addresses import Kind, Part, parts
from nlp.phrases import Phrases
from nlp.segment import fold_numerals, normalise

Entry = tuple[str, int] | tuple[str, int, str]
"""(name, grid id), or (alias, grid id, the name that it stands for)."""

_KEYED = (Kind.GROUP, Kind.BUILDING)


class Known(NamedTuple):
    """A name of the gazetteer at `normal[start:end]`: as staff entered it, and the grids it may mean."""

    start: int
    end: int
    name: str
    grid_ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Place names, each pointing to one or more grids; make one with `Gazetteer.of`."""

    _phrases: Phrases
    _names: tuple[tuple[str, tuple[int, ...]], ...]
    _numbers: Mapping[tuple[Kind, str], tuple[str, tuple[int, ...]]]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Gazetteer:
        """Build from names and aliases; what is given with several grids is ambiguous."""
        grids: dict[str, dict[int, None]] = {}
        written: dict[str, str] = {}
        for name, grid_id, *main in entries:
            folded = fold_numerals(normalise(name).strip())[0]
            if folded:
                grids.setdefault(folded, {})[grid_id] = None
                written.setdefault(folded, main[0] if main else name)
        names = tuple((written[folded], tuple(ids)) for folded, ids in grids.items())
        numbers: dict[tuple[Kind, str], tuple[str, tuple[int, ...]]] = {}
        for folded, entry in zip(grids, names, strict=True):
            if (key := _key(folded)) is not None:
                numbers.setdefault(key, entry)
        return cls(Phrases(grids), names, numbers)

    def find(self, normal: str, numbered: Sequence[Part] | None = None) -> Known | None:
        """The place that a normalised text names; `numbered` are its parts, if they are known already.

        A name of one grid goes before an ambiguous one, then the longest, then the later (渡江村三组). Two
        places of different grids that do not touch (三组和五组) leave it open: then `grid_ids` has both.
        """
        hits = self._hits(normal, parts(normal) if numbered is None else numbered)
        if not hits:
            return None
        best = max(hits, key=lambda hit: (-len(hit.grid_ids), hit.end - hit.start, hit.start))
        return best._replace(grid_ids=_meant(best, hits))

    def _hits(self, normal: str, numbered: Sequence[Part]) -> list[Known]:
        folded, positions = fold_numerals(normal)
        hits = [
            Known(positions[hit.start], positions[hit.end], *self._names[hit.index])
            for hit in self._phrases.hits(folded)
            if not _inside_number(folded, hit.start)
        ]
        for part in numbered:
            entry = self._numbers.get((part.kind, part.number))
            if entry is not None and not any(hit.start < part.end and part.start < hit.end for hit in hits):
                hits.append(Known(part.start, part.end, *entry))
        return hits


def _key(folded: str) -> tuple[Kind, str] | None:
    """Kind and number of a name that is nothing but a group or a building: 三组, 第三村民小组, 5号楼."""
    found = parts(folded)
    if len(found) != 1 or found[0].kind not in _KEYED or found[0].word in ("号", "户"):
        return None
    return (found[0].kind, found[0].number) if (found[0].start, found[0].end) == (0, len(folded)) else None


def _meant(best: Known, hits: Sequence[Known]) -> tuple[int, ...]:
    """The grids of the best name: fewer where another narrows them, more where another place is named."""
    grids = best.grid_ids
    for other in hits:
        if len(grids) > 1 and (common := tuple(one for one in grids if one in other.grid_ids)):
            grids = common
    apart = (hit for hit in hits if len(hit.grid_ids) == 1 and (hit.end < best.start or best.end < hit.start))
    if len(best.grid_ids) == 1:
        return tuple(dict.fromkeys((*grids, *(grid for hit in apart for grid in hit.grid_ids))))
    return grids


def _inside_number(folded: str, start: int) -> bool:
    """Whether a hit such as 3组 is the end of 13组."""
    return start > 0 and folded[start].isdigit() and folded[start - 1].isdigit()
