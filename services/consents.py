"""What WeChat users allow to be sent to them: one send for each accept, nothing after they revoke."""

from __future__ import annotations

from models import Consent, rows

_ALLOW = """
INSERT INTO consent (conversation_id, template_id, remaining, revoked) VALUES ($1, $2, 1, FALSE)
ON CONFLICT (conversation_id, template_id) DO UPDATE SET remaining = consent.remaining + 1, revoked = FALSE
"""


async def allow(conversation_id: int, template_id: str) -> None:
    """One more message of this template may be sent; in the caller's `writing()`."""
    await rows(_ALLOW, conversation_id, template_id)


async def revoke(conversation_id: int, template_id: str) -> None:
    """No message of this template may be sent any more; in the caller's `writing()`."""
    await Consent.filter(conversation_id=conversation_id, template_id=template_id).update(
        remaining=0, revoked=True
    )
