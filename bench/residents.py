"""Residents who are logged in to the mini-program, and their requests."""

from __future__ import annotations

from models import Community, Conversation, Resident, ResidentSession
from models.fields import keyed_hash
from services import login_tokens
from services.login_tokens import Claims

_BATCH = 500


async def logged_in(number: int) -> list[str]:
    """Residents of the demo community; their access tokens."""
    community = await Community.get(code="xinlian")
    await Resident.bulk_create(
        [Resident(community_id=community.id) for _ in range(number)], batch_size=_BATCH
    )
    people = await Resident.all().order_by("-id").limit(number)
    talks = [Conversation(account="mini", openid=f"mini-{one.id}", resident_id=one.id) for one in people]
    await Conversation.bulk_create(talks, batch_size=_BATCH)
    ends = login_tokens.refresh_expiry()
    known = await Conversation.filter(account="mini").order_by("-id").limit(number)
    sessions = [
        ResidentSession(conversation_id=one.id, token_hash=keyed_hash(str(one.id)), expires_at=ends)
        for one in known
    ]
    await ResidentSession.bulk_create(sessions, batch_size=_BATCH)
    claims = [
        Claims("resident", one.id, one.conversation_id, "x")
        for one in await ResidentSession.all().order_by("id")
    ]
    return [login_tokens.issue("access", one, ends) for one in claims]


def get(path: str, token: str) -> bytes:
    """A whole request to read."""
    return f"GET {path} HTTP/1.1\r\n{_head(token)}\r\n".encode()


def post(path: str, body: bytes, token: str) -> bytes:
    """A whole request with a JSON body."""
    kind = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{_head(token)}{kind}\r\n".encode() + body


def _head(token: str) -> str:
    return f"host: bench\r\nauthorization: Bearer {token}\r\n"
