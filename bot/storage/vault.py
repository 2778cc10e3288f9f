"""Envelope encryption of what pupils and staff wrote.

A school has data keys; each is kept wrapped by the key from the environment. A sealed value is
``version (2 bytes) | nonce (12) | AES-256-GCM ciphertext`` with school, table, column and row as associated data, so
that a value moved to another row, column, table or school does not open. AES-GCM: NIST SP 800-38D.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12  # the length that SP 800-38D advises for random nonces
VERSION_BYTES = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands."""

    school: str
    table: str
    column: str
    row: int

    @property
    def data(self) -> bytes:
        """The associated data of this place."""
        return f"{self.school}/{self.table}/{self.column}/{self.row}".encode()


class Vault:
    """Seals and opens values with the schools' data keys, which are held in memory only."""

    def __init__(self, keys: Mapping[str, Mapping[int, bytes]]) -> None:
        self._keys = {school: dict(versions) for school, versions in keys.items()}

    def knows(self, school: str) -> bool:
        """Whether there is a data key for this school."""
        return bool(self._keys.get(school))

    def learn(self, school: str, version: int, key: bytes) -> None:
        """Take a data key into use; the highest version seals."""
        self._keys.setdefault(school, {})[version] = key

    def version(self, school: str) -> int:
        """Return the version that seals now."""
        return max(self._keys[school])

    def seal(self, place: Place, text: str | None) -> bytes | None:
        """Encrypt a text; nothing stays nothing."""
        return None if text is None else self.seal_bytes(place, text.encode("utf-8", "surrogatepass"))

    def open(self, place: Place, sealed: bytes | None) -> str | None:
        """Decrypt a text. Raises ``StorageError`` when it was changed, moved, or its key is lost."""
        return None if sealed is None else self.open_bytes(place, sealed).decode("utf-8", "surrogatepass")

    def seal_bytes(self, place: Place, content: bytes) -> bytes:
        """Encrypt bytes."""
        version, nonce = self.version(place.school), secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self._keys[place.school][version])
        return version.to_bytes(VERSION_BYTES, "big") + nonce + cipher.encrypt(nonce, content, place.data)

    def open_bytes(self, place: Place, sealed: bytes) -> bytes:
        """Decrypt bytes. Raises ``StorageError`` as ``open`` does."""
        version = int.from_bytes(sealed[:VERSION_BYTES], "big")
        nonce = sealed[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES]
        try:
            cipher = AESGCM(self._keys[place.school][version])
            return cipher.decrypt(nonce, sealed[VERSION_BYTES + NONCE_BYTES :], place.data)
        except (KeyError, InvalidTag, ValueError) as error:
            raise StorageError("error.storage.sealed", table=place.table) from error

    def mark(self, school: str, purpose: str, value: str) -> str:
        """Return a keyed hash of a value (hex), so that equal values are found without being readable.

        It is made with the school's first key, which rotation keeps for this purpose alone.
        """
        key = self._keys[school][min(self._keys[school])]
        return hmac.new(key, f"{school}/{purpose}/{value}".encode(), hashlib.sha256).hexdigest()


def new_key() -> bytes:
    """Return a fresh data key."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(wrapping: bytes, school: str, version: int, key: bytes) -> bytes:
    """Encrypt a data key with the key from the environment."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, f"key/{school}/{version}".encode())


def unwrap(wrapping: bytes, school: str, version: int, wrapped: bytes) -> bytes:
    """Decrypt a data key. Raises ``StorageError`` when the key from the environment is another one."""
    try:
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return AESGCM(wrapping).decrypt(nonce, sealed, f"key/{school}/{version}".encode())
    except (InvalidTag, ValueError) as error:
        raise StorageError("error.storage.key_lost") from error
