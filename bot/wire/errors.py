"""The one family of errors that reading a callback can end in.

- WireError: any callback that is refused; `status` is the HTTP answer
  - BadSignature, 403: not from WeChat, not for this account, or too old
  - BadBody, 400: from WeChat perhaps, but not readable
"""

from __future__ import annotations


class WireError(Exception):
    """A callback that is refused, `reason` is for our log alone and never holds what was sent."""

    status = 400

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{self.status} {reason}")


class BadSignature(WireError):
    """The caller could not show that WeChat sent this to this account just now."""

    status = 403


class BadBody(WireError):
    """The body cannot be read as a WeChat message."""

    status = 400
