"""Column types of our own: encrypted text and enum columns of fixed width."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise import fields
from tortoise.exceptions import FieldError

import settings

if TYPE_CHECKING:
    from tortoise.models import Model

E = TypeVar("E", bound=StrEnum)


def enum_field(enum: type[E], *, null: bool = False, **kwargs: Any) -> Any:  # noqa: ANN401 - a descriptor
    """A CharEnumField with fixed width and description, so that a new member rebuilds no table."""
    return fields.CharEnumField(enum, max_length=24, description=enum.__name__, null=null, **kwargs)


@lru_cache(maxsize=1)
def _ciphers() -> tuple[str, dict[str, AESGCM]]:
    keys = settings.load().field_keys
    return next(iter(keys)), {name: AESGCM(b64decode(key)) for name, key in keys.items()}


def encrypt(plain: str) -> str:
    """AES-GCM under the newest key: `<key id>.<base64 of 12-byte nonce + ciphertext>`."""
    key_id, ciphers = _ciphers()
    nonce = os.urandom(12)
    sealed = ciphers[key_id].encrypt(nonce, plain.encode(), key_id.encode())
    return f"{key_id}.{b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """Inverse of `encrypt` for any key in the settings.

    Raises: FieldError for a foreign or damaged value.
    """
    key_id, _, body = stored.partition(".")
    _, ciphers = _ciphers()
    if key_id not in ciphers:
        raise FieldError(f"no field key named {key_id!r}")
    raw = b64decode(body)
    try:
        return ciphers[key_id].decrypt(raw[:12], raw[12:], key_id.encode()).decode()
    except InvalidTag as exc:
        raise FieldError("an encrypted column does not open with its key") from exc


def keyed_hash(plain: str) -> str:
    """Keyed HMAC (hex, 64 characters) by which an encrypted value can be found again."""
    return hmac.new(settings.load().hash_key.encode(), plain.encode(), hashlib.sha256).hexdigest()


class EncryptedText(fields.TextField):
    """Text that stands encrypted in the database and plain in Python. Empty text stays empty."""

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> str | None:  # noqa: ANN401
        """Encrypt on the way in."""
        plain = super().to_db_value(value, instance)
        return encrypt(plain) if plain else plain

    def to_python_value(self, value: Any) -> str | None:  # noqa: ANN401
        """Decrypt on the way out; a plain value given in Python stays as it is."""
        if isinstance(value, str) and "." in value and value.split(".", 1)[0] in _ciphers()[1]:
            return decrypt(value)
        return value if value is None else str(value)
