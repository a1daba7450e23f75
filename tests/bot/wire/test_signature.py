from __future__ import annotations

import pytest

from bot.wire import BadBody, BadSignature, check_echo
from bot.wire.signature import WINDOW_SECONDS, check_query, sign
from tests.bot.wire.accounts import NOW, SAFE, Keys, signed


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_the_platforms_own_vectors_are_signed_alike(timestamp: str, nonce: str, expected: str) -> None:
    assert sign("AAAAA", timestamp, nonce) == expected


def test_the_address_check_answers_echostr_verbatim() -> None:
    query = signed(SAFE) | {"echostr": "4375120948345356249"}

    assert check_echo(SAFE, query, NOW) == "4375120948345356249"


def test_the_address_check_without_echostr_is_a_bad_body() -> None:
    with pytest.raises(BadBody):
        check_echo(SAFE, signed(SAFE), NOW)


@pytest.mark.parametrize("skew", [-WINDOW_SECONDS, 0, WINDOW_SECONDS])
def test_a_signature_counts_within_ten_minutes_either_way(skew: int) -> None:
    check_query(SAFE, signed(SAFE, timestamp=NOW), NOW + skew)


@pytest.mark.parametrize("skew", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, 86_400])
def test_a_captured_query_is_refused_outside_the_window(skew: int) -> None:
    with pytest.raises(BadSignature, match="window"):
        check_query(SAFE, signed(SAFE, timestamp=NOW), NOW + skew)


@pytest.mark.parametrize(
    "timestamp", ["", "x", "-1", "1e9", "１７１４０３６５０４", "9" * 5000, " 1714036504"]
)
def test_a_timestamp_that_is_no_number_is_refused_even_when_signed(timestamp: str) -> None:
    with pytest.raises(BadSignature, match="timestamp"):
        check_query(SAFE, signed(SAFE, timestamp=timestamp), NOW)


@pytest.mark.parametrize(
    "given", ["", "0" * 40, "é" * 40, "\ud800", "F464B24FC39322E44B38AA78F5EDD27BD1441696"]
)
def test_another_signature_is_refused_whatever_characters_it_has(given: str) -> None:
    with pytest.raises(BadSignature):
        check_query(SAFE, signed(SAFE) | {"signature": given}, NOW)


@pytest.mark.parametrize("missing", ["signature", "timestamp", "nonce"])
def test_a_missing_parameter_is_a_bad_signature(missing: str) -> None:
    query = signed(SAFE)
    del query[missing]

    with pytest.raises(BadSignature):
        check_query(SAFE, query, NOW)


def test_an_account_without_a_token_trusts_nobody() -> None:
    keys = Keys(token="")

    with pytest.raises(BadSignature):
        check_query(keys, signed(keys), NOW)
