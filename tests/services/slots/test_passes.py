"""Codes on screens and walls: what we signed is read, what anybody changed is not."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from adapters.wechat import SCENE_CHARACTERS
from services.slots import passes

NOON = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


def test_a_code_says_what_was_put_in_and_no_two_are_alike() -> None:
    one, other = passes.new(7, 3, NOON), passes.new(7, 3, NOON)

    assert passes.read(passes.code(one)) == one
    assert one.expires_at == NOON + timedelta(minutes=5)
    assert one.nonce != other.nonce


@given(st.integers(0, 400), st.characters(codec="ascii", categories=("L", "N")))
def test_a_code_with_another_character_is_no_code_of_ours(place: int, character: str) -> None:
    code = passes.code(passes.Pass(7, 3, "n" * 22, NOON))
    place %= len(code) - 1  # the last character carries bits that no signature has
    changed = code[:place] + character + code[place + 1 :]

    assert (passes.read(changed) is None) == (changed != code)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ci.1.x", "报名"])
def test_any_other_text_is_no_code(text: str) -> None:
    assert passes.read(text) is None
    assert passes.slot_of(text) is None


def test_a_code_of_another_key_or_without_signature_is_no_code_of_ours() -> None:
    values = {"aud": "check-in", "sub": "7", "slot": 3, "jti": "n", "exp": NOON}

    assert passes.read(jwt.encode(values, Ed25519PrivateKey.generate(), algorithm="EdDSA")) is None
    assert passes.read(jwt.encode(values, "", algorithm="none")) is None


def test_a_device_verifies_codes_with_the_public_key_alone() -> None:
    raw = urlsafe_b64decode(passes.public_key() + "=")
    code = passes.code(passes.new(7, 3, datetime.now(UTC)))

    key = Ed25519PublicKey.from_public_bytes(raw)
    values = jwt.decode(code, key, algorithms=["EdDSA"], audience="check-in")

    assert (values["sub"], values["slot"]) == ("7", 3)


@given(st.integers(1, 2**63 - 1))
def test_a_scene_leads_to_its_slot_and_keeps_the_rules_of_the_platform(slot_id: int) -> None:
    scene = passes.scene(slot_id)

    assert len(scene) <= 32
    assert set(scene) <= SCENE_CHARACTERS
    assert passes.slot_of(scene) == slot_id
    assert passes.slot_of(passes.scene(slot_id + 1)[:-1] + "!") is None
