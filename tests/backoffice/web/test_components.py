"""The tags of ``{% load components %}``: what they write, and what they refuse."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError

from backoffice.web import parts
from backoffice.web.icons import UnknownIcon, icon


def render(source: str, **given: object) -> str:
    return Template("{% load components %}" + source).render(Context(given))


@dataclass
class Stage:
    label: str
    colour: str


def test_a_state_is_a_dot_and_a_word_never_colour_alone() -> None:
    assert parts.state(Stage("Aprovada", "green")) == (
        '<span class="state tone-success"><span class="state-dot"></span>Aprovada</span>'
    )
    assert parts.state("Aberta", tone="info") == (
        '<span class="state tone-info"><span class="state-dot"></span>Aberta</span>'
    )
    assert "tone-neutral" in parts.state({"label": "Rascunho"})


@pytest.mark.parametrize(
    ("name", "tone"),
    [
        ("green", "success"),
        ("amber", "warning"),
        ("RED", "danger"),
        ("", "neutral"),
        (None, "neutral"),
    ],
)
def test_colours_are_other_names_of_tones(name: str | None, tone: str) -> None:
    assert parts.tone_of(name) == tone


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="turquoise"):
        parts.tone_of("turquoise")


def test_words_of_people_are_escaped_everywhere() -> None:
    evil = "<b>&"
    safe = "&lt;b&gt;&amp;"
    assert safe in parts.badge(evil)
    assert safe in parts.state(evil)
    assert safe in parts.copy(evil)
    assert safe in render("{% fact x x %}", x=evil)
    assert safe in render("{% panel x %}{{ x }}{% endpanel %}", x=evil)
    assert evil not in render(
        "{% empty_state x x %}{% notice 'info' title=x %}{{ x }}{% endnotice %}", x=evil
    )


def test_a_counter_stops_at_ten_thousand() -> None:
    assert "10.000</data>+" in parts.count(10_001)
    assert "+" not in parts.count(10_000)
    assert parts.count(None) == ""
    assert "0</data>" in parts.count(0)


def test_an_icon_is_decoration_until_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="Pronto"' in icon("check", "Pronto")


@pytest.mark.parametrize("name", ["no-such-icon", "../../settings/base", ""])
def test_an_icon_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UnknownIcon):
        icon(name)


def test_a_fact_without_a_value_says_so_and_one_with_a_reason_links_to_it() -> None:
    assert "Not informed" in render("{% fact 'PIS' '' %}") or "Não informado" in render(
        "{% fact 'PIS' '' %}"
    )
    assert 'class="why-mark" href="/why/"' in render(
        "{% fact 'INSS' v|money why='/why/' %}", v=Decimal(1)
    )
    assert "data-drawer" in parts.why("/why/")


def test_a_disabled_button_says_why_and_leads_nowhere() -> None:
    html = render("{% action 'Fechar' '/do/' disabled_reason='Há um erro.' %}")
    assert 'aria-disabled="true" aria-describedby="reason-fechar"' in html
    assert 'id="reason-fechar">Há um erro.' in html
    assert "/do/" not in html


def test_a_button_that_changes_something_is_a_form_with_token_and_key() -> None:
    html = render("{% action 'Aprovar' '/do/' method='post' confirm='Certo?' %}", csrf_token="abc")
    assert '<form method="post" action="/do/"' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert 'name="idempotency_key" value="' in html
    assert 'data-confirm="Certo?"' in html


def test_an_option_that_no_button_has_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="colour"):
        render("{% action 'Aprovar' '/' colour='red' %}")


def test_progress_is_never_complete_before_everything_is_done() -> None:
    assert 'aria-valuenow="99"' in render("{% progress 999 1000 %}")
    assert 'aria-valuenow="100"' in render("{% progress 990 1000 failed=10 %}")
    assert 'aria-valuenow="0"' in render("{% progress 0 0 %}")
    assert 'width="99.00%"' in render("{% progress 990 1000 failed=10 %}")
    assert 'x="99.00%" width="1.00%"' in render("{% progress 990 1000 failed=10 %}")


def test_the_step_bar_marks_where_the_document_stands() -> None:
    steps = [{"label": "Recepção", "status": "done"}, {"label": "Execução", "status": "current"}]
    html = render("{% step_bar steps %}", steps=steps)
    assert html.count('aria-current="step"') == 1
    assert html.index("step-done") < html.index('class="step step-current" aria-current="step"')


def test_the_timeline_shows_each_change_before_and_after() -> None:
    entry = {
        "at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        "actor": "Marina",
        "title": "Alterou",
        "changes": [("Salário", "1", "2")],
    }
    html = render("{% timeline entries %}", entries=[entry])
    assert "<dt>Salário</dt>" in html
    assert "1</del>" in html
    assert "2</ins>" in html


def test_a_missing_page_is_not_a_link() -> None:
    html = render("{% pager '' '/?after=9' text='50' %}")
    assert 'rel="next" href="/?after=9"' in html
    assert 'rel="prev"' not in html


def test_a_filter_is_taken_away_by_its_own_link() -> None:
    html = render(
        "{% filter_chips chips clear_url='/x/' target='#list' %}",
        chips=[{"label": "Filial", "value": "Santos", "remove_url": "/x/?a=1"}],
    )
    assert 'href="/x/?a=1" hx-get="/x/?a=1" hx-target="#list"' in html
    assert not render("{% filter_chips chips clear_url='/x/' %}", chips=[]).strip()


def test_two_buttons_of_one_page_never_share_an_idempotency_key() -> None:
    assert parts.idempotency_key() != parts.idempotency_key()
    assert 'value="given"' in parts.idempotency_key("given")


def test_content_can_be_kept_for_later_and_stays_html() -> None:
    assert (
        render("{% capture as x %} <b>{{ t }}</b> {% endcapture %}[{{ x }}]", t="<")
        == "[<b>&lt;</b>]"
    )


def test_there_is_no_demo_bar_outside_a_demonstration() -> None:
    assert render("{% demo_bar %}") == ""
