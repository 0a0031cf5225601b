"""Sealing: AES-256-GCM under keys from the environment; each sealed text fits in its own place only."""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class CannotOpen(Exception):
    """No key opens it: it was sealed with a key that is gone, or for another place, or was changed."""


def key_of(text: str) -> bytes:
    """The 256 bits that a key's text stands for, whatever its length."""
    return hashlib.sha256(b"retaguarda secrets\0" + text.encode()).digest()


def key_id(text: str) -> str:
    """Short name of a key, which tells nothing about it."""
    return hashlib.sha256(b"name\0" + key_of(text)).hexdigest()[:12]


def seal(keys: Sequence[str], place: str, content: bytes) -> tuple[str, bytes]:
    """Seal with the first key; the name of the key and the sealed bytes.

    Args:
        keys: Texts of the keys, the present one first.
        place: What the content belongs to; it opens there only.
        content: What nobody may read.
    """
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key_of(keys[0])).encrypt(nonce, content, place.encode())
    return key_id(keys[0]), nonce + sealed


def unseal(keys: Sequence[str], place: str, name: str, sealed: bytes) -> bytes:
    """The content again.

    Raises:
        CannotOpen: The key is not among ``keys``, or the bytes are not what was sealed here.
    """
    for text in keys:
        if key_id(text) == name:
            try:
                return AESGCM(key_of(text)).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
            except InvalidTag as error:
                raise CannotOpen(name) from error
    raise CannotOpen(name)


def as_text(content: bytes) -> str:
    """Bytes for JSON."""
    return base64.b64encode(content).decode()


def from_text(text: str) -> bytes:
    """The bytes again."""
    return base64.b64decode(text)
