"""Two matters in one message or in two of a burst: what opens another one, and what only adds to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.judgement import Intent, Judgement, Scored, Topic
from nlp.lexicon import Found
from nlp.ranking import totals, weighed
from nlp.segment import normalise

CLEAR = 3.5
"""Score that a clause needs on its own to count as a matter."""

LEAD = 1.5
"""How far its best category must be ahead of the next, in that clause and of the other topic's category."""

ANNOUNCED = 2.0
"""Score that is enough where the words themselves announce something else (另外, 对了)."""

SENTENCE = 10
"""Characters from which words that announce something else are a matter even if nobody understands which."""

SHORTEST = 5
"""Characters below which a clause only adds to the matter before it (还有味道)."""

TOLD = 4
"""Characters from which a message of its own may tell of another matter (路灯坏了)."""

_CLAUSE = re.compile(r"[^，。！？；,!?;\n ]+")
_ANNOUNCING = (
    r"另外|此外|再一个|再有|再就是|再说|再问|再反映|顺便|顺带|对了|还有(?:就是|个事|件事|一件|一个|个)"
    r"|第[二三]|[二三]是|其次"
)
_CONNECTING = rf"{_ANNOUNCING}|还有(?=.)|还想|也想|还要|同时也|以及(?=我)|(?<![0-9])[23二三][、.．:：]"
_ALSO = re.compile(r"也(?:没|坏|要|不|有|很|冻|裂|漏|堵|断|塌|烂|脏|臭|吵|停|少|是坏)")
_CONNECTS = re.compile(_CONNECTING)
_ANNOUNCES = re.compile(_ANNOUNCING)
_TELLS = re.compile(
    r"坏|破|烂|裂|断|堵|漏|塌|歪|臭|脏|吵|乱|黑|暗|满了|积水|停[水电气网了]|不(?:亮|通|走|发|给|管|修|让|制冷|干净)|太(?:大|小|高|低|多|少|差|窄|贵)"
    r"|没(?:有)?(?:水|电|气|网|灯|路灯|信号|发|到账|批|人(?:收|清|扫|修|管|理|带|照|烧|做|维修|打扫))"
    r"|怎么(?!了)|哪里|哪儿|哪天|多少钱|什么时候|啥时候|几时|能不能|可不可以|能否|[吗嘛]|(?:想|需要)(?:要|申请|报|找|办|学|领|问|助|送)|申请|报名"
    r"|建议|希望|被(?:偷|骗|占|咬|欠)|欠|拖欠|占用|污染|丢了"
)
_CIRCUMSTANCE = re.compile(r"电话.{0,4}(?:没人接|打不通|不接|没接|没人)|没人接电话")
_FULL_STOPS = "。；;\n！!"
_PARTING = re.compile(rf"{_CONNECTING}|{_ALSO.pattern}|[{_FULL_STOPS}]")


def opens_another(text: str, judgement: Judgement, current: str) -> bool:
    """Whether a message that follows one about the category `current` clearly tells of another matter.

    Circumstances have categories of their own (我要上班, 孩子还在上学) and still belong to what was said
    before: another matter is announced (另外), or is wrong or wished in words that leave no doubt and say
    nothing of `current` (家长车乱停 after 学校门口堵).
    """
    normal = normalise(text).strip()
    if len(normal) < TOLD or _CIRCUMSTANCE.search(normal):
        return False
    code, best = judgement.category, judgement.ranked[0].score if judgement.ranked else 0.0
    if len(normal) >= SHORTEST and _ANNOUNCES.match(normal) and code != current:
        return (
            best >= ANNOUNCED if code is not None else len(normal) >= SENTENCE and bool(_TELLS.search(normal))
        )
    if not judgement.sure or code in (None, current):
        return False
    if len(normal) >= SHORTEST and _CONNECTS.match(normal):
        return True
    tells = judgement.intent is Intent.SIGNUP or _TELLS.search(normal) is not None
    about = {one.code for one in judgement.ranked if one.score >= ANNOUNCED}
    return tells and current not in about and _rivals(judgement.ranked) == (code,)


def announces_another(text: str) -> bool:
    """Whether a message says itself that something else follows (另外, 对了)."""
    return _ANNOUNCES.match(normalise(text).strip()) is not None


@dataclass(slots=True)
class _Group:
    """Clauses of one matter: the categories that it may be, best first, and where its clauses stand."""

    rivals: tuple[str, ...]
    spans: list[tuple[int, int]]


def topics(text: str, normal: str, found: Sequence[Found], order: Sequence[Scored]) -> tuple[Topic, ...]:
    """The topics of the message where there are clearly several, else nothing; `order` is its whole ranking.

    Clauses without a category of their own go to the topic before them.
    """
    if len(order) < 2 or order[1].score < ANNOUNCED or not _PARTING.search(normal):
        return ()
    announced = _ANNOUNCES.search(normal) is not None
    groups: list[_Group] = []
    for start, end, connected in _parts(normal):
        inside = [keyword for keyword in found if start <= keyword.start and keyword.end <= end]
        least = ANNOUNCED if announced and (not groups or _ANNOUNCES.match(normal, start)) else CLEAR
        own = end - start >= SHORTEST or not groups
        rivals = _rivals(totals(weighed(normal, inside)), least) if own else ()
        if rivals and (not groups or (connected and not set(rivals) & set(groups[-1].rivals))):
            groups.append(_Group(rivals, [(start, end)]))
        elif groups:
            groups[-1].spans[-1] = (groups[-1].spans[-1][0], end)
    return _told(text, groups) if len({group.rivals[0] for group in groups}) > 1 else ()


def _told(text: str, groups: Sequence[_Group]) -> tuple[Topic, ...]:
    """One topic for each category, in the order of the message."""
    merged: dict[str, _Group] = {}
    for group in groups:
        first = merged.setdefault(group.rivals[0], group)
        if first is not group:
            first.spans += group.spans
    return tuple(
        Topic(code, "，".join(text[start:end].strip() for start, end in group.spans), len(group.rivals) == 1)
        for code, group in merged.items()
    )


def _parts(normal: str) -> list[tuple[int, int, bool]]:
    """Clauses, also parted where a connecting word begins without a mark: start, end, whether connected."""
    parts: list[tuple[int, int, bool]] = []
    full_stop = False
    # 保安也不管，垃圾也不清: an enumeration is one complaint.
    enumerated = len(_ALSO.findall(normal))
    for clause in _CLAUSE.finditer(normal):
        starts = [clause.start(), *(found.start() for found in _CONNECTS.finditer(normal, *clause.span()))]
        starts = sorted(set(starts))
        for start, end in zip(starts, [*starts[1:], clause.end()], strict=True):
            also = enumerated == 1 and _ALSO.search(normal, start, end) is not None
            parts.append((start, end, full_stop or also or bool(_CONNECTS.match(normal, start))))
            full_stop = False
        full_stop = normal[clause.end() : clause.end() + 1] in set(_FULL_STOPS)
    return parts


def _rivals(order: Sequence[Scored], least: float = CLEAR) -> tuple[str, ...]:
    """The categories that a clause may be about, best first; none where too little speaks for any."""
    if not order or order[0].score < least:
        return ()
    return tuple(one.code for one in order if order[0].score - one.score < LEAD)
