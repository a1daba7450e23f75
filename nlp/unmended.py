"""没修好, 还是坏的, 又坏了: words which say that what was done did not help. Pure."""

from __future__ import annotations

import re

from nlp.segment import normalise

_DO = "修|弄|办|搞|做|清|扫|通|换|装|搬|处理|解决|打扫|清理|维修|疏通"
_BAD = "坏|漏|堵|断|破|臭|脏|塌|停|渗|响|吵|滴|冒|黑|堆|不(?![用必要需])|没"
_STAYS = f"{_BAD}|黄|浑|有|歪|松|晃|闪|满|积|很|太|这么|那么|老样|原样|[这那]个?样"
_UNMENDED = re.compile(
    rf"没(?:有)?(?:给我?们?)?(?:{_DO})(?:好|成|完|干净|掉|到位)"
    r"|没(?:有)?好(?![处吃看几多])"
    r"|没(?:有)?(?:彻底|完全|真正)?(?:解决|改善|变化|效果|起作用)|没用(?!过|完|电|水)|不管用|不顶用"
    rf"|(?:根本|压根)(?:就|都)?没(?:有)?(?:人)?(?:{_DO}|来|管|动|用|好)"
    rf"|白(?:{_DO}|来|跑)了|(?:跟|和|等于)没(?:{_DO})"
    rf"|(?:还是|仍然|仍旧|依然|依旧|照样)(?:一样)?(?:{_STAYS})|还在(?:{_BAD})|老样子"
    r"|没(?:有)?(?:看[到见]|见到?)?(?:有)?人来"
    rf"|又(?:开始)?(?:{_BAD})"
)


def unmended(text: str) -> bool:
    """Whether a message says so; of which matter, it may leave to what was said before."""
    return _UNMENDED.search(normalise(text)) is not None
