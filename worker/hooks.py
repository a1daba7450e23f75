"""What a door hands to the worker: doors never import each other, whoever wires the process joins them."""

from __future__ import annotations

from worker.jobs import Recover

_recover: list[Recover] = []


def on_expired_inbox(recover: Recover) -> None:
    """Let workers of this process take up inbox messages with `recover`; the last one given counts."""
    _recover[:] = [recover]


def expired_inbox() -> Recover | None:
    """What was given, or None."""
    return _recover[0] if _recover else None
