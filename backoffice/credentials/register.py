"""The company's certificates as registered objects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.credentials import views
from backoffice.credentials.api import CertificateSerializer
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Resource,
    Table,
)
from backoffice.resources.shapes import filters_of
from backoffice.search import sources
from backoffice.secrets import services
from backoffice.secrets.models import Certificate, Secret
from backoffice.secrets.selectors import VIEW, visible_certificates
from backoffice.web import menu

__all__ = ["services"]  # imported for its commands

STATES = {
    "valid": pgettext_lazy("certificate", "Valid"),
    "expiring": pgettext_lazy("certificate", "Expires soon"),
    "expired": pgettext_lazy("certificate", "Expired"),
    "removed": pgettext_lazy("certificate", "Removed"),
}
TONES = {"valid": "success", "expiring": "warning", "expired": "danger", "removed": "neutral"}
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, choices=STATES, tones=TONES)
VALID_TO = Column(key="valid_to", label=_("Valid to"), kind=Kind.DATETIME)
CNPJ = Column(key="cnpj", label=_("CNPJ"), kind=Kind.CNPJ)

registry.register(
    Resource(
        name="backoffice.certificate",
        lacks={
            "history": "It is put in and taken out, each an event; nothing of it is ever edited.",
        },
        model=Certificate,
        slug="certificates",
        label=_("Certificate"),
        label_plural=_("Certificates"),
        icon="key",
        view_permission=VIEW,
        queryset=visible_certificates,
        empty=_("A1 certificates with which the company signs and speaks to the tax authorities."),
        state="state",
        table=Table(
            columns=(
                Column(key="subject", label=_("Holder"), kind=Kind.LINK),
                CNPJ,
                Column(key="issuer", label=_("Issuer")),
                VALID_TO,
                STATE,
            ),
            order="-valid_to",
            search=("subject", "cnpj", "serial"),
        ),
        filters=filters_of(Certificate, "valid_to"),
        panels=(
            Facts(
                title=_("Certificate"),
                icon="key",
                facts=(
                    CNPJ,
                    Fact(key="issuer", label=_("Issuer")),
                    Fact(key="serial", label=_("Serial number")),
                    Fact(key="fingerprint", label=_("Fingerprint (SHA-256)")),
                    Fact(key="valid_from", label=_("Valid from"), kind=Kind.DATETIME),
                    VALID_TO,
                    Fact(key="installed_at", label=_("Installed"), kind=Kind.DATETIME),
                    Fact(key="installed_by", label=_("By"), source="installed_by__name"),
                    Fact(key="removed_at", label=_("Removed"), kind=Kind.DATETIME),
                ),
            ),
            Panel(
                title=_("Next certificate"),
                icon="refresh",
                template="credentials/next.html",
                context=views.how_to_install,
                side=True,
            ),
        ),
        serializer=CertificateSerializer,
        commands=(
            Command(
                name="backoffice.certificate.remove",
                label=_("Remove"),
                icon="trash",
                states=frozenset({"valid", "expiring", "expired"}),
                summary=lambda record, _access: (
                    _("The private key of %(subject)s is forgotten. This cannot be undone.")
                    % {"subject": record.subject}
                ),
                done=_("Certificate removed."),
                danger=True,
            ),
        ),
        menu=Menu(order=95, group="system"),
        calendar="valid_to",
        events={"installed": _("Installed"), "removed": _("Removed")},
    )
)
registry.internal(
    "Sealed; nobody ever reads them, programs open them for a written purpose.", Secret
)
menu.register(
    menu.Page(
        area="backoffice",
        group="system",
        label=_("Install a certificate"),
        icon="plus",
        url_name="backoffice.certificate.install",
        permission=views.INSTALL,
        order=96,
    ),
)
sources.declare("backoffice.certificate", keyed="scope")
