"""Building blocks of every body, query and answer of the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from models import Labelled

LARGEST_ID = 2**63 - 1
PLAIN = r"^[^\u0000]*$"
"""PostgreSQL stores no NUL character."""

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Name = Annotated[str, Field(min_length=1, max_length=32, pattern=PLAIN)]
LongName = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN)]
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=PLAIN)]
OptionalWords = Annotated[str, Field(max_length=1000, pattern=PLAIN)]
Phone = Annotated[str, Field(max_length=20, pattern=r"^[0-9+\- ]*$")]
PLACE_CODE = r"^[a-z][a-z0-9_]{0,31}$"
Code = Annotated[str, Field(pattern=PLACE_CODE)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, China time")]

T = TypeVar("T")


class Body(BaseModel):
    """What a caller sends: unknown fields and wrong types are refused, outer blanks are cut."""

    model_config = ConfigDict(
        extra="forbid", strict=True, str_strip_whitespace=True, frozen=True, allow_inf_nan=False
    )


class Query(BaseModel):
    """Parameters behind the question mark; unknown ones are refused: a misspelt filter shows too much."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PageQuery(Query):
    """Which page of a list."""

    size: int = Field(default=20, ge=1, le=100, alias="page[size]", description="rows a page")
    after: int | None = Field(
        default=None, ge=1, le=LARGEST_ID, alias="page[after]", description="`next` of the last page"
    )


class Out(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_serialization_defaults_required=True
    )


class Page(Out, Generic[T]):
    """One page of a list; `next` goes into `page[after]`, null on the last page."""

    items: list[T]
    next: int | None = None


class Label(Out):
    """A value of a closed list, with its Chinese name."""

    value: str
    label: str

    @classmethod
    def of(cls, member: Labelled) -> Label:
        """One member of the list."""
        return cls(value=member.value, label=member.label)


class Named(Out):
    """A row that another row points to."""

    id: int
    name: str


class Coded(Named):
    """The same with its stable code."""

    code: str


class Done(Out):
    """A change without anything to show."""

    done: bool = True


class Problem(Out):
    """RFC 9457 problem details: `code` is stable, `detail` is for the reader, more members may follow."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str


Moment = AwareDatetime
"""A point in time; UTC in answers."""


def _of_our_time(day: date) -> date:
    if not 2000 <= day.year <= 2200:
        raise ValueError("日期不对")
    return day


def _near(moment: datetime) -> datetime:
    _ = _of_our_time(moment.date())
    return moment


Near = Annotated[Moment, AfterValidator(_near)]
"""A moment that every clock can show: in China the last hours of the year 9999 are past the last date."""
Day = Annotated[date, Field(strict=False), AfterValidator(_of_our_time)]


def _written_out(value: object) -> object:
    """Pydantic would take `0.5` for seconds since 1970."""
    if isinstance(value, str) and "T" not in value.upper():
        raise ValueError("要写成日期加时间，例如 2026-11-23T08:30:00+08:00")
    return value


Since = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""A point in time behind the question mark."""


R = TypeVar("R")


def paged(found: Sequence[R], size: int, show: Callable[[R], T], key: Callable[[R], int]) -> Page[T]:
    """A page of `size` rows from up to `size` + 1 found ones; one more means that there is a next page."""
    shown = found[:size]
    return Page(items=[show(one) for one in shown], next=key(shown[-1]) if len(found) > size else None)


def page_of(found: Sequence[R], query: PageQuery, show: Callable[[R], T], key: Callable[[R], int]) -> Page[T]:
    """The same of a list that is short enough to be read whole, ordered by `key`."""
    rest = [one for one in sorted(found, key=key) if query.after is None or key(one) > query.after]
    return paged(rest[: query.size + 1], query.size, show, key)


class Changes(Body):
    """Only what is given is changed."""

    def given(self) -> dict[str, Any]:
        """The fields that the caller sent."""
        return self.model_dump(exclude_unset=True)


def _nothing() -> Any:  # noqa: ANN401 - stands for a value of any field
    return None


def may_stay() -> Any:  # noqa: ANN401 - pydantic's way to describe a field
    """A field of `Changes` that may be left out, though it may not be null."""
    return Field(default_factory=_nothing)
