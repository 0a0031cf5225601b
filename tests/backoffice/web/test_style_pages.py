"""The components page is complete: no component of ours that it does not show."""

from pathlib import Path

from django.test import Client, override_settings

from backoffice.web.style import PAGES

COMPONENTS = Path("templates/components")


@override_settings(ROOT_URLCONF="tests.backoffice.web.style_urls")
def test_every_component_is_shown() -> None:
    shown: set[str] = set()
    for page in PAGES:
        answer = Client().get("/style/", {"page": page})
        assert answer.status_code == 200, page
        shown.update(template.name for template in answer.templates if template.name)
    missing = {f"components/{path.name}" for path in COMPONENTS.glob("*.html")} - shown
    assert missing == set()


@override_settings(ROOT_URLCONF="tests.backoffice.web.style_urls")
def test_the_states_page_holds_each_state() -> None:
    html = Client().get("/style/", {"page": "states"}).content.decode()
    for mark in ("data-sample-focus", 'aria-disabled="true"', "disabled", 'aria-busy="true"'):
        assert mark in html, mark
    assert html.count("is-invalid") + html.count("error-summary") >= 1
    assert 'aria-valuenow="0"' in html
    assert 'aria-valuenow="100"' in html
