"""Figures of the web door for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_requests = Counter(
    "xianglin_api_requests", "Answered API requests", ("endpoint", "status"), registry=REGISTRY
)
_seconds = Histogram(
    "xianglin_api_request_seconds", "Time to answer an API request", ("endpoint",), registry=REGISTRY
)
_waiting = Gauge("xianglin_waiting", "Rows that wait to be dealt with", ("what",), registry=REGISTRY)


def count(endpoint: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _requests.labels(endpoint, str(status)).inc()
    _seconds.labels(endpoint).observe(seconds)


def show_waiting(figures: dict[str, int]) -> None:
    """Show how many rows of each sort wait."""
    for what, number in figures.items():
        _waiting.labels(what).set(number)
