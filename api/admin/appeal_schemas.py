"""Appeals as the admin API shows them and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.admin.decision_schemas import DecisionOut
from api.schemas import PLAIN, Body, Code, Coded, Id, Label, Moment, Named, Out, PageQuery, Since, Words
from models import (
    Appeal,
    AppealEvent,
    AppealKind,
    AppealStatus,
    AssigneeKind,
    Attachment,
    Urgency,
)
from services import browsing
from services.clock import now
from services.masking import masked_name, masked_phone, masked_place

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=PLAIN)]


class AppealQuery(PageQuery):
    """Filters of the list; each narrows it."""

    status: list[AppealStatus] = Field(default=[], description="any of these")
    kind: AppealKind | None = None
    category: Code | None = None
    community: Id | None = None
    grid: Id | None = None
    urgency: Urgency | None = None
    owner_kind: AssigneeKind | None = None
    mine: bool | None = Field(default=None, description="held by the caller")
    overdue: bool | None = None
    supervised: bool | None = Field(default=None, description="escalated at least once")
    unsure: bool | None = None
    since: Since | None = None
    until: Since | None = None
    search: str | None = Field(
        default=None, min_length=1, max_length=64, pattern=PLAIN, description="number, text or phone"
    )

    def filters(self) -> browsing.Filters:
        """The same for the service."""
        names = ("status", "kind", "category", "urgency", "owner_kind", "mine", "overdue", "supervised")
        more = ("unsure", "since", "until", "search")
        same = {name: getattr(self, name) for name in names + more}
        return browsing.Filters(community_id=self.community, grid_id=self.grid, **same)


class OwnerOut(Out):
    """Who holds an appeal, by title."""

    kind: Label
    id: int
    name: str
    since: Moment

    @classmethod
    def of(cls, owner: browsing.Owner | None) -> OwnerOut | None:
        """None stays None: a finished appeal has no owner."""
        if owner is None:
            return None
        return cls(kind=Label.of(owner.kind), id=owner.id, name=owner.name, since=owner.since)


class AppealRow(Out):
    """An appeal in a list."""

    number: int
    kind: Label
    status: Label
    urgency: Label
    category: Coded
    community: Named
    grid: Named | None
    place: str = Field(description="in lists as far as the building")
    text: str
    owner: OwnerOut | None
    supporters: int = Field(description="other residents who report the same")
    unsure: bool
    overdue: bool
    escalation: int
    created_at: Moment
    accept_by: Moment
    resolve_by: Moment

    @classmethod
    def of(cls, listed: browsing.Listed) -> AppealRow:
        """One row."""
        return cls(**_row(listed) | {"place": masked_place(listed.appeal.place)})


def _row(listed: browsing.Listed) -> dict[str, Any]:
    appeal = listed.appeal
    return {
        "number": appeal.number,
        "kind": Label.of(appeal.kind),
        "status": Label.of(appeal.status),
        "urgency": Label.of(appeal.urgency),
        "category": Coded.model_validate(appeal.category),
        "community": Named.model_validate(appeal.community),
        "grid": Named.model_validate(appeal.grid) if appeal.grid_id is not None else None,
        "place": appeal.place,
        "text": appeal.text,
        "owner": OwnerOut.of(listed.owner),
        "supporters": listed.supporters,
        "unsure": appeal.unsure,
        "overdue": browsing.is_overdue(appeal, now()),
        "escalation": appeal.escalation,
        "created_at": appeal.created_at,
        "accept_by": appeal.accept_by,
        "resolve_by": appeal.resolve_by,
    }


class EventOut(Out):
    """One line of the history."""

    verb: str
    label: str
    actor: str
    role: Label
    from_status: Label | None
    to_status: Label | None
    words: str
    public: bool
    at: Moment

    @classmethod
    def of(cls, event: AppealEvent) -> EventOut:
        """One line."""
        return cls(
            verb=event.verb,
            label=browsing.event_label(event.verb),
            actor=event.actor,
            role=Label.of(event.role),
            from_status=Label.of(event.from_status) if event.from_status else None,
            to_status=Label.of(event.to_status) if event.to_status else None,
            words=event.words,
            public=event.public,
            at=event.at,
        )


class AttachmentOut(Out):
    """A photo, voice, video, place or link; its file stands at `…/attachments/<id>` once it is stored."""

    id: int
    kind: Label
    state: Label
    content_type: str
    words: str
    url: str
    latitude: float | None
    longitude: float | None
    datum: str
    created_at: Moment

    @classmethod
    def of(cls, one: Attachment) -> AttachmentOut:
        """One attachment."""
        same = {name: getattr(one, name) for name in ("id", "content_type", "words", "url", "datum")}
        place = {name: getattr(one, name) for name in ("latitude", "longitude", "created_at")}
        return cls(kind=Label.of(one.kind), state=Label.of(one.state), **same, **place)


class ReporterOut(Out):
    """Who reported it, masked."""

    name: str
    phone: str


class ContactOut(Out):
    """Who reported it, in plain."""

    name: str
    phone: str
    address: str


class AppealDetail(AppealRow):
    """One appeal with all that belongs to it."""

    about_conduct: bool
    resident: ReporterOut
    account: str
    accepted_at: Moment | None
    resolved_at: Moment | None
    closed_at: Moment | None
    suspended_at: Moment | None
    resume_on: date | None
    returns: int
    result: str
    rating: Label | None
    rating_words: str
    merged_into: int | None
    linked_to: int | None
    decision: DecisionOut | None = Field(description="the latest one")
    decisions: list[DecisionOut]
    history: list[EventOut]
    attachments: list[AttachmentOut]

    @classmethod
    def of_detail(cls, found: browsing.Detail) -> AppealDetail:
        """The whole appeal."""
        appeal = found.appeal
        decisions = [DecisionOut.of(one, appeal) for one in found.decisions]
        same = ("about_conduct", "account", "accepted_at", "resolved_at", "closed_at", "suspended_at")
        more = ("resume_on", "returns", "result", "rating_words")
        return cls(
            **_row(found),
            **{name: getattr(appeal, name) for name in same + more},
            resident=ReporterOut(
                name=masked_name(found.resident.name), phone=masked_phone(found.resident.phone)
            ),
            rating=Label.of(appeal.rating) if appeal.rating else None,
            merged_into=appeal.merged_into_id,
            linked_to=appeal.linked_to_id,
            decision=decisions[-1] if decisions else None,
            decisions=decisions,
            history=[EventOut.of(one) for one in found.events],
            attachments=[AttachmentOut.of(one) for one in found.attachments],
        )


class Moved(Out):
    """Where an appeal stands after a verb."""

    number: int
    status: Label
    accept_by: datetime
    resolve_by: datetime

    @classmethod
    def of(cls, appeal: Appeal) -> Moved:
        """From the row that the verb returns."""
        return cls(
            number=appeal.number,
            status=Label.of(appeal.status),
            accept_by=appeal.accept_by,
            resolve_by=appeal.resolve_by,
        )


class AssignBody(Body):
    """Who is to hold the appeal."""

    kind: AssigneeKind
    id: Id
    note: str = Field(default="", max_length=500, pattern=PLAIN)


class CategoryBody(Body):
    """The category that is right."""

    code: Code


class MergeBody(Body):
    """The appeal that goes on."""

    into: Id


class SplitBody(Body):
    """The part that becomes an appeal of its own."""

    text: Text
    category: Code


class WordsBody(Body):
    """What is said to the resident, to the asker or among staff."""

    words: Words


class ReasonBody(Body):
    """Why."""

    reason: Words


class ConductBody(ReasonBody):
    """Whether it is about the conduct of cadres, and why."""

    about_conduct: bool


class HandOverBody(ReasonBody):
    """Why, and to whom; without a target the next candidate gets it."""

    to: AssignBody | None = None


class SuspendBody(ReasonBody):
    """Why, and until which day (China date)."""

    until: date


class ResolveBody(Body):
    """What was done, in words that the resident reads."""

    result: Words
