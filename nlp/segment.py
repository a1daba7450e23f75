"""Normalising what residents type, and cutting it into words with jieba."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import tempfile
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import cn2an
import jieba

from nlp.tables import shipped_words

LONGEST = 2000
"""Characters of a message that are looked at; WeChat's own limit for a text is 2,048 bytes."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_KEPT_MARKS = {ord(mark): mark for mark in "，！？；：（）"}
_CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_BLANKS = dict.fromkeys([*range(0x20), 0x7F, 0xA0, 0x200B, 0x200C, 0x200D, 0x2060, 0x3000, 0xFEFF], " ")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "?")  # lone halves cannot be encoded for the matcher

_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百两]+(?=[组队栋幢座号单室楼层排弄区期社巷门户村街路])")

_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")
"""What jieba looks for words in; everything else is cut at every character."""

_SENTENCE = re.compile("[不没了的坏无有给是太在着得过]")
"""Keywords with these are little sentences (灯不亮); as words they would tear real ones apart (路|灯不亮)."""


@cache
def _table() -> dict[int, int | str]:
    """One character to one character, so that places in the normal form are places in the original."""
    # Read here, since zhconv itself would leave the file open and keep all its tables in memory.
    tables = json.loads(files("zhconv").joinpath("zhcdict.json").read_bytes())
    simplified = {ord(old): new for old, new in tables["zh2Hans"].items() if len(old) == len(new) == 1}
    wide = {code: ord(chr(half).lower()) for code, half in _FULL_WIDTH.items()}
    return {**simplified, **wide, **_KEPT_MARKS, **_CAPITALS, **_BLANKS, **_SURROGATES}


def normalise(text: str) -> str:
    """Full-width to half-width, traditional to simplified, lower case, control characters to blanks.

    Keeps the length, so positions stay valid in the original; marks of Chinese punctuation stay Chinese.
    """
    return text.translate(_table())


@lru_cache(maxsize=512)
def figure(numeral: str) -> str:
    """A Chinese numeral in digits; one that is no number stays as it is."""
    try:
        return str(cn2an.cn2an(numeral.replace("〇", "零"), "smart"))
    except ValueError:
        return numeral


def fold_numerals(text: str) -> tuple[str, tuple[int, ...]]:
    """Write counted places in digits (三组 → 3组), with each character's original position and the end."""
    parts: list[str] = []
    positions: list[int] = []
    last = 0
    for found in _NUMERAL.finditer(text):
        digits = figure(found[0])
        parts += [text[last : found.start()], digits]
        positions += [*range(last, found.start()), *[found.start()] * len(digits)]
        last = found.end()
    positions += range(last, len(text) + 1)
    return "".join([*parts, text[last:]]), tuple(positions)


def private_directory() -> str:
    """Where jieba keeps its cache: ours alone, since a cache planted by somebody else would be loaded."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xianglin"
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="xianglin-")
    found = base.stat()
    private = found.st_uid == os.getuid() and not found.st_mode & 0o022 and os.access(base, os.W_OK)
    return str(base) if private else tempfile.mkdtemp(prefix="xianglin-")


@cache
def tokenizer() -> jieba.Tokenizer:
    """The process's own jieba, its dictionary loaded (1 to 2 s the first time, 0.6 s from the cache; 100 MB).

    Its user dictionary is the shipped vocabulary and never changes afterwards, so that one text is always
    cut the same; words added at run time would stay behind when a lexicon is replaced.
    """
    jieba.setLogLevel(logging.WARNING)
    own = jieba.Tokenizer()
    own.tmp_dir = private_directory()
    own.initialize()
    for word in shipped_words():
        if len(word) > 1 and not _SENTENCE.search(word) and not own.FREQ.get(word):
            own.add_word(word)
    return own


def words(text: str) -> list[str]:
    """jieba's words of a normalised text, with the shorter words inside long ones."""
    return list(tokenizer().lcut_for_search(text, HMM=False))


def is_word(text: str) -> bool:
    """Whether the dictionary, or the shipped vocabulary, holds a normalised text as one word."""
    return bool(tokenizer().FREQ.get(text))


@lru_cache(maxsize=1)
def boundaries(text: str) -> bytes:
    """One byte per position of a normalised text (and its end): 1 where a jieba word begins or ends.

    The cut is that of `tokenizer().cut(text, HMM=False)`, at half its time. It is kept for the next call: the
    keywords that are read in a message and those that are heard need the same one.
    """
    marks = bytearray(b"\1") * (len(text) + 1)
    for block in _BLOCK.finditer(text):
        _join(block[0], block.start(), marks)
    return bytes(marks)


def _join(block: str, start: int, marks: bytearray) -> None:
    """Clear the marks inside the words of a block; letters and digits that are left alone make one word."""
    ends = _likeliest(block)
    begin, code = 0, False
    while begin < len(block):
        end = ends[begin]
        single = end == begin + 1 and block[begin].isascii() and block[begin].isalnum()
        if single and code:
            marks[start + begin] = 0
        if end > begin + 1:
            marks[start + begin + 1 : start + end] = bytes(end - begin - 1)
        begin, code = end, single


def _likeliest(block: str) -> list[int]:
    """Where the word ends that begins at each position: jieba's own search, without HMM."""
    jieba_words, log = tokenizer(), math.log
    frequency, total, size = jieba_words.FREQ.get, log(jieba_words.total), len(block)
    best, ends = [0.0] * (size + 1), [0] * size
    for begin in range(size - 1, -1, -1):
        end = chosen = begin + 1
        most = -math.inf
        while end <= size and (times := frequency(block[begin:end])) is not None:
            if times and (worth := log(times) - total + best[end]) >= most:
                most, chosen = worth, end
            end += 1
        best[begin] = most if most > -math.inf else best[begin + 1] - total
        ends[begin] = chosen
    return ends
