"""Which column is which field: guessed from headings, in Portuguese and English."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils import translation

from backoffice.exchange.importers import Importer, plain
from backoffice.identity.rules import Access
from backoffice.resources.forms import make_form

WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("nome", "nome completo", "razão social", "descrição", "funcionário", "colaborador"),
    "code": ("código", "cód", "code", "sigla"),
    "cpf": ("cpf", "cpf do funcionário", "documento"),
    "tax_id": ("cpf/cnpj", "cnpj", "cpf", "cnpj/cpf", "documento", "tax id"),
    "social_name": ("nome social", "nome fantasia", "apelido", "trade name"),
    "birth_date": ("nascimento", "data nasc", "data nascimento", "dt nasc", "birthday", "born"),
    "admitted_on": ("admissão", "data admissão", "dt admissão", "hire date", "admission date"),
    "salary": ("salário", "salário base", "remuneração", "salary", "wage"),
    "weekly_hours": ("horas", "jornada", "carga horária", "horas semanais", "hours"),
    "job_title": ("cargo", "função", "job", "position", "title"),
    "department": ("departamento", "setor", "área", "depto"),
    "branch": ("filial", "unidade", "estabelecimento", "loja"),
    "cost_center": ("centro de custo", "cc", "cost center"),
    "manager": ("gestor", "chefe", "líder", "gerente"),
    "registration": ("matrícula", "registro", "chapa", "registration"),
    "parent": ("superior", "departamento pai", "acima", "parent"),
    "role": ("papel", "tipo", "role"),
    "valid_from": ("desde", "início", "vigência", "from", "since"),
    "postal_code": ("cep", "zip", "postal code"),
    "street": ("rua", "logradouro", "endereço", "address"),
    "street_number": ("número", "nº", "numero"),
    "address_extra": ("complemento",),
    "district": ("bairro",),
    "municipality": ("cidade", "município", "city"),
    "state": ("uf", "estado", "state"),
    "email": ("e-mail", "email", "correio eletrônico"),
    "phone": ("telefone", "celular", "fone", "whatsapp"),
    "sex": ("sexo", "gênero", "gender"),
    "marital_status": ("estado civil", "marital status"),
    "mother_name": ("mãe", "nome da mãe", "mother"),
    "identity_card": ("rg", "identidade"),
    "pis": ("pis", "pis/pasep", "nis", "nit"),
    "bank_code": ("banco", "bank"),
    "agency": ("agência", "branch number"),
    "account": ("conta", "conta corrente", "account"),
    "pix_key": ("pix", "chave pix"),
}


def fields_of(importer: Importer, access: Access) -> dict[str, forms.Field]:
    """What the columns of a file can be, in the order of the form."""
    form = make_form(importer.create, access, None)
    return {name: f for name, f in form.fields.items() if name not in importer.leave_out}


def guess(
    importer: Importer, access: Access, headings: Iterable[str], saved: Mapping[str, str]
) -> dict[int, str]:
    """Number of a column -> field: what the company said last time, else what the heading says.

    No field is filled by two columns; the first one that fits has it.
    """
    fields = fields_of(importer, access)
    known = words(importer, fields)
    found: dict[int, str] = {}
    for number, heading in enumerate(headings):
        wanted = saved.get(plain(heading)) or known.get(plain(heading), "")
        if wanted in fields and wanted not in found.values():
            found[number] = wanted
    return found


def words(importer: Importer, fields: Mapping[str, forms.Field]) -> dict[str, str]:
    """Every heading that is understood -> its field; earlier fields win."""
    found: dict[str, str] = {}
    for name, field in fields.items():
        labels = [name, name.replace("_", " ")]
        for language in ("pt-br", "en"):
            with translation.override(language):
                labels.append(str(field.label or name))
        for word in (*labels, *importer.headings.get(name, ())):
            found.setdefault(plain(word), name)
    for name in fields:
        for word in WORDS.get(name, ()):
            found.setdefault(plain(word), name)
    return found
