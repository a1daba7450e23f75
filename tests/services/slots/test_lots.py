"""The order of lots, drawn again by a stranger: ten lines that know nothing of our code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.slots import lots

EXPECTED = [3, 7, 2, 4, 5, 8, 6, 1]
numbers = st.sets(st.integers(1, 2**63 - 1), max_size=40)


def stranger(published: dict[str, object]) -> list[int]:
    """What the description of the draw says, written anew."""
    import hashlib
    import hmac
    import json

    assert hashlib.sha256(str(published["seed"]).encode()).hexdigest() == published["seed_hash"]
    listed = json.dumps(published["applications"], separators=(",", ":"))
    assert hashlib.sha256(listed.encode()).hexdigest() == published["list_hash"]
    key = f"{published['seed']}{published['public_value']}".encode()
    drawn = [
        (hmac.new(key, b"%d" % one, "sha256").hexdigest(), one)
        for one in published["applications"]  # type: ignore[attr-defined]
    ]
    return [one for _, one in sorted(drawn)]


@given(numbers, st.text(max_size=20))
def test_a_stranger_finds_the_same_order(applications: set[int], public_value: str) -> None:
    seed = lots.new_seed()
    listed = sorted(applications)
    published: dict[str, object] = {
        "seed": seed,
        "seed_hash": lots.fingerprint(seed),
        "public_value": public_value,
        "applications": listed,
        "list_hash": lots.fingerprint(lots.canonical(applications)),
    }

    order = lots.order(seed, public_value, applications)

    assert order == stranger(published)
    assert sorted(order) == listed


def test_the_order_of_a_seed_never_changes() -> None:
    assert lots.order("00" * 32, "08 11 19", range(1, 9)) == EXPECTED
    assert lots.order("00" * 32, "08 11 20", range(1, 9)) != EXPECTED


@given(numbers)
def test_who_leaves_changes_nobodys_order(applications: set[int]) -> None:
    seed = lots.new_seed()
    order = lots.order(seed, "", applications)

    assert lots.order(seed, "", order[1:]) == order[1:]


def test_no_two_seeds_are_alike() -> None:
    assert len({lots.new_seed() for _ in range(100)}) == 100
    assert len(lots.new_seed()) == 64
