"""The API description (OpenAPI 3.1), made from the endpoints that an app really serves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from sanic import Sanic

from api.endpoint import KEY_FORM, KEY_HEADER, Endpoint, known
from api.schemas import LARGEST_ID, PLACE_CODE, Problem

_REF = "#/components/schemas/{model}"
_PLACE = re.compile(r"<(\w+):(\w+)>")
_FILE = re.compile(r"<(\w+):ext=(\w+)>")
"""A place with the ending of a file behind it."""
_PLACE_SCHEMAS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
    "ymd": {"type": "string", "format": "date"},
    "str": {"type": "string", "pattern": PLACE_CODE},
}
_REFUSALS = {
    400: "The request cannot be read",
    401: "Not logged in, or the login has ended",
    403: "The caller's role or scope does not allow it",
    404: "No such row in the caller's sight",
    405: "The address does not support this method",
    409: "Something else stands in the way",
    413: "The body is too large",
    415: "The body is declared as something else than what is taken",
    422: "The input does not fit",
    429: "Tried too often",
    500: "Something broke; details are in the log",
    503: "A service that this needs does not answer",
}

Schemas = Mapping[Any, dict[str, Any]]
"""By (model, mode)."""


def served(app: Sanic[Any, Any]) -> list[tuple[str, str, Endpoint]]:
    """(method, path with `{places}`, endpoint) of everything that the app serves through `@endpoint`."""
    found = []
    for route in app.router.routes:
        endpoint = known(route.handler)
        if endpoint is not None:
            path = "/" + _FILE.sub(r"{\1}.\2", _PLACE.sub(r"{\1}", route.path)).rstrip("/")
            found += [(method.lower(), path, endpoint) for method in route.methods]
    return sorted(found, key=lambda one: (one[1], one[0]))


def describe(app: Sanic[Any, Any]) -> dict[str, Any]:
    """The whole document."""
    endpoints = served(app)
    kinds = {route.path: _kinds(route.path) for route in app.router.routes}
    places = {name: kind for found in kinds.values() for name, kind in found.items()}
    schemas, definitions = models_json_schema(sorted(_models(endpoints), key=str), ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for method, path, endpoint in endpoints:
        paths.setdefault(path, {})[method] = _operation(path, endpoint, schemas, places)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "乡邻 Xianglin",
            "version": "1.0.0",
            "description": "Appeals of residents, from one WeChat message to the right hands and back.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "login": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def _kinds(path: str) -> dict[str, str]:
    return dict(_PLACE.findall(path)) | dict.fromkeys((name for name, _ in _FILE.findall(path)), "str")


def _models(
    endpoints: list[tuple[str, str, Endpoint]],
) -> set[tuple[type[BaseModel], JsonSchemaMode]]:
    found: set[tuple[type[BaseModel], JsonSchemaMode]] = {(Problem, "serialization")}
    for _, _, endpoint in endpoints:
        asked = (endpoint.body, endpoint.query)
        found |= {(model, "validation") for model in asked if model is not None}
        if endpoint.returns is not None:
            found.add((endpoint.returns, "serialization"))
    return found


def _operation(path: str, endpoint: Endpoint, schemas: Schemas, places: dict[str, str]) -> dict[str, Any]:
    words = (endpoint.handler.__doc__ or "").strip().splitlines()[0]
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": words,
        "tags": list(endpoint.tags),
        "security": [] if endpoint.roles is None else [{"login": []}],
        "parameters": _places(path, places) + _query(endpoint) + _headers(endpoint),
        "responses": _responses(path, endpoint, schemas),
    }
    if endpoint.roles is not None:
        operation["description"] = "Roles: " + ", ".join(sorted(endpoint.roles))
    if endpoint.body is not None:
        schema = schemas[endpoint.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.file is not None:
        whole = {"schema": {"type": "string", "format": "binary", "maxLength": endpoint.file.most}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(endpoint.file.types, whole)}
    return operation


def _places(path: str, kinds: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PLACE_SCHEMAS[kinds[name]]}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    schema = endpoint.query.model_json_schema(ref_template=_REF)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _present(one)}
        | ({"description": one["description"]} if "description" in one else {})
        for name, one in schema["properties"].items()
    ]


def _headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    if not endpoint.once:
        return []
    schema = {"type": "string", "pattern": f"^{KEY_FORM.pattern}$"}
    words = "The same request under the same key has one effect and the same answer"
    return [{"name": KEY_HEADER, "in": "header", "required": False, "schema": schema, "description": words}]


def _present(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; it is never null."""
    if "anyOf" not in schema:
        return schema
    (only,) = [one for one in schema["anyOf"] if one.get("type") != "null"]
    return dict(only)


def _responses(path: str, endpoint: Endpoint, schemas: Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if endpoint.content is not None:
        good["content"] = {endpoint.content: {}}
    elif endpoint.returns is not None:
        good["content"] = {"application/json": {"schema": schemas[endpoint.returns, "serialization"]}}
    found = {str(endpoint.status): good}
    if endpoint.handler.__name__ == "readyz":
        found["503"] = good | {"description": "Something that the process needs does not answer"}
    problem = schemas[Problem, "serialization"]
    for status in sorted(_possible(path, endpoint)):
        content = {"application/problem+json": {"schema": problem}}
        found[str(status)] = {"description": _REFUSALS[status], "content": content}
    return found


def _possible(path: str, endpoint: Endpoint) -> set[int]:
    statuses = {400, 500, *endpoint.also}
    if endpoint.roles is not None:
        statuses |= {401, 403}
    else:
        statuses |= {401, 429} if endpoint.body is not None else set()
    if endpoint.body is not None or endpoint.file is not None:
        statuses |= {403, 404, 409, 413, 415, 422, 429}
    if "{" in path:
        statuses |= {404, 409, 422}
    if endpoint.query is not None:
        statuses.add(422)
    return statuses
