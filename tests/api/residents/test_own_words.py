"""What a resident writes in the mini-program goes through WeChat's content check, over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from adapters.wechat import WeChatApi
from models import (
    Absence,
    Block,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    Survey,
    UncheckedWords,
    WordsCheck,
    WordsOf,
    connection,
)
from services.clock import now
from tests.api.conftest import Api
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_offering, make_slot
from tests.outside import Outside
from tests.services.slots.truth import broken

PATH = "/wxa/msg_sec_check"
RISKY = "来网络赌博"
KEY = {"idempotency-key": "0f8fad5b-d9cb"}


@pytest.fixture
async def slot(db: str) -> Slot:
    return await make_slot(await make_offering(await make_community()))


def answering(words: str) -> dict[str, object]:
    return {"answers": {"会不会游泳": words}}


async def marked() -> list[tuple[WordsOf, WordsCheck]]:
    return [(one.words_of, one.verdict) for one in await UncheckedWords.all()]


def refused(response: httpx.Response) -> bool:
    body = response.json()
    return (response.status_code, body["code"]) == (422, "words_refused") and "换个说法" in body["detail"]


async def test_risky_answers_are_refused_in_words_and_take_no_place(log_in: LogIn, slot: Slot) -> None:
    client = await log_in("mini-1")

    assert refused(await client.post(f"/slots/{slot.id}/sign-ups", json=answering(RISKY)))
    again = await client.post(f"/slots/{slot.id}/sign-ups", json=answering("会一点"))

    assert again.status_code == 201
    assert await SignUp.all().count() == 1
    assert await marked() == []
    assert await broken() == []


async def test_who_was_away_too_long_is_signed_up_and_the_words_are_marked(
    log_in: LogIn, wechat: Outside, slot: Slot
) -> None:
    client = await log_in("mini-1")
    wechat.platform.phones.get("mini", "mini-1").active_at = wechat.platform.now() - 3 * 3600

    made = await client.post(f"/slots/{slot.id}/sign-ups", json=answering(RISKY))

    assert made.status_code == 201
    assert await marked() == [(WordsOf.ANSWERS, WordsCheck.INACTIVE)]
    assert RISKY in (await SignUp.get()).answers


async def test_a_sign_up_without_words_asks_nobody(log_in: LogIn, wechat: Outside, slot: Slot) -> None:
    client = await log_in("mini-1")

    assert (await client.post(f"/slots/{slot.id}/sign-ups", json={})).status_code == 201
    assert wechat.calls(PATH) == []


async def test_the_same_request_twice_has_its_first_answer_whatever_the_check_says_by_then(
    log_in: LogIn, wechat: Outside, slot: Slot
) -> None:
    client = await log_in("mini-1")
    wechat.fault(PATH, errcode=-1, times=1)
    path = f"/slots/{slot.id}/sign-ups"

    first = await client.post(path, json=answering(RISKY), headers=KEY)
    again = await client.post(path, json=answering(RISKY), headers=KEY)

    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert await marked() == [(WordsOf.ANSWERS, WordsCheck.UNAVAILABLE)]
    assert await SignUp.all().count() == 1


@dataclass
class Watched:
    """The real client, and whether a transaction was open whenever the check was called."""

    api: WeChatApi
    inside: list[bool] = field(default_factory=list)

    async def msg_sec_check(self, openid: str, text: str, scene: int = 2) -> str:
        """As the client's."""
        self.inside.append(isinstance(connection(), TransactionalDBClient))
        return await self.api.msg_sec_check(openid, text, scene)


async def test_no_transaction_is_open_while_wechat_is_asked(
    log_in: LogIn, wechat: Outside, slot: Slot, served: tuple[Api, str]
) -> None:
    client = await log_in("mini-1")
    watched = Watched(wechat.clients("mini"))
    served[0].ctx.wechat = lambda _account: watched

    made = await client.post(f"/slots/{slot.id}/sign-ups", json=answering("会"), headers=KEY)
    await over(int(made.json()["id"]))
    said = {"answers": {"想说的话": "很好"}}
    kept = await client.put(f"/sign-ups/{made.json()['id']}/survey", json=said)

    assert (made.status_code, kept.status_code) == (201, 200)
    assert watched.inside == [False, False]


async def over(sign_up_id: int) -> None:
    """They came, and it has ended."""
    await SignUp.filter(id=sign_up_id).update(state=SignUpState.ATTENDED)
    ended = now() - timedelta(minutes=5)
    await Slot.all().update(starts_at=ended - timedelta(hours=1), ends_at=ended)


async def test_words_of_a_survey_are_refused_or_kept_and_ratings_alone_ask_nobody(
    log_in: LogIn, wechat: Outside, slot: Slot
) -> None:
    client = await log_in("mini-1")
    made = (await client.post(f"/slots/{slot.id}/sign-ups", json={})).json()["id"]
    await over(made)
    path = f"/sign-ups/{made}/survey"

    assert (await client.put(path, json={"answers": {"总体满意吗": 4}})).status_code == 200
    assert wechat.calls(PATH) == []
    assert refused(await client.put(path, json={"answers": {"总体满意吗": 1, "想说的话": RISKY}}))
    assert (await Survey.get()).ratings == {"总体满意吗": 4}

    review = await client.put(path, json={"answers": {"想说的话": "加微信领红包"}})
    assert review.status_code == 200
    assert await marked() == [(WordsOf.SURVEY, WordsCheck.REVIEW)]
    unasked = await client.put(path, json={"answers": {"没问的": RISKY}})
    assert (unasked.status_code, unasked.json()["code"]) == (422, "invalid")
    assert len(wechat.calls(PATH)) == 2


async def test_an_appeal_against_a_block_is_checked_as_well(
    log_in: LogIn, wechat: Outside, slot: Slot
) -> None:
    client = await log_in("mini-1")
    me = await Resident.get(conversations__openid="mini-1")
    made = (await client.post(f"/slots/{slot.id}/sign-ups", json={})).json()["id"]
    body = {"words": RISKY}
    assert (await client.post("/me/blocks/appeal", json=body)).status_code == 404
    assert wechat.calls(PATH) == []
    own: dict[str, Any] = {"community_id": slot.community_id, "person": f"r{me.id}"}
    absence = await Absence.create(slot_id=slot.id, sign_up_id=made, at=now(), **own)
    until = now() + timedelta(days=30)
    block = await Block.create(
        resident=me, absence_id=absence.id, times=3, until=until, created_at=now(), **own
    )

    assert refused(await client.post("/me/blocks/appeal", json=body))
    await block.refresh_from_db()
    assert (block.appeal, block.appealed_at) == ("", None)
    wechat.fault(PATH, errcode=-1)
    assert (await client.post("/me/blocks/appeal", json={"words": "那天住院了"})).status_code == 200
    assert await marked() == [(WordsOf.BLOCK_APPEAL, WordsCheck.UNAVAILABLE)]
