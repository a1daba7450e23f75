"""Spoiled requests over real HTTP: refused or answered, never a failure, and nothing left half done."""

from __future__ import annotations

from random import Random

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.accounts import Account
from tests.bot.posting import MINI, OA, PLAIN, Line, signed, text_fields
from tests.bot.unharmed import unharmed
from tests.spoiling import Depth, as_json, sealed, spoiled, with_one_strange_field

REFUSED = frozenset({400, 403, 413})
accounts = st.sampled_from([OA, PLAIN, MINI])
# The same examples each run; the line stays open, as one process meets all of them.
repeatable = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check_harmless(response: httpx.Response) -> None:
    """Refused, or answered as WeChat expects it: by a reply or by `success`."""
    assert response.status_code in REFUSED | {200}
    assert "Traceback" not in response.text
    if response.status_code == 200:
        assert response.text == "success" or response.text.startswith("<xml>")


@pytest.mark.parametrize("depth", Depth)
@repeatable
@given(chance=st.randoms(use_true_random=False), account=accounts)
async def test_a_request_spoiled_at_any_depth_breaks_nothing(
    line: Line, depth: Depth, chance: Random, account: Account
) -> None:
    async with unharmed():
        check_harmless(await line.post(spoiled(chance, account, depth), account.account))


@pytest.mark.parametrize("depth", [Depth.KEYS, Depth.TIME, Depth.QUERY])
async def test_what_another_key_or_time_signed_is_never_answered(line: Line, depth: Depth) -> None:
    chance = Random(3)
    for _ in range(60):
        response = await line.post(spoiled(chance, OA, depth), "oa")
        assert response.status_code in REFUSED, response.text


async def test_no_field_of_any_message_can_do_harm_whatever_it_holds(line: Line) -> None:
    for what, messages in with_one_strange_field(PLAIN):
        try:
            async with unharmed():
                for fields in messages:
                    check_harmless(await line.post(sealed(PLAIN, as_json(fields)), "oa-plain"))
        except AssertionError as failure:
            failure.add_note(what)
            raise


@repeatable
@given(
    spoilt=st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "echostr", "encrypt_type"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.integers().map(str),
        max_size=4,
    )
)
async def test_the_address_check_echoes_what_is_signed_and_refuses_all_else(
    line: Line, spoilt: dict[str, str]
) -> None:
    sound = signed(text_fields("x")).query | {"echostr": "7"}
    async with unharmed():
        response = await line.http.get(f"{line.base}/wechat/oa", params=sound | spoilt)

    if response.status_code == 200:
        assert response.text == spoilt.get("echostr", "7")
        assert not spoilt.keys() & {"signature", "timestamp", "nonce"}
    else:
        assert response.status_code in REFUSED
