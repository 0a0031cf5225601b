"""A1 certificates made on the spot, as an authority of ICP-Brasil would."""

import datetime as dt
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from backoffice.organization.models import Company
from backoffice.secrets import services
from backoffice.secrets.certificates import CNPJ_OID
from backoffice.secrets.models import Certificate
from tests.factories import people
from tests.factories.objects import factory_for

PASSWORD = "senha do certificado"
FROM, TO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


@cache
def key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """A private key; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def a1(
    cnpj: str,
    *,
    valid: tuple[dt.datetime, dt.datetime] = (FROM, TO),
    bits: int = 2048,
    in_san: bool = True,
    in_name: bool = False,
    with_key: bool = True,
    password: str = PASSWORD,
) -> bytes:
    """A PKCS#12 file with a certificate of the company."""
    name = f"EMPRESA TESTE LTDA:{cnpj}" if in_name else "EMPRESA TESTE LTDA"
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "AC TESTE RFB")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key(bits).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    if in_san:
        der = b"\x13\x0e" + cnpj.encode()  # PrintableString
        names = x509.SubjectAlternativeName([x509.OtherName(CNPJ_OID, der)])
        made = made.add_extension(names, critical=False)
    signed = made.sign(key(2048, 9), hashes.SHA256())
    private = key(bits) if with_key else None
    return pkcs12.serialize_key_and_certificates(
        b"a1", private, signed, None, BestAvailableEncryption(password.encode())
    )


@factory_for("backoffice.certificate")
def install(company: Company, **over: Any) -> Certificate:
    given = {"content": a1(company.cnpj), "password": PASSWORD} | over
    return services.install_certificate(people.system(company), **given)
