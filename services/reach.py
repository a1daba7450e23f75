"""Who can be reached in WeChat at all: an owner who cannot be reached is no owner."""

from __future__ import annotations

from collections.abc import Collection

import settings
from models import rows
from services.clock import now

# Part of filing every appeal: written out once, where the query builder took a tenth of its time.
_LIVE = """
SELECT DISTINCT resident_id FROM conversation
WHERE following AND reachable AND resident_id IN ({people}) AND account IN ({accounts})
AND (account IN ({official}) OR (window_until > $1 AND window_left > 0) OR EXISTS (
    SELECT 1 FROM consent
    WHERE conversation_id = conversation.id AND remaining > 0 AND NOT revoked
))
"""


async def live(resident_ids: Collection[int]) -> set[int]:
    """Those of the given residents who have a live channel at this moment.

    A follower of an official account takes template messages at any time; a user of a mini-program alone is
    reached while their customer-service window is open or an accepted subscription is left. A halted account
    changes nothing here: its pushes wait, and the deadline of what they tell does not.
    """
    if not resident_ids:
        return set()
    accounts = settings.load().wechat_accounts
    values: list[object] = [now()]
    sql = _LIVE.format(
        people=_places(values, resident_ids),
        accounts=_places(values, [one.account for one in accounts]) or "NULL",
        official=_places(values, [one.account for one in accounts if one.kind == "oa"]) or "NULL",
    )
    return {int(row["resident_id"]) for row in await rows(sql, *values)}


def _places(values: list[object], more: Collection[object]) -> str:
    """Places for more values of a statement, which are added to `values`."""
    first = len(values) + 1
    values += more
    return ", ".join(f"${place}" for place in range(first, len(values) + 1))
