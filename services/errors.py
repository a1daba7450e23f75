"""One tree of errors: every refusal has a stable code, an HTTP status and a sentence in the user's words."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal. `code` is stable, `status` is the HTTP status, `message` says why, in plain Chinese."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, in_chat: str = "", **facts: object) -> None:
        """`in_chat` is what to write next in the chat, which means nothing at other doors.

        `facts` are machine-readable details; the API adds them to the members of the problem document.
        """
        super().__init__(message)
        self.message = message
        self.in_chat = in_chat
        self.facts = facts

    @property
    def told(self) -> str:
        """Both, for the chat."""
        return f"{self.message}{self.in_chat}"


class NotFound(DomainError):
    """No such row, or one outside the actor's sight."""

    code, status = "not_found", 404


class Forbidden(DomainError):
    """The actor's role or scope does not allow it."""

    code, status = "forbidden", 403


class IllegalMove(DomainError):
    """The table of moves does not allow this verb in this state; also raised for the loser of a race."""

    code, status = "illegal_move", 409


class Conflict(DomainError):
    """Something else stands in the way (name taken, last duty person, already bound)."""

    code, status = "conflict", 409


class Invalid(DomainError):
    """The input breaks a rule that only the data can tell."""

    code, status = "invalid", 422


class Unauthorized(DomainError):
    """Not logged in, or the login has ended."""

    code, status = "unauthorized", 401


class Unavailable(DomainError):
    """Somebody else's service that this needs does not answer."""

    code, status = "unavailable", 503


class TooMany(DomainError):
    """Throttled; `facts["retry_after"]` is in seconds."""

    code, status = "too_many_requests", 429
