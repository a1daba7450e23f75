"""Who can be reached in WeChat at all: an owner who cannot be reached is no owner."""

from __future__ import annotations

from collections.abc import Collection

from tortoise.expressions import Q

import settings
from models import Conversation
from services.clock import now


async def live(resident_ids: Collection[int]) -> set[int]:
    """Those of the given residents who have a live channel at this moment.

    A follower of an official account takes template messages at any time; a user of a mini-program alone is
    reached while their customer-service window is open or an accepted subscription is left. A halted account
    changes nothing here: its pushes wait, and the deadline of what they tell does not.
    """
    if not resident_ids:
        return set()
    accounts = settings.load().wechat_accounts
    official = [one.account for one in accounts if one.kind == "oa"]
    reachable = Conversation.filter(
        Q(account__in=official)
        | Q(window_until__gt=now(), window_left__gt=0)
        | Q(consents__remaining__gt=0, consents__revoked=False),
        account__in=[one.account for one in accounts],
        resident_id__in=list(resident_ids),
        following=True,
        reachable=True,
    )
    return {int(row["resident_id"]) for row in await reachable.values("resident_id")}
