"""Figures, dates and identifiers as HTML: one way to write each, everywhere in the product.

Every function here is also a template filter (``{{ amount|money }}``). Nothing given (None or an
empty text) becomes a quiet dash that a screen reader announces as such.
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as write_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backoffice.money import format_amount, format_brl

SECONDS_PER_WEEK = 7 * 24 * 3600
NBSP = "\N{NO-BREAK SPACE}"


def dash() -> SafeString:
    """What stands where nothing is recorded."""
    return format_html(
        '<span class="none" aria-hidden="true">–</span><span class="visually-hidden">{}</span>',
        _("Not informed"),
    )


def is_nothing(value: object) -> bool:
    """Whether there is nothing to show; zero and False are something."""
    return value is None or value == ""


def _figure(value: Decimal | int, text: str, *, kind: str) -> SafeString:
    sign = " negative" if value < 0 else ""
    return format_html('<data class="{}{}" value="{}">{}</data>', kind, sign, str(value), text)


def money(value: Decimal | int | None) -> SafeString:
    """An amount in reais with its sign and currency: ``R$ 1.234,56``."""
    if is_nothing(value):
        return dash()
    amount_ = Decimal(value or 0)
    return _figure(amount_, format_brl(amount_), kind="money")


def amount(value: Decimal | int | None) -> SafeString:
    """An amount in reais without the currency, for columns whose heading names it."""
    if is_nothing(value):
        return dash()
    amount_ = Decimal(value or 0)
    return _figure(amount_, format_amount(amount_), kind="money")


def quantity(value: Decimal | int | None) -> SafeString:
    """A quantity without trailing zeros: ``1.234,5``."""
    if is_nothing(value):
        return dash()
    number = Decimal(value or 0)
    return _figure(number, plain(number), kind="figure")


def rate(value: Decimal | None) -> SafeString:
    """A rate stored as a fraction (0.075) written in per cent: ``7,5%``."""
    if is_nothing(value):
        return dash()
    fraction = Decimal(value or 0)
    return _figure(fraction, f"{plain(fraction * 100)}%", kind="figure")


def integer(value: int | None) -> SafeString:
    """A count with thousands separated: ``1.234``."""
    if is_nothing(value):
        return dash()
    number = Decimal(value or 0)
    return _figure(number, format_amount(number, 0), kind="figure")


def plain(value: Decimal) -> str:
    """A number the Brazilian way, without trailing zeros: ``1.234,5``."""
    exact = format(value, "f")
    if "." in exact:
        exact = exact.rstrip("0").rstrip(".")
    decimals = len(exact.partition(".")[2])
    return format_amount(value, decimals)


def day(value: date | None) -> SafeString:
    """A date as ``dd/mm/yyyy``."""
    if not value:
        return dash()
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), write_date(value, "d/m/Y")
    )


def long_day(value: date) -> str:
    """A day in words: ``Sexta-feira, 20 de novembro``; Portuguese months begin with a small letter."""
    text = write_date(value, _("l, F j"))
    return capfirst(text.lower() if (get_language() or "").startswith("pt") else text)


def moment(value: datetime | None) -> SafeString:
    """A date and time of the active time zone as ``dd/mm/yyyy hh:mm``."""
    if not value:
        return dash()
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        write_date(local, "d/m/Y H:i"),
    )


def ago(value: datetime | None) -> SafeString:
    """How long ago, for about a week; then the date. The exact time stands in the title."""
    if not value:
        return dash()
    local = timezone.localtime(value)
    elapsed = (timezone.now() - value).total_seconds()
    exact = write_date(local, "d/m/Y H:i")
    if elapsed < 60:
        text = _("just now") if elapsed >= 0 else exact
    elif elapsed < SECONDS_PER_WEEK:
        text = _("%(time)s ago") % {"time": timesince(value, depth=1)}
    else:
        text = write_date(local, "d/m/Y")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), exact, text
    )


def competence(value: date | None) -> SafeString:
    """A month of competence, stored as its first day, as ``mm/yyyy``."""
    if not value:
        return dash()
    return format_html(
        '<time class="competence" datetime="{}">{}</time>',
        write_date(value, "Y-m"),
        write_date(value, "m/Y"),
    )


def _identifier(text: str) -> SafeString:
    return format_html('<span class="identifier">{}</span>', text)


def cpf(value: str | None) -> SafeString:
    """A CPF with its mask: ``123.456.789-09``; anything of another length as it is."""
    if not value:
        return dash()
    return _identifier(_cpf_text(value))


def _cpf_text(value: str) -> str:
    if len(value) != 11:
        return value
    return f"{value[:3]}.{value[3:6]}.{value[6:9]}-{value[9:]}"


def masked_cpf(value: str | None) -> SafeString:
    """A CPF with its ends hidden (``***.456.789-**``): enough to tell people apart in a list."""
    if not value:
        return dash()
    if len(value) != 11:
        return _identifier("***")
    return _identifier(f"***.{value[3:6]}.{value[6:9]}-**")


def cnpj(value: str | None) -> SafeString:
    """A CNPJ, also one with letters, with its mask: ``12.ABC.345/01DE-35``."""
    if not value:
        return dash()
    return _identifier(_cnpj_text(value))


def _cnpj_text(value: str) -> str:
    if len(value) != 14:
        return value
    return f"{value[:2]}.{value[2:5]}.{value[5:8]}/{value[8:12]}-{value[12:]}"


def tax_id(value: str | None) -> SafeString:
    """A CPF (11 characters) or CNPJ (14), told apart by length."""
    return cpf(value) if value and len(value) == 11 else cnpj(value)


def phone(value: str | None) -> SafeString:
    """A Brazilian phone, stored as E.164 or digits: ``(11) 91234-5678``; foreign ones as stored."""
    if not value:
        return dash()
    digits = value.removeprefix("+55")
    if len(digits) not in {10, 11} or not digits.isdigit():
        return _identifier(value)
    return _identifier(f"({digits[:2]}){NBSP}{digits[2:-4]}-{digits[-4:]}")


def cep(value: str | None) -> SafeString:
    """A Brazilian postal code: ``01310-100``."""
    if not value:
        return dash()
    return _identifier(f"{value[:5]}-{value[5:]}" if len(value) == 8 else value)


def yes_no(value: bool | None) -> SafeString:  # noqa: FBT001  a filter takes what it is given
    """Yes, No, or a dash when nobody said."""
    if value is None:
        return dash()
    return mark_safe(_("Yes") if value else _("No"))  # noqa: S308  own words, from the catalogue


def or_dash(value: object) -> object:
    """The value itself, or the dash when there is none."""
    return dash() if is_nothing(value) else value


FILTERS = (
    money, amount, quantity, rate, integer, day, long_day, moment, ago, competence,
    cpf, masked_cpf, cnpj, tax_id, phone, cep, yes_no, or_dash,
)  # fmt: skip
