"""Valid but invented numbers: CPF, CNPJ, PIS."""


def cpf(number: int) -> str:
    """A CPF with right check digits from its first nine digits."""
    digits = [int(c) for c in f"{number:09d}"]
    for length in (10, 11):
        total = sum(d * w for d, w in zip(digits, range(length, 1, -1), strict=True))
        digits.append(0 if total % 11 < 2 else 11 - total % 11)
    return "".join(map(str, digits))


def cnpj(root: int, order: int = 1) -> str:
    """A CNPJ with right check digits from its root of eight digits and its order number."""
    digits = [int(c) for c in f"{root:08d}{order:04d}"]
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        total = sum(d * w for d, w in zip(digits, weights, strict=True))
        digits.append(0 if total % 11 < 2 else 11 - total % 11)
    return "".join(map(str, digits))


def pis(number: int) -> str:
    """A PIS with its right check digit from its first ten digits."""
    digits = [int(c) for c in f"{number:010d}"]
    rest = 11 - sum(d * w for d, w in zip(digits, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return "".join(map(str, digits)) + str(0 if rest > 9 else rest)
