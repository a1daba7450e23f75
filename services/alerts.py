"""What staff must know about the product itself: one row a day for each thing, however often it happens."""

from __future__ import annotations

import structlog

from models import Appeal, rows, writing
from services.clock import china_today, now

log = structlog.get_logger(__name__)

_KEY_LENGTH = 84

_RAISE = """
INSERT INTO alert (key, words, times, created_at, updated_at, community_id, above)
VALUES ($1, $2, 1, $3, $3, $4, $5)
ON CONFLICT (key) DO UPDATE
SET times = alert.times + 1, words = excluded.words, updated_at = excluded.updated_at,
    community_id = excluded.community_id, above = excluded.above
"""


async def raise_alert(
    key: str, words: str, *, appeal: Appeal | None = None, community_id: int | None = None
) -> None:
    """Note an alert in plain Chinese; `key` names the thing, the newest words of the day stay.

    `appeal`: what it is about; staff who may see that one see the alert. `community_id`: for staff of that
    community. Without either it is for those above.
    Joins the caller's transaction when there is one. No secrets, openids or words of residents in either.
    """
    log.warning("alert", key=key, words=words)
    async with writing():
        await rows(
            _RAISE,
            f"{key[:_KEY_LENGTH]}:{china_today().isoformat()}",
            words,
            now(),
            appeal.community_id if appeal is not None else community_id,
            appeal is not None and appeal.about_conduct,
        )
