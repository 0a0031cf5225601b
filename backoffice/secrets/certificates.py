"""Read a certificate of the type A1 (ICP-Brasil): a PKCS#12 file with key, certificate and chain."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.errors import InvalidInput

CNPJ_OID = x509.ObjectIdentifier("2.16.76.1.3.3")  # ICP-Brasil: CNPJ of the holder, in the SAN
LARGEST = 256 * 1024
FEWEST_BITS = 2048

WHY: dict[str, tuple[str, str | Promise]] = {
    "not_pkcs12": ("file", _("This is no certificate file (.pfx or .p12).")),
    "wrong_password": ("password", _("The password does not open the file.")),
    "no_private_key": ("file", _("The file has no private key. Export the certificate with it.")),
    "weak_key": ("file", _("The key has fewer than 2048 bits.")),
    "key_mismatch": ("file", _("The private key is not that of the certificate.")),
    "no_cnpj": (
        "file",
        _("The certificate names no CNPJ. A certificate of a person is not enough."),
    ),
    "other_company": ("file", _("The certificate belongs to another company.")),
    "expired": ("file", _("The certificate has expired.")),
    "already_there": ("file", _("This certificate is already here.")),
}


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """What a certificate says of itself; nothing of it is secret."""

    subject: str
    cnpj: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: dt.datetime
    valid_to: dt.datetime


def refusal(code: str) -> InvalidInput:
    """Why a certificate is not taken."""
    field, text = WHY[code]
    return InvalidInput(code, text, fields={field: text})


def read(content: bytes, password: str) -> ReadCertificate:
    """Open the file and read its certificate.

    Raises:
        InvalidInput: ``not_pkcs12``, ``wrong_password``, ``no_private_key``, ``weak_key``,
            ``key_mismatch``, ``no_cnpj``.
    """
    if not content.startswith(b"\x30") or len(content) > LARGEST:
        raise refusal("not_pkcs12")
    try:
        key, found, _chain = pkcs12.load_key_and_certificates(content, password.encode())
    except ValueError as error:
        wrong = "password" in str(error).lower() or "mac" in str(error).lower()
        raise refusal("wrong_password" if wrong else "not_pkcs12") from error
    if key is None or found is None:
        raise refusal("no_private_key")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < FEWEST_BITS:
        raise refusal("weak_key")
    if key.public_key() != found.public_key():
        raise refusal("key_mismatch")
    cnpj = cnpj_of(found)
    if not cnpj:
        raise refusal("no_cnpj")
    return ReadCertificate(
        subject=_common_name(found.subject)[:200],
        cnpj=cnpj,
        issuer=_common_name(found.issuer)[:200],
        serial=format(found.serial_number, "x"),
        fingerprint=hashlib.sha256(_der(found)).hexdigest(),
        valid_from=found.not_valid_before_utc,
        valid_to=found.not_valid_after_utc,
    )


def cnpj_of(found: x509.Certificate) -> str:
    """The CNPJ in the certificate: from the alternative names, else after the colon of the name."""
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = x509.SubjectAlternativeName([])
    for name in names.get_values_for_type(x509.OtherName):
        if name.type_id == CNPJ_OID:
            text = re.search(rb"[A-Z0-9]{12}[0-9]{2}$", name.value)
            if text:
                return text[0].decode()
    tail = re.search(r":([A-Z0-9]{12}[0-9]{2})$", _common_name(found.subject))
    return tail[1] if tail else ""


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _der(found: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return found.public_bytes(Encoding.DER)
