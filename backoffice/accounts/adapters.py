"""How allauth's second factors fit into the product: encryption at rest, names, pictures."""

import base64
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from backoffice.identity.models import User


@cache
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    """Encrypts with the key of the first secret, and still reads what the others encrypted."""
    keys = [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=b"retaguarda second factors").derive(
            secret.encode()
        )
        for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Keys of telephones and seeds of recovery codes are encrypted with a key outside the database.

    The key comes from ``SECRET_KEY``; after a change of it, ``SECRET_KEY_FALLBACKS`` opens the old ones.
    """

    def encrypt(self, text: str) -> str:
        """The text as it is kept."""
        return self._keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again."""
        return self._keys().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: "User") -> str:
        """How the telephone lists the account."""
        return user.email or user.name

    def _get_user_identifier(self, user: "User") -> str:
        return user.email or user.name

    def _get_site_name(self) -> str:
        return "Retaguarda"

    def build_totp_svg(self, url: str) -> str:
        """The key as a picture for the telephone's camera, dark on light in every theme."""
        picture = BytesIO()
        segno.make(url, error="m").save(
            picture, kind="svg", scale=5, border=4, light="#fff", xmldecl=False
        )
        return picture.getvalue().decode()

    @staticmethod
    def _keys() -> MultiFernet:
        return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
