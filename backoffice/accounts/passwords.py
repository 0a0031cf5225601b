"""Words that everybody here would guess first, and so no password may be made of."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backoffice.identity.models import User
from backoffice.organization.models import Company

PRODUCT = "retaguarda"
LEAST_WORD = 4
LEAST_REST = 8


class NamesOfThePlace:
    """Refuses what is little more than the name of the product or of a company."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Take the names out and look what is left.

        Raises:
            ValidationError: Fewer than eight letters or digits.
        """
        rest = _plain(password)
        for word in sorted(_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != _plain(password) and len(rest) < LEAST_REST:
            message = _("The password is little more than the name of the product or the company.")
            raise ValidationError(message, code="password_is_a_name")

    def get_help_text(self) -> str:
        """What people read beside the field."""
        return _("Not the name of the product or of the company.")


def _words() -> set[str]:
    names = Company.objects.values_list("trade_name", "legal_name")
    words = {_plain(word) for pair in names for name in pair for word in name.split()}
    return {PRODUCT, *(word for word in words if len(word) >= LEAST_WORD)}


def _plain(text: str) -> str:
    """Letters and digits alone, small and without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", apart)
