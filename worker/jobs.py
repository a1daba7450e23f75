"""The jobs of a worker, each a function that does what is due now and says how much it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.wechat import WeChatApi
from services import media, refitting, repeats, sending, timers
from services.residents import uniting
from services.slots import deciding, line, reminding, settling, survey

DELIVERIES, TIMERS, INBOX, MEDIA, REFITS = "deliveries", "timers", "inbox", "media", "refits"
PLACES, DECISIONS, REMINDERS, SETTLING, SURVEYS = "places", "decisions", "reminders", "settling", "surveys"
UNIONIDS, KEPT = "unionids", "kept answers"
_INBOX_LIMIT = 20
_SLOWER = 5
_SLOWEST = 60

Recover = Callable[[int], Awaitable[int]]
"""Takes up at most so many inbox messages whose lease has ended; returns how many."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does a batch and returns its size; after a 0 it is asked again in `seconds`.

    `interrupt` lets a batch that may take long end soon, when the worker has to stop.
    """

    name: str
    run: Callable[[], Awaitable[int]]
    seconds: float
    interrupt: Callable[[], None] | None = None


def jobs(
    api_for: Callable[[str], WeChatApi], recover_inbox: Recover | None, *, seconds: float
) -> tuple[Job, ...]:
    """All jobs; `seconds` between two looks for deliveries and inbox, five times that for the others.

    Without `recover_inbox` (a door's function, given by whoever wires the process) that job is left out.
    """
    found = [
        Job(DELIVERIES, lambda: sending.send_due(api_for), seconds),
        Job(TIMERS, timers.run_due, seconds * _SLOWER),
        Job(MEDIA, lambda: media.fetch_wanted(api_for), seconds * _SLOWER),
        Job(PLACES, line.tidy_due, seconds * _SLOWER),
        Job(UNIONIDS, lambda: uniting.look_up(api_for), seconds * _SLOWEST),
        Job(KEPT, repeats.forget_old, seconds * _SLOWEST),
        Job(DECISIONS, deciding.run_due, seconds * _SLOWER),
        Job(REMINDERS, reminding.remind_due, seconds * _SLOWER),
        Job(SETTLING, settling.settle_due, seconds * _SLOWER),
        Job(SURVEYS, survey.offer_due, seconds * _SLOWER),
        Job(REFITS, refitting.run_due, seconds * _SLOWER, refitting.interrupt),
    ]
    if recover_inbox is not None:
        recover = recover_inbox
        found.append(Job(INBOX, lambda: recover(_INBOX_LIMIT), seconds))
    return tuple(found)
