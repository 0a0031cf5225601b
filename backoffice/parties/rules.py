"""What parties can be to a company, and how they are reached."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.br import phone
from backoffice.errors import InvalidInput
from backoffice.parties.models import ContactKind

# What a party can be to a company; employees are kept by the area of people.
ROLES: dict[str, str | Promise] = {
    "supplier": _("Supplier"),
    "customer": _("Customer"),
    "carrier": _("Carrier"),
    "landlord": _("Landlord"),
    "accountant": _("Accountant"),
    "partner": _("Partner"),
    "union": _("Trade union"),
    "authority": _("Authority"),
}


def clean_contact(value: str) -> tuple[str, str]:
    """The kind of a contact and its value as it is kept.

    Raises:
        InvalidInput: ``bad_contact``: neither an e-mail address nor a Brazilian phone number.
    """
    typed = value.strip()
    if "@" in typed:
        try:
            validate_email(typed)
        except ValidationError as error:
            message = _("This is neither an e-mail address nor a phone number.")
            raise InvalidInput("bad_contact", message, fields={"value": message}) from error
        return ContactKind.EMAIL, typed.lower()
    try:
        return ContactKind.PHONE, phone.validate(typed)
    except InvalidInput as error:
        message = _("This is neither an e-mail address nor a phone number.")
        raise InvalidInput("bad_contact", message, fields={"value": message}) from error
