"""Fingerprints of documents: for the archive in full, for paper short enough to type."""

from base64 import b32encode
from hashlib import sha256

_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def content_hash(content: bytes) -> str:
    """SHA-256 of ``content`` in lower-case hexadecimal digits, 64 of them."""
    return sha256(content).hexdigest()


def verification_code(content: bytes) -> str:
    """The first 80 bits of the content's SHA-256, as people can type them: ``9F3K-72QM-0XWA-B4HT``.

    Crockford's alphabet is used, which has no I, L, O or U. The code proves nothing by itself: it
    is compared with the code of the stored document, which is computed again.
    """
    letters = b32encode(sha256(content).digest()[:10]).decode("ascii").translate(_READABLE)
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
