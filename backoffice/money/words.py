"""Amounts in Portuguese words, as receipts and letters write them; pure, for any amount in reais."""

from decimal import Decimal

from backoffice.money.rules import CENT, Rounding, to_cents

_UNITS = (
    *("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez"),
    *("onze", "doze", "treze", "quatorze", "quinze", "dezesseis", "dezessete", "dezoito"),
    "dezenove",
)
_TENS = (
    *("", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta"),
    "noventa",
)
_HUNDREDS = (
    *("", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos"),
    *("setecentos", "oitocentos", "novecentos"),
)
# (one, many) for each group of three digits from the right
_SCALES = (
    ("", ""),
    ("mil", "mil"),
    ("milhão", "milhões"),
    ("bilhão", "bilhões"),
    ("trilhão", "trilhões"),
)
_MILLION = 10**6
LARGEST = 10 ** (3 * len(_SCALES)) - 1


def _below_thousand(number: int) -> str:
    """One group of digits, 1 to 999: ``cento e vinte e três``."""
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds]] if hundreds else []
    if rest >= len(_UNITS):
        words.append(_TENS[rest // 10])
        rest %= 10
    if rest:
        words.append(_UNITS[rest])
    return " e ".join(words)


def in_words(number: int) -> str:
    """A whole number: ``mil e duzentos``, ``dois mil trezentos e um``.

    Between groups stands no comma; ``e`` stands only before a last group that is below a hundred or
    a whole hundred.

    Args:
        number: From zero to ``LARGEST``.

    Raises:
        ValueError: It is negative or too large.
    """
    if not 0 <= number <= LARGEST:
        message = f"{number} cannot be written in words"
        raise ValueError(message)
    if number == 0:
        return _UNITS[0]
    groups = []
    for one, many in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            scale = one if group == 1 else many
            # "mil", never "um mil"
            counted = "" if (scale, group) == ("mil", 1) else _below_thousand(group)
            groups.append((group, f"{counted} {scale}".strip()))
    last, *others = groups
    if not others:
        return last[1]
    joint = " e " if last[0] < 100 or last[0] % 100 == 0 else " "
    return " ".join(words for _, words in reversed(others)) + joint + last[1]


def amount_in_words(amount: Decimal) -> str:
    """An amount in reais: ``mil e duzentos reais e um centavo``, ``um milhão de reais``.

    Less than one real names the cents alone; a negative amount begins with ``menos``.

    Args:
        amount: In whole cents.

    Raises:
        ValueError: It has fractions of a cent, or is too large.
    """
    if to_cents(amount, Rounding.DOWN) != amount:
        message = f"{amount} has fractions of a cent"
        raise ValueError(message)
    reais, cents = divmod(int(abs(amount) / CENT), 100)
    parts = []
    if reais or not cents:
        of = "de " if reais and reais % _MILLION == 0 else ""
        parts.append(f"{in_words(reais)} {of}{'real' if reais == 1 else 'reais'}")
    if cents:
        parts.append(f"{in_words(cents)} {'centavo' if cents == 1 else 'centavos'}")
    return ("menos " if amount < 0 else "") + " e ".join(parts)
