"""Legal tables in the browser and over REST: entered, verified, confirmed, corrected; duties."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from backoffice.audit.models import Event
from backoffice.identity.models import User
from backoffice.law.models import LegalTable
from backoffice.law.selectors import missing_tables
from backoffice.legislation.duties import coming_duties
from backoffice.organization.models import Company
from tests.factories import identity, payroll, people

pytestmark = pytest.mark.django_db
BASE = "/backoffice/legal-tables/"
API = "/api/v1/backoffice/legal-tables/"
JANUARY = "?competence=2026-12&paid=2027-01-07"
PAID = dt.date(2027, 1, 7)
WAITING = ("irrf_monthly", "irrf_dependant", "irrf_simplified", "irrf_reduction")
WAGE = {
    "kind": "minimum_wage",
    "valid_from": "01/01/2027",
    "valid_to": "",
    "confirmed_through": "31/12/2027",
    "act": "Decreto de teste",
    "source": "Diário Oficial",
    "certainty": "official",
    "payload-kind": "minimum_wage",
    "payload-amount": "1.700,00",
}


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def company() -> Company:
    return people.make_company()


def somebody(company: Company, role: str = "hr_manager") -> tuple[User, Client]:
    user = identity.make_user(company, role)
    User.objects.filter(pk=user.pk).update(language="en")
    return user, identity.browser(user, company)


def wage(**over: str) -> dict[str, str]:
    return {**WAGE, "known_from": f"{timezone.localdate():%d/%m/%Y}", **over}


def drafted(client: Client, **over: str) -> LegalTable:
    answer = client.post(f"{BASE}new/", wage(**over))
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return LegalTable.objects.get(valid_from="2027-01-01")


def test_a_table_is_typed_as_amounts_and_verified_by_another_person(company: Company) -> None:
    first, browser = somebody(company, "hr_analyst")
    row = drafted(browser)
    assert (row.payload, row.entered_by_id) == ({"amount": "1700.00"}, first.pk)
    manager, other = somebody(company)
    page = other.get(f"{BASE}{row.pk}/").content.decode()
    assert "R$\xa01.700,00" in page
    assert first.name in page
    assert other.post(f"{BASE}{row.pk}/do/verify/", {}).status_code == 302
    row.refresh_from_db()
    assert (row.verified_by, row.verified_by_id) == (manager.name, manager.pk)


def test_who_entered_a_table_sees_why_they_cannot_verify_it_and_is_refused(
    company: Company,
) -> None:
    _user, browser = somebody(company)
    row = drafted(browser)
    page = browser.get(f"{BASE}{row.pk}/do/verify/").content.decode()
    assert "Who entered a table cannot verify it." in page
    answer = browser.post(f"{API}{row.pk}/verify/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_entry")
    row.refresh_from_db()
    assert row.verified_on is None


def test_the_tables_to_choose_from_lead_to_their_forms(company: Company) -> None:
    _user, browser = somebody(company)
    page = browser.get(f"{BASE}new/").content.decode()
    assert "?kind=irrf_monthly" in page
    assert "?kind=duty.fgts" in page
    form = browser.get(f"{BASE}new/?kind=irrf_monthly").content.decode()
    assert 'name="payload-0-up_to" id="id_payload-0-up_to" value="2.428,80"' in form
    assert 'name="payload-1-rate" id="id_payload-1-rate" value="7,5"' in form
    assert 'name="payload-7-rate"' in form  # blank rows to go on
    duty = browser.get(f"{BASE}new/?kind=duty").content.decode()
    assert 'name="payload-name"' in duty
    assert '<input type="hidden" name="kind"' not in duty


def test_slices_are_typed_in_per_cent_and_blank_rows_do_not_count(company: Company) -> None:
    _user, browser = somebody(company)
    slices = {"payload-kind": "inss", "kind": "inss"}
    typed = [("1.700,00", "7,5"), ("3000", "9%"), ("", ""), ("8.800,00", "14")]
    for number, (up_to, rate) in enumerate(typed):
        slices |= {f"payload-{number}-up_to": up_to, f"payload-{number}-rate": rate}
    given = {name: text for name, text in wage(**slices).items() if name != "payload-amount"}
    assert browser.post(f"{BASE}new/", given).status_code == 302
    assert LegalTable.objects.get(valid_from="2027-01-01").payload == {
        "slices": [
            {"up_to": "1700.00", "rate": "0.075"},
            {"up_to": "3000.00", "rate": "0.09"},
            {"up_to": "8800.00", "rate": "0.14"},
        ]
    }


def test_what_cannot_be_read_is_said_at_its_row_and_nothing_is_saved(company: Company) -> None:
    _user, browser = somebody(company)
    slices = {"payload-kind": "irrf_monthly", "kind": "irrf_monthly"}
    for number, texts in enumerate(
        [("2.000,00", "0", "0"), ("much", "75", "1"), ("", "27,5", "9")]
    ):
        for name, text in zip(("up_to", "rate", "deduct"), texts, strict=True):
            slices[f"payload-{number}-{name}"] = text
    answer = browser.post(f"{BASE}new/", wage(**slices))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Up to (row 2) must be a figure" in page
    assert 'value="much"' in page  # what was typed is still there
    assert not LegalTable.objects.filter(valid_from="2027-01-01").exists()


def test_a_new_duty_gets_a_code_of_its_name(company: Company) -> None:
    _user, browser = somebody(company)
    duty = {
        "kind": "ISS São Paulo",
        "payload-kind": "duty",
        "payload-name": "ISS",
        "payload-responsible": "finance",
        "payload-counts_from": "competence",
        "payload-months_after": "1",
        "payload-count": "day",
        "payload-day": "10",
        "payload-shift": "later",
    }
    given = {name: text for name, text in wage(**duty).items() if name != "payload-amount"}
    assert browser.post(f"{BASE}new/", given).status_code == 302
    row = LegalTable.objects.get(valid_from="2027-01-01")
    assert row.kind == "duty.iss_sao_paulo"
    assert (row.payload["saturday_counts"], row.payload["only_month"]) == (False, None)


def test_json_over_the_api_is_checked_as_strictly(company: Company) -> None:
    _user, browser = somebody(company)
    body = {
        "kind": "minimum_wage",
        "valid_from": "2027-01-01",
        "known_from": "2026-11-20",
        "act": "Decreto",
        "source": "DOU",
        "certainty": "official",
        "payload": {"amount": 1700},
    }
    answer = browser.post(API, body, content_type="application/json")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "#/payload"
    assert error["detail"] == 'Amount must be a figure in quotes, such as "0.075"; found 1700.'
    unknown = {**body, "kind": "nothing", "payload": {"amount": "1700.00"}}
    answer = browser.post(API, unknown, content_type="application/json")
    assert answer.json()["errors"][0]["pointer"] == "#/kind"


def test_a_draft_is_discarded_and_leaves_its_trace(company: Company) -> None:
    _user, browser = somebody(company)
    row = drafted(browser)
    answer = browser.post(f"{BASE}{row.pk}/do/discard/", {})
    assert (answer.status_code, answer.headers["Location"]) == (302, BASE)
    assert not LegalTable.objects.filter(pk=row.pk).exists()
    event = Event.objects.get(action="backoffice.legal_table.discarded")
    assert event.data["kind"] == "minimum_wage"


def test_a_correction_begins_with_the_figures_that_it_corrects(company: Company) -> None:
    _user, browser = somebody(company)
    row = LegalTable.objects.get(kind="minimum_wage", valid_from="2026-01-01")
    page = browser.get(f"{BASE}{row.pk}/do/correct/").content.decode()
    assert 'value="1.621,00"' in page
    given = {k: v for k, v in wage().items() if k not in {"kind", "valid_from"}}
    answer = browser.post(f"{BASE}{row.pk}/do/correct/", given)
    draft = LegalTable.objects.get(corrects=row)
    assert answer.headers["Location"] == f"{BASE}{draft.pk}/"
    assert draft.payload == {"amount": "1700.00"}
    page = browser.get(f"{BASE}{row.pk}/").content.decode()
    assert "A correction of this table waits already." in page


# --- December paid in January ---------------------------------------------------------------------


def test_a_blocked_payroll_leads_to_the_page_that_unblocks_it(company: Company) -> None:
    people.hire(company)
    run = payroll.open_run(company)
    type(run).objects.filter(pk=run.pk).update(payment_date=PAID)
    _user, manager = somebody(company)
    board = manager.get(f"/hr/payroll-runs/{run.pk}/").content.decode()
    address = f"{BASE}missing/?competence=2026-10&amp;paid=2027-01-07&amp;next=%2Fhr%2Fpayroll-runs"
    assert board.count(address) == len(WAITING)

    page = f"{BASE}missing/?competence=2026-10&paid=2027-01-07&next=/hr/payroll-runs/{run.pk}/"
    shown = manager.get(page)
    assert [gap.missing.kind for gap in shown.context["gaps"]] == list(WAITING)
    chosen = shown.context["form"].initial["tables"]
    effect = manager.get(
        f"{BASE}effect/",
        {"tables": chosen, "through": "31/01/2027"},
        headers={"HX-Request": "true"},
    )
    assert "Can be computed then" in effect.content.decode()
    assert Event.objects.filter(action__startswith="backoffice.legal_table").count() == 0

    answer = manager.post(
        page, {"tables": chosen, "through": "31/01/2027", "source": "DOU de 30/12/2026"}
    )
    assert answer.headers["Location"] == f"/hr/payroll-runs/{run.pk}/"
    assert missing_tables(PAID, WAITING) == ()
    board = manager.get(f"/hr/payroll-runs/{run.pk}/").content.decode()
    assert "legal-tables/missing" not in board


def test_all_chosen_tables_are_confirmed_or_none(company: Company) -> None:
    _user, manager = somebody(company)
    page = f"{BASE}missing/{JANUARY}"
    chosen = manager.get(page).context["form"].initial["tables"]
    for given in (
        {"tables": chosen, "through": "31/12/2026", "source": "DOU"},  # not later
        {"tables": [*chosen, "1"], "through": "31/01/2027", "source": "DOU"},  # not one of them
        {"tables": chosen, "through": "31/01/2027", "source": ""},
    ):
        answer = manager.post(page, given)
        assert answer.status_code == 422, given
    assert len(missing_tables(PAID, WAITING)) == len(WAITING)
    assert not Event.objects.filter(action="backoffice.legal_table.confirmed").exists()


def test_who_may_not_confirm_reads_whom_to_ask(company: Company) -> None:
    manager, _browser = somebody(company)
    _user, analyst = somebody(company, "hr_analyst")
    page = analyst.get(f"{BASE}missing/{JANUARY}").content.decode()
    assert manager.name in page
    assert "?kind=irrf_monthly" in page  # may enter a new one
    assert '<form method="post" class="form"' not in page
    assert analyst.post(f"{BASE}missing/{JANUARY}", {}).status_code == 403


def test_a_waiting_draft_is_named_instead_of_the_old_table(company: Company) -> None:
    user, manager = somebody(company)
    old = LegalTable.objects.get(kind="irrf_dependant", valid_to=None)
    draft = LegalTable.objects.create(
        kind=old.kind,
        valid_from=dt.date(2027, 1, 1),
        known_from=dt.date(2026, 11, 1),
        act="Lei nova",
        source="DOU",
        certainty="official",
        payload={"amount": "200.00"},
        entered_by_id=user.pk,
    )
    gaps = manager.get(f"{BASE}missing/{JANUARY}").context["gaps"]
    assert [gap.draft for gap in gaps if gap.missing.kind == old.kind] == [draft]


def test_nothing_missing_is_said_and_foreign_ways_back_are_not_followed(company: Company) -> None:
    _user, manager = somebody(company)
    page = manager.get(
        f"{BASE}missing/?competence=2026-10&paid=2026-11-06&next=https://evil.example"
    )
    assert "Nothing is missing." in page.content.decode()
    assert page.context["back_url"] == ""
    nonsense = manager.get(f"{BASE}missing/?competence=x&paid=y&next=//evil.example")
    assert (nonsense.status_code, nonsense.context["back_url"]) == (200, "")


def test_the_effect_of_nothing_chosen_asks_for_a_choice(company: Company) -> None:
    _user, manager = somebody(company)
    for query in ("", "?tables=x&through=31/01/2027", "?tables=1&through=tomorrow"):
        assert "Choose tables and a day" in manager.get(f"{BASE}effect/{query}").content.decode()


def test_the_effect_of_a_draft_is_shown_and_given_over_the_api(company: Company) -> None:
    people.hire(company)
    payroll.computed_run(company)
    _user, browser = somebody(company)
    old = LegalTable.objects.get(kind="inss", valid_from="2026-01-01")
    draft = LegalTable.objects.create(
        kind="inss",
        valid_from=old.valid_from,
        known_from=dt.date(2026, 11, 1),
        act="Retificação",
        source="DOU",
        certainty="official",
        payload={"slices": [{"up_to": "8475.55", "rate": "0.1"}]},
        corrects=old,
    )
    page = browser.get(f"{BASE}{draft.pk}/effect/")
    assert "Has to be computed again." in page.content.decode()
    summary = browser.get(f"{BASE}{draft.pk}/do/verify/").content.decode()
    assert "1 item changes in 1 documents" in summary
    (effect,) = browser.get(f"{API}{draft.pk}/effect/").json()["results"]
    assert (effect["count"], effect["total"]) == (1, 1)
    assert {amount["label"] for amount in effect["amounts"]} >= {"Net pay", "INSS"}
    assert browser.get(f"{BASE}{old.pk}/effect/").status_code == 404  # verified already
    assert browser.get(f"{API}{old.pk}/effect/").status_code == 400  # through which day?
    assert browser.get(f"{API}{old.pk}/effect/?through=2027-12-31").json() == {"results": []}
    assert browser.get(f"{API}{old.pk}/effect/?to=1").json()["code"] == "unknown_parameter"


# --- duties ---------------------------------------------------------------------------------------


def test_the_coming_duties_name_day_person_work_and_rule(company: Company) -> None:
    people.hire(company)
    run = payroll.computed_run(company)
    user, _browser = somebody(company)
    access = identity.access(user, company)
    found = coming_duties(access, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert sorted((each.code, each.due.day) for each in found) == [
        ("dctfweb", 30),
        ("esocial", 13),
        ("fgts", 19),
        ("inss", 19),
        ("irrf", 19),
        ("salary", 6),
        ("thirteenth_first", 30),
    ]
    assert [each.due for each in found] == sorted(each.due for each in found)
    by_code = {each.code: each for each in found}
    salary, fgts, irrf = (by_code[code].work for code in ("salary", "fgts", "irrf"))
    assert salary is not None
    assert (salary.amount, salary.url) == (run.net, f"/hr/payroll-runs/{run.pk}/")
    assert fgts is not None
    assert fgts.amount == run.fgts
    assert irrf is None  # of payments made in October
    december = coming_duties(access, dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    paid_in_november = next(each.work for each in december if each.code == "irrf")
    assert paid_in_november is not None
    assert paid_in_november.amount == run.irrf
    assert by_code["dctfweb"].verified
    assert not by_code["fgts"].verified


def test_who_sees_no_payrolls_sees_duties_without_amounts(company: Company) -> None:
    people.hire(company)
    payroll.computed_run(company)
    user, browser = somebody(company, "administrator")
    access = identity.access(user, company)
    found = coming_duties(access, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert [each.work for each in found] == [None] * len(found)
    assert browser.get("/backoffice/duties/").status_code == 200


def test_duties_over_the_api_for_a_time(company: Company) -> None:
    _user, browser = somebody(company)
    address = "/api/v1/backoffice/duties/"
    rows = browser.get(f"{address}?from=2026-12-18&to=2026-12-18").json()["results"]
    assert {row["code"] for row in rows} == {"fgts", "inss", "irrf", "thirteenth_second"}
    assert {row["due"] for row in rows} == {"2026-12-18"}
    assert rows[0]["amount"] is None
    assert browser.get(address).status_code == 200
    for query in (
        "from=2026-12-18&to=2026-12-17",
        "from=x",
        "days=3",
        "from=2026-01-01&to=2030-01-01",
    ):
        assert browser.get(f"{address}?{query}").status_code == 400, query


def test_a_verified_rule_of_a_duty_takes_the_place_of_its_draft(company: Company) -> None:
    _user, browser = somebody(company)
    row = LegalTable.objects.get(kind="duty.fgts")
    assert browser.post(f"{BASE}{row.pk}/do/verify/", {}).status_code == 302
    rows = browser.get("/api/v1/backoffice/duties/?from=2026-12-18&to=2026-12-18").json()
    assert [each["verified"] for each in rows["results"] if each["code"] == "fgts"] == [True]


def test_my_day_names_the_next_duties_and_the_tables_to_confirm(company: Company) -> None:
    _user, manager = somebody(company)
    page = manager.get("/").content.decode()
    assert "Next duties" in page
    _other, employee = somebody(company, "employee")
    assert "Next duties" not in employee.get("/").content.decode()
