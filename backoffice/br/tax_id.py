"""The number of anybody with the Receita Federal: CPF of a person or CNPJ of a company."""

from django.utils.translation import gettext_lazy as _

from backoffice.br import cnpj, cpf, typed


def validate(text: str, field: str = "tax_id") -> str:
    """Read a CPF or a CNPJ in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The 11 digits of the CPF or the 14 characters of the CNPJ.

    Raises:
        InvalidInput: ``bad_tax_id`` if the length fits neither; else ``bad_cpf`` or ``bad_cnpj``.
    """
    person, company = cpf.normalise(text), cnpj.normalise(text)
    if cpf.is_valid(person):
        return person
    if cnpj.is_valid(company):
        return company
    if len(person) == cpf.LENGTH:
        return cpf.validate(text, field)
    if len(company) == cnpj.LENGTH:
        return cnpj.validate(text, field)
    raise typed.refusal("tax_id", field, _("Enter a CPF (11 digits) or a CNPJ (14 characters)."))


def format(tax_id: str) -> str:  # noqa: A001  the verb of this module
    """Write a bare CPF or CNPJ with its dots and dashes."""
    return cpf.format(tax_id) if len(tax_id) == cpf.LENGTH else cnpj.format(tax_id)
