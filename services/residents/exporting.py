"""Everything that is known of a resident, for themself to read and take along."""

from __future__ import annotations

import json
from typing import Any

from models import (
    Absence,
    Appeal,
    AppealEvent,
    Attachment,
    Block,
    Certificate,
    Consent,
    Conversation,
    Dependant,
    InboundMessage,
    Resident,
    SignUp,
    SignUpPerson,
    Survey,
    VolunteerHours,
    writing,
)
from services import audit
from services.access import resident_actor
from services.clock import now
from services.slots.facts import DEPENDANT, OWN

Subject = list[dict[str, Any]]


async def export(resident_id: int) -> dict[str, Any]:
    """All rows about the resident in plain words, by subject; audited.

    What staff wrote to each other about an appeal is not in it.
    """
    resident = await Resident.get(id=resident_id).select_related("community", "grid")
    async with writing():
        await audit.record(resident_actor(resident_id), "resident.export", f"resident {resident_id}")
    subjects = {
        "resident": [_resident(resident)],
        "conversations": await _conversations(resident_id),
        "messages": await _messages(resident_id),
        "appeals": await _appeals(resident_id),
        "dependants": await _dependants(resident),
        "sign_ups": await _sign_ups(resident),
        "absences": await _absences(resident),
        "blocks": await _blocks(resident_id),
        "volunteer_hours": await _hours(resident_id),
        "certificates": await _certificates(resident_id),
    }
    return {"made_at": now().isoformat(), "subjects": subjects}


def _resident(one: Resident) -> dict[str, Any]:
    return {
        "name": one.name,
        "phone": one.phone,
        "address": one.address,
        "born": one.born,
        "community": one.community.name if one.community else "",
        "grid": one.grid.name if one.grid else "",
        "since": one.created_at.isoformat(),
    }


async def _conversations(resident_id: int) -> Subject:
    found = await Conversation.filter(resident_id=resident_id).order_by("id")
    accepts = await Consent.filter(conversation_id__in=[one.id for one in found])
    return [
        {
            "account": one.account,
            "openid": one.openid,
            "follows": one.following,
            "accepts": {
                accept.template_id: accept.remaining for accept in accepts if accept.conversation_id == one.id
            },
        }
        for one in found
    ]


async def _messages(resident_id: int) -> Subject:
    found: Subject = []
    for talk in await Conversation.filter(resident_id=resident_id).order_by("id"):
        for one in await InboundMessage.filter(account=talk.account, openid=talk.openid).order_by("id"):
            at = one.received_at.isoformat()
            found.append({"at": at, "message": one.payload, "reply": one.reply or ""})
    return found


async def _appeals(resident_id: int) -> Subject:
    found = await Appeal.filter(resident_id=resident_id).order_by("id").select_related("category")
    numbers = [one.id for one in found]
    events = await AppealEvent.filter(appeal_id__in=numbers, public=True).order_by("id")
    attached = await Attachment.filter(appeal_id__in=numbers).order_by("id")
    return [
        {
            "number": one.number,
            "at": one.created_at.isoformat(),
            "text": one.text,
            "place": one.place,
            "category": one.category.name,
            "status": one.status.label,
            "result": one.result,
            "rating": one.rating_words,
            "history": [
                {"at": event.at.isoformat(), "who": event.actor, "words": event.words}
                for event in events
                if event.appeal_id == one.id
            ],
            "attachments": [
                {"kind": item.kind.label, "words": item.words, "at": item.created_at.isoformat()}
                for item in attached
                if item.appeal_id == one.id
            ],
        }
        for one in found
    ]


async def _dependants(resident: Resident) -> Subject:
    if resident.household_id is None:
        return []
    return [
        {
            "kind": one.kind.label,
            "name": one.name,
            "born": one.born,
            "needs": one.needs,
            "consent_at": one.consent_at.isoformat(),
        }
        for one in await Dependant.filter(household_id=resident.household_id).order_by("id")
    ]


async def _sign_ups(resident: Resident) -> Subject:
    if resident.household_id is None:
        return []
    found = SignUp.filter(household_id=resident.household_id).order_by("id").select_related("slot__offering")
    made = await found
    said = {one.sign_up_id: one for one in await Survey.filter(sign_up_id__in=[one.id for one in made])}
    people = await SignUpPerson.filter(sign_up_id__in=[one.id for one in made]).order_by("id")
    names = await _names(resident.household_id)
    return [
        {
            "title": one.slot.offering.title,
            "starts_at": one.slot.starts_at.isoformat(),
            "state": one.state.label,
            "places": one.party,
            "people": [
                {"key": person.person, "name": names.get(person.person, "")}
                for person in people
                if person.sign_up_id == one.id
            ],
            "answers": json.loads(one.answers) if one.answers else {},
            "reason": one.reason,
            "survey": _said(said.get(one.id)),
        }
        for one in made
    ]


async def _names(household_id: int) -> dict[str, str]:
    """What everybody of the household is called, by their key; who was removed from it keeps their name."""
    own = await Resident.filter(household_id=household_id)
    others = await Dependant.filter(household_id=household_id)
    return {f"{OWN}{one.id}": one.name for one in own} | {f"{DEPENDANT}{one.id}": one.name for one in others}


async def _absences(resident: Resident) -> Subject:
    """Of everybody of the household, those that were excused as well."""
    if resident.household_id is None:
        return []
    made = SignUp.filter(household_id=resident.household_id).select_related("slot__offering")
    titles = {one.id: one.slot.offering.title for one in await made}
    names = await _names(resident.household_id)
    return [
        {
            "title": titles[one.sign_up_id],
            "at": one.at.isoformat(),
            "person": one.person,
            "name": names.get(one.person, ""),
            "excused": one.excused_at is not None,
        }
        for one in await Absence.filter(sign_up_id__in=list(titles)).order_by("id")
    ]


def _said(one: Survey | None) -> dict[str, Any]:
    if one is None:
        return {}
    return one.ratings | (json.loads(one.words) if one.words else {})


async def _certificates(resident_id: int) -> Subject:
    return [
        {
            "number": one.number,
            "name": one.name,
            "minutes": one.minutes,
            "from": one.starts_on.isoformat(),
            "to": one.ends_on.isoformat(),
            "at": one.issued_at.isoformat(),
        }
        for one in await Certificate.filter(resident_id=resident_id).order_by("id")
    ]


async def _blocks(resident_id: int) -> Subject:
    return [
        {
            "person": one.person,
            "absences": one.times,
            "until": one.until.isoformat(),
            "appeal": one.appeal,
            "answer": one.answer,
        }
        for one in await Block.filter(resident_id=resident_id).order_by("id")
    ]


async def _hours(resident_id: int) -> Subject:
    return [
        {
            "day": one.day.isoformat(),
            "minutes": one.minutes,
            "words": one.words,
            "origin": one.origin.label,
            "state": one.state.label,
        }
        for one in await VolunteerHours.filter(person=f"{OWN}{resident_id}").order_by("id")
    ]
