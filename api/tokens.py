"""Tokens as every login takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import Body, Moment, Out


class RefreshBody(Body):
    """The refresh token; it works once."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=2048)]


class TokensOut(Out):
    """The access token goes into every call, the refresh token into the next refresh."""

    token_type: str = "Bearer"  # noqa: S105 - a scheme
    access_token: str
    access_expires_at: Moment
    refresh_token: str
    refresh_expires_at: Moment
