"""Refits: what a worker does with a version that waits, in a process of its own for the arithmetic.

The row is the queue. A worker claims it by a guarded update and renews its lease while the process runs.
Whoever was killed leaves a row whose lease ends, which then counts as failed and is in nobody's way. A
version comes into force in one transaction, or not at all.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, time, timedelta
from os import environ
from pathlib import Path
from uuid import uuid4

import structlog
from tortoise.exceptions import IntegrityError

import nlp
from models import LearnedWeights, LexiconVersion, VersionState, writing
from nlp import refit
from nlp.lexicon import Keyword
from nlp.refit import Outcome
from services import revisions, understanding, versions
from services.clock import CHINA, now

log = structlog.get_logger(__name__)

NIGHTLY = time(2)
"""China time from which the refit of the night is due."""
LEASE = timedelta(seconds=60)
BEAT_SECONDS = 15.0
MOST_SECONDS = 1800.0

INTERRUPTED = "学习被中断，没有改动任何东西，可以再学一次。"
BROKEN = "学习出了错，没有改动任何东西，请看日志。"
TOO_FEW = "教例还太少：{rows} 条，至少要 {fewest} 条。"
WORSE = "在没见过的 {held_back} 条诉求上不如现用的版本，没有采用。"
OVERTAKEN = "学习期间现用的版本换了，比较不再作数，请再学一次。"

_running: set[Process] = set()


async def run_due() -> int:
    """Take up the refit that waits, or the one of the night; returns 1 when one was done here."""
    newest = await LexiconVersion.all().order_by("-id").first()
    if newest is not None and newest.state is VersionState.RUNNING:
        if newest.claim is not None:
            await _give_up(newest)
            return 0
    elif not await _due_tonight(newest) or not await _ask():
        return 0
    version = await _claim()
    if version is None:
        return 0
    await _work(version)
    return 1


def learning() -> bool:
    """Whether this process has a refit at work."""
    return bool(_running)


def interrupt() -> None:
    """End the learning of this process; the version counts as failed, and can be asked for again."""
    for process in _running:
        with suppress(ProcessLookupError):
            process.kill()


async def _give_up(version: LexiconVersion) -> None:
    """Whoever had it was killed, when its lease is over."""
    late = LexiconVersion.filter(id=version.id, state=VersionState.RUNNING, lease_until__lt=now())
    await late.update(state=VersionState.FAILED, words=INTERRUPTED, claim=None, finished_at=now())


async def _due_tonight(newest: LexiconVersion | None) -> bool:
    """Whether tonight's refit has not been tried, and there is something new to learn and enough of it."""
    local = now().astimezone(CHINA)
    tonight = datetime.combine(local.date(), NIGHTLY, CHINA)
    if local < tonight or (newest is not None and newest.started_at >= tonight):
        return False
    lesson = await versions.newest_lesson()
    known = newest.last_lesson if newest is not None else 0
    return lesson > known and len(await versions.labelled()) >= versions.FEWEST


async def _ask() -> bool:
    try:
        async with writing():
            _ = await versions.insert()
    except IntegrityError:
        return False  # somebody else was faster
    return True


async def _claim() -> LexiconVersion | None:
    claim = uuid4().hex
    waiting = LexiconVersion.filter(state=VersionState.RUNNING, claim=None)
    if await waiting.update(claim=claim, lease_until=now() + LEASE) != 1:
        return None
    return await LexiconVersion.get_or_none(claim=claim)


async def _work(version: LexiconVersion) -> None:
    base, last = await versions.active(), await versions.newest_lesson()
    found = await versions.labelled()
    version.base_id, version.last_lesson = (base.id if base else None), last
    if len(found) < versions.FEWEST:
        words = TOO_FEW.format(rows=len(found), fewest=versions.FEWEST)
        await _end(version, VersionState.REFUSED, words)
        return
    hand_written = (await understanding.knowledge()).hand_written
    packed = await versions.packed(base.id) if base else None
    outcome = await _learn(version, found, hand_written, packed)
    if isinstance(outcome, str):
        await _end(version, VersionState.FAILED, outcome)
    else:
        await _finish(version, outcome)


async def _learn(
    version: LexiconVersion, found: list[tuple[str, str]], hand_written: Sequence[Keyword], base: bytes | None
) -> Outcome | str:
    """What the learning process found, or in words why it did not come to an end."""
    given = await asyncio.to_thread(refit.request, found, hand_written, base)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "nlp.refit"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=Path(nlp.__file__).parent.parent,
        # One thread: the other processor is for residents.
        env=environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    _running.add(process)
    try:
        output, problem = await _attended(version, process, given)
    finally:
        _running.discard(process)
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        # The last line alone: no words of residents in the log.
        last = problem.decode(errors="replace").strip().rpartition("\n")[2]
        log.warning("refit failed", version=version.id, code=process.returncode, problem=last[:200])
        return INTERRUPTED if (process.returncode or 0) < 0 else BROKEN
    return await asyncio.to_thread(refit.answered, output)


async def _attended(version: LexiconVersion, process: Process, given: bytes) -> tuple[bytes, bytes]:
    """Feed the process and wait for its end; it is killed when it takes too long or the lease is lost."""
    talk = asyncio.create_task(process.communicate(given))
    started = asyncio.get_running_loop().time()
    while not talk.done():
        _ = await asyncio.wait({talk}, timeout=BEAT_SECONDS)
        late = asyncio.get_running_loop().time() - started > MOST_SECONDS
        if not talk.done() and (late or not await _beat(version)):
            process.kill()
    return await talk


async def _beat(version: LexiconVersion) -> bool:
    mine = LexiconVersion.filter(id=version.id, state=VersionState.RUNNING, claim=version.claim)
    return await mine.update(lease_until=now() + LEASE) == 1


async def _finish(version: LexiconVersion, outcome: Outcome) -> None:
    figures = {name: value for name, value in asdict(outcome).items() if name != "packed"}
    if not outcome.not_worse:
        words = WORSE.format(held_back=outcome.held_back)
        await _end(version, VersionState.REFUSED, words, **figures)
        return
    async with writing():
        await revisions.bump(revisions.LEXICON)
        if not await _end(version, VersionState.SPARE, "", **figures):
            return
        await LearnedWeights(version_id=version.id, packed=b64decode(outcome.packed)).save(force_create=True)
        present = await versions.active()
        if (present.id if present else None) == version.base_id:
            await versions.put_in_force(version.id, now())
        else:
            await LexiconVersion.filter(id=version.id).update(words=OVERTAKEN)


async def _end(version: LexiconVersion, state: VersionState, words: str, **figures: object) -> bool:
    """Write down how it ended, unless the lease was lost; returns whether it was written."""
    mine = LexiconVersion.filter(id=version.id, state=VersionState.RUNNING, claim=version.claim)
    ended = await mine.update(
        state=state,
        words=words,
        claim=None,
        lease_until=None,
        finished_at=now(),
        base_id=version.base_id,
        last_lesson=version.last_lesson,
        **figures,
    )
    return ended == 1
