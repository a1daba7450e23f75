"""Statements of the hot path: written once, not at every call, and several of them in one round trip.

Only what every message runs through uses them (inbox, conversation, filing, dispatch, deliveries), and a
sign-up, for which many come at once: everywhere else the ORM says it better.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, TypeVar, cast

from tortoise.fields import Field
from tortoise.models import Model

from models.database import on_postgres, rows

M = TypeVar("M", bound=Model)

_ASSUMED = 10
_PLACE = re.compile(r"\$(\d+)")
_AS_IT_IS = (int, float, bool, datetime, type(None))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1`-style places, and the values that belong there."""

    sql: str
    values: tuple[object, ...] = ()


def inserting(*instances: Model) -> Statement:
    """Write new instances of one model, ids as they are given, by one statement."""
    columns = _columns(type(instances[0]), with_id=instances[0].pk is not None)
    values = chain.from_iterable(_values(one, columns) for one in instances)
    return Statement(_insert(type(instances[0]), columns, len(instances)), tuple(values))


async def together(*statements: Statement) -> list[dict[str, Any]]:
    """Run writes that do not see each other's effects; the rows of the last one.

    One round trip on PostgreSQL; one after the other on SQLite, where there is none to save.
    """
    if on_postgres():
        sql = _joined(tuple(one.sql for one in statements), tuple(len(one.values) for one in statements))
        return await rows(sql, *chain.from_iterable(one.values for one in statements))
    found: list[dict[str, Any]] = []
    for one in statements:
        found = await rows(one.sql, *one.values)
    return found


async def with_parent(model: type[M], relation: str, row_id: int) -> M | None:
    """The row of that id with the one that its relation points to, as `select_related` would read it."""
    found = await with_parents(model, relation, "own.id = $1", row_id)
    return found[0] if found else None


async def with_parents(model: type[M], relation: str, where: str, *values: object) -> list[M]:
    """The same of all rows for which a condition holds that calls their table `own`."""
    sql, ending = _select_with(model, relation, where)
    return [_with_parent(model, relation, row, ending) for row in await rows(sql, *values)]


def _with_parent(model: type[M], relation: str, row: Mapping[str, Any], ending: str) -> M:
    parent = {name.removesuffix(ending): value for name, value in row.items() if name.endswith(ending)}
    made = model._init_from_db(**{name: value for name, value in row.items() if not name.endswith(ending)})
    object.__setattr__(made, f"_{relation}", _related(model, relation)._init_from_db(**parent))
    return made


@lru_cache(maxsize=64)
def _select_with(model: type[Model], relation: str, where: str) -> tuple[str, str]:
    """The statement, and how names of the parent's columns end."""
    ending = f"_of_{relation}"
    parent, table = _related(model, relation), model._meta.db_table
    own = [f'own."{one}" AS "{one}"' for one in model._meta.fields_db_projection.values()]
    theirs = [f'parent."{one}" AS "{one}{ending}"' for one in parent._meta.fields_db_projection.values()]
    joined = f'"{table}" AS own JOIN "{parent._meta.db_table}" AS parent ON parent.id = own."{relation}_id"'
    return f"SELECT {', '.join(own + theirs)} FROM {joined} WHERE {where}", ending  # noqa: S608 - constants


def _related(model: type[Model], relation: str) -> type[Model]:
    field: Any = model._meta.fields_map[relation]
    return cast("type[Model]", field.related_model)


def value_lists(width: int, count: int) -> str:
    """`($1, $2), ($3, $4)` for two rows of two columns."""
    return ", ".join(
        f"({', '.join(f'${first + place}' for place in range(1, width + 1))})"
        for first in range(0, count * width, width)
    )


def next_id(table: str) -> str:
    """An expression for the id that a new row of `table` may take, for a statement inside `writing()`."""
    if on_postgres():
        return f"nextval(pg_get_serial_sequence('{table}', 'id'))"
    return f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table})"  # noqa: S608 - a constant


def among(place: str) -> str:
    """A condition: one of the numbers or texts in the list that is given for `place`."""
    return f"= ANY({place})" if on_postgres() else f"IN (SELECT value FROM json_each({place}))"  # noqa: S608


def listed(ids: Collection[int]) -> list[int]:
    """Ids for `among`, with zeros up to ten, the length that PostgreSQL assumes of a list it does not know.

    So it keeps one plan; planning anew each time takes twice as long as the answer.
    """
    return [*ids, *[0] * (_ASSUMED - len(ids))]


def moved(sql: str, by: int) -> str:
    """The statement with its places counted from `$1 + by`."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", sql)


_Columns = tuple[tuple[str, str, "Field[Any]"], ...]


@lru_cache(maxsize=64)
def _columns(model: type[Model], *, with_id: bool) -> _Columns:
    """(attribute, column, field) of every column that is written."""
    meta = model._meta
    return tuple(
        (name, column, meta.fields_map[name])
        for name, column in meta.fields_db_projection.items()
        if with_id or name != meta.pk_attr
    )


def _values(instance: Model, columns: _Columns) -> list[object]:
    found = ((getattr(instance, name), field) for name, _, field in columns)
    return [
        value if isinstance(value, _AS_IT_IS) else field.to_db_value(value, instance)
        for value, field in found
    ]


@lru_cache(maxsize=256)
def _insert(model: type[Model], columns: _Columns, count: int) -> str:
    names, places = ", ".join(f'"{column}"' for _, column, _ in columns), value_lists(len(columns), count)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {places}'  # noqa: S608 - names of columns


@lru_cache(maxsize=1024)
def _joined(parts: Sequence[str], counts: Sequence[int]) -> str:
    *before, last = (moved(sql, by) for sql, by in zip(parts, accumulate(counts, initial=0), strict=False))
    named = ", ".join(f"written_{place} AS ({sql})" for place, sql in enumerate(before))
    return f"WITH {named} {last}" if named else last
