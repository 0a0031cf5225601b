"""Forms as HTML: labels, descriptions, errors at once with links, groups."""

from typing import ClassVar

from django import forms
from django.utils import translation

from backoffice.web.fields import CpfField


class PersonForm(forms.Form):
    name = forms.CharField(label="Nome")
    cpf = CpfField(label="CPF", help_text="Só números.")
    kind = forms.ChoiceField(label="Tipo", choices=[("a", "A")], widget=forms.RadioSelect)
    note = forms.CharField(label="Nota", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="Aceito", required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)


class GroupedForm(PersonForm):
    groups: ClassVar = (("Pessoa", ("name", "cpf")), ("Outros", ("kind", "note", "agreed")))


def test_help_and_error_describe_their_control() -> None:
    html = str(PersonForm({"name": "x", "cpf": "123"})["cpf"].as_field_group())
    assert 'aria-describedby="id_cpf_helptext id_cpf_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_cpf_helptext">Só números.' in html
    assert 'id="id_cpf_error"' in html
    assert 'class="form-control control-code has-error"' in html


def test_every_error_stands_at_the_top_with_a_link_to_its_field() -> None:
    form = PersonForm({"cpf": "123"})
    form.add_error(None, "Nada disso.")
    with translation.override("en"):
        html = str(form)
    summary = html[: html.index('data-field="name"')]
    assert '<a href="#id_name">Nome</a>: This field is required.' in summary
    assert '<a href="#id_cpf">CPF</a>:' in summary
    assert "<li>Nada disso.</li>" in summary
    assert 'role="alert" tabindex="-1" data-focus' in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(PersonForm())


def test_what_is_optional_says_so_and_what_is_required_does_not() -> None:
    form = PersonForm()
    with translation.override("en"):
        assert "optional" in str(form["note"].as_field_group())
        assert "optional" not in str(form["name"].as_field_group())


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = str(PersonForm()["kind"].as_field_group())
    assert html.startswith("<fieldset")
    assert '<legend class="field-label">Tipo</legend>' in html


def test_the_label_of_a_checkbox_stands_after_it() -> None:
    html = str(PersonForm()["agreed"].as_field_group())
    assert html.index('type="checkbox"') < html.index('<label class="field-label" for="id_agreed">')


def test_groups_are_headings_in_their_order_and_hidden_fields_come_along() -> None:
    html = str(GroupedForm())
    assert html.index("<legend>Pessoa</legend>") < html.index('name="cpf"')
    assert html.index('name="cpf"') < html.index("<legend>Outros</legend>")
    assert html.count('name="name"') == 1
    assert 'type="hidden" name="version"' in html


def test_what_people_typed_is_escaped() -> None:
    html = str(PersonForm({"name": '"><script>', "cpf": "<b>"}))
    assert "<script>" not in html
    assert "<b>" not in html
