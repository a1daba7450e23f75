"""How much an account may still send to a person: customer-service windows and subscribe consents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import Refused

ONCE_SECONDS = 600

Person = tuple[str, str]
"""(account, openid)"""


@dataclass(frozen=True)
class Limits:
    """What WeChat allows, as of 2023-06-12; seconds and counts."""

    text_seconds: float = 48 * 3600
    text_messages: int = 5
    touch_seconds: float = 60
    touch_messages: int = 3


@dataclass
class _Window:
    until: float
    left: int


class Windows:
    """Customer-service windows of everybody; each new act of the person opens its window afresh."""

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._open: dict[Person, dict[str, _Window]] = {}

    def written(self, person: Person) -> None:
        """The person wrote a message."""
        self._grant(person, "text", self._limits.text_seconds, self._limits.text_messages)

    def touched(self, person: Person) -> None:
        """The person used the menu, followed, or scanned."""
        self._grant(person, "touch", self._limits.touch_seconds, self._limits.touch_messages)

    def close(self, person: Person) -> None:
        """The person left."""
        self._open.pop(person, None)

    def spend(self, person: Person) -> None:
        """Use one message, of the window that ends first.

        Raises: Refused 45015 (no window open), 45047 (its count is used up).
        """
        windows = [one for one in self._open.get(person, {}).values() if one.until > self._now()]
        if not windows:
            raise Refused(45015)
        usable = sorted((one for one in windows if one.left > 0), key=lambda one: one.until)
        if not usable:
            raise Refused(45047)
        usable[0].left -= 1

    def left(self, person: Person) -> int:
        """How many messages may still be sent now."""
        return sum(one.left for one in self._open.get(person, {}).values() if one.until > self._now())

    def _grant(self, person: Person, kind: str, seconds: float, count: int) -> None:
        self._open.setdefault(person, {})[kind] = _Window(self._now() + seconds, count)


class Consents:
    """Accepted subscribe messages: one send per accept, and accepts add up."""

    def __init__(self) -> None:
        self._accepted: Counter[tuple[str, str, str]] = Counter()

    def answer(self, person: Person, template_id: str, *, accepted: bool) -> None:
        """The person tapped 允许 or 取消 in the pop-up; a refusal takes nothing back."""
        self._accepted[(*person, template_id)] += accepted

    def revoke(self, person: Person, template_id: str) -> None:
        """The person switched the template off in the settings."""
        self._accepted.pop((*person, template_id), None)

    def spend(self, person: Person, template_id: str) -> None:
        """Use one accept.

        Raises: Refused 43101 when there is none.
        """
        if self._accepted[(*person, template_id)] <= 0:
            raise Refused(43101)
        self._accepted[(*person, template_id)] -= 1


class OnceBook:
    """Which `client_msg_id` went to whom in the last ten minutes, and under which message id."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._sent: dict[tuple[str, str, str], tuple[float, int]] = {}

    def get(self, key: tuple[str, str, str]) -> int | None:
        """The message id of (account, openid, client_msg_id), while it still counts."""
        self._forget()
        return self._sent[key][1] if key in self._sent else None

    def put(self, key: tuple[str, str, str], msg_id: int) -> None:
        """Remember a message that went out now."""
        self._sent[key] = (self._now(), msg_id)

    def _forget(self) -> None:
        # In order of time, since a key comes again only after it was forgotten.
        while self._sent:
            oldest = next(iter(self._sent))
            if self._now() - self._sent[oldest][0] < ONCE_SECONDS:
                return
            del self._sent[oldest]
