"""The API description, the page that shows it, and health."""

from __future__ import annotations

import httpx
from openapi_spec_validator import OpenAPIV31SpecValidator


async def test_the_description_is_valid_openapi_3_1(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


async def test_every_operation_has_its_own_id_a_summary_and_typed_answers(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]

    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids)) > 40
    assert all(operation["summary"] for operation in operations)
    for operation in operations:
        good = {status: found for status, found in operation["responses"].items() if status < "300"}
        assert len(good) == 1
        assert "204" in good or next(iter(good.values()))["content"]


async def test_the_page_and_its_files_come_from_us_alone(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    script = await client.get("/docs/files/docs.js")
    style = await client.get("/docs/files/docs.css")

    assert [one.status_code for one in (page, script, style)] == [200, 200, 200]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not any("http://" in one.text or "https://" in one.text for one in (page, script, style))


async def test_a_living_process_with_its_database_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "database": "ok", "broker": "ok"}


async def test_metrics_count_requests_and_what_waits(client: httpx.AsyncClient) -> None:
    await client.get("/healthz")

    text = (await client.get("/metrics")).text

    assert 'xianglin_api_requests_total{endpoint="healthz",status="200"}' in text
    assert 'xianglin_waiting{what="dead_deliveries"} 0.0' in text
