"""The same request twice has one effect: its answer is kept under the caller's key and given again."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from models import KeptAnswer, rows, writing
from services.clock import now
from services.errors import DomainError

KEPT = timedelta(days=2)
"""How long an answer is kept: whoever asks again after that asks anew."""

LONGEST_KEY = 64

_CLAIM = """
INSERT INTO kept_answer (owner, key, request_hash, body, created_at) VALUES ($1, $2, $3, '', $4)
ON CONFLICT (owner, key) DO NOTHING RETURNING id
"""


class KeyReused(DomainError):
    """The key was used before for another request."""

    code, status = "key_reused", 422


async def once(owner: str, key: str, request: bytes, work: Callable[[], Awaitable[str]]) -> str:
    """Do `work` and keep the answer it returns, in one transaction; or give the answer of the first time.

    A refusal is not kept: nothing has happened. Of two at the same moment the second waits for the first.
    Raises: KeyReused, and whatever `work` raises.
    """
    wanted = hashlib.sha256(request).hexdigest()
    async with writing():
        claimed = await rows(_CLAIM, owner, key, wanted, now())
        if not claimed:
            kept = await KeptAnswer.get(owner=owner, key=key)
            if kept.request_hash != wanted:
                raise KeyReused("这个请求编号已经用过，内容却不一样。请换一个编号。")
            return kept.body
        answer = await work()
        await KeptAnswer.filter(id=claimed[0]["id"]).update(body=answer)
    return answer


async def forget_old(limit: int = 500) -> int:
    """Throw away answers that nobody will ask for again; returns how many."""
    old = (
        await KeptAnswer.filter(created_at__lt=now() - KEPT)
        .order_by("id")
        .limit(limit)
        .values_list("id", flat=True)
    )
    return int(await KeptAnswer.filter(id__in=list(old)).delete()) if old else 0
