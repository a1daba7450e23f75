"""Is the process alive, can it work, and its figures."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, HTTPResponse, Request

import settings
from api import metrics
from api.endpoint import endpoint
from api.schemas import Out
from services import readiness

bp = Blueprint("health")

Answer = Literal["ok", "down"]


class Alive(Out):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Out):
    """What the process needs, each `ok` or `down`."""

    status: Answer
    database: Answer
    broker: Answer


@bp.get("/healthz")
@endpoint(returns=Alive, roles=None, tags=["health"])
async def healthz(_request: Request) -> Alive:
    """Say that the process is alive."""
    return Alive()


@bp.get("/readyz")
@endpoint(returns=Ready, roles=None, tags=["health"])
async def readyz(_request: Request) -> HTTPResponse:
    """Say whether database and broker answer; 503 when one does not."""
    database = await readiness.database_answers()
    broker = await readiness.broker_answers(settings.load().redis_url)
    ready = Ready(status=_word(database and broker), database=_word(database), broker=_word(broker))
    return HTTPResponse(
        ready.model_dump_json(), status=200 if database and broker else 503, content_type="application/json"
    )


def _word(fine: bool) -> Answer:
    return "ok" if fine else "down"


@bp.get("/metrics")
@endpoint(roles=None, tags=["health"], content="text/plain")
async def prometheus(_request: Request) -> HTTPResponse:
    """Give the figures of this process to Prometheus."""
    metrics.show_waiting(await readiness.waiting())
    return HTTPResponse(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)
