"""The uses of personal data in the kernel and the areas, and the terms that are proposed for them."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backoffice.privacy.registry import CountsFrom, Retention, Use
from backoffice.resources.records import DataClass

SINCE = dt.date(2026, 11, 1)

FIVE_AFTER_EMPLOYMENT = Retention(
    code="five_after_employment",
    counts_from=CountsFrom.EMPLOYMENT_END,
    months=60,
    source=_("CF art. 7, XXIX: claims up to 5 years back, until 2 years after the end"),
    valid_from=SINCE,
)
TEN_AFTER_EMPLOYMENT = Retention(
    code="ten_after_employment",
    counts_from=CountsFrom.EMPLOYMENT_END,
    months=120,
    source=_("Practice for proofs of INSS and payroll; sources disagree (5, 10 or 30 years)"),
    valid_from=SINCE,
)
REGISTER_OF_EMPLOYEES = Retention(
    code="register_of_employees",
    counts_from=CountsFrom.EMPLOYMENT_END,
    months=None,
    source=_("CLT art. 41: register of employees, kept for good as proof of service"),
    valid_from=SINCE,
)
TEN_AFTER_RELATION = Retention(
    code="ten_after_relation",
    counts_from=CountsFrom.RELATION_END,
    months=120,
    source=_("Código Civil, art. 205: ten years"),
    valid_from=SINCE,
)
FIVE_AFTER_ACCOUNT = Retention(
    code="five_after_account",
    counts_from=CountsFrom.ACCOUNT_END,
    months=60,
    source=_("Exercise of rights: who did what, while claims are possible"),
    valid_from=SINCE,
)
HALF_YEAR = Retention(
    code="half_year",
    counts_from=CountsFrom.WRITTEN,
    months=6,
    source=_("Marco Civil da Internet, art. 15: records of access for 6 months"),
    valid_from=SINCE,
)
FIVE_AFTER_WRITTEN = Retention(
    code="five_after_written",
    counts_from=CountsFrom.WRITTEN,
    months=60,
    source=_("Exercise of rights: what was done and said, while claims are possible"),
    valid_from=SINCE,
)

OBLIGATION = _("LGPD art. 7, II (legal obligation: CLT, eSocial)")
INTEREST = _("LGPD art. 7, VI and IX (exercise of rights, legitimate interest)")

REGISTRATION = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Registration of the employee"),
    basis=OBLIGATION,
    retention=REGISTER_OF_EMPLOYEES,
)
CONTACT = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Contact and registration"),
    basis=OBLIGATION,
    retention=FIVE_AFTER_EMPLOYMENT,
)
DEPENDANTS = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Deductions and allowances for dependants, children among them (LGPD art. 14)"),
    basis=OBLIGATION,
    retention=TEN_AFTER_EMPLOYMENT,
)
HEALTH = Use(
    data_class=DataClass.SENSITIVE,
    purpose=_("Allowance without limit of age for who cannot work"),
    basis=_("LGPD art. 11, II, a (legal obligation)"),
    retention=TEN_AFTER_EMPLOYMENT,
)
PAY = Use(
    data_class=DataClass.FINANCIAL,
    purpose=_("Pay, its taxes and contributions, and the proof of both"),
    basis=OBLIGATION,
    retention=TEN_AFTER_EMPLOYMENT,
)
BUSINESS = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Business with suppliers, customers and other parties"),
    basis=_("LGPD art. 7, V (contract) and II (legal obligation)"),
    retention=TEN_AFTER_RELATION,
)
PAYMENT = Use(
    data_class=DataClass.FINANCIAL,
    purpose=_("Payment to the right account"),
    basis=_("LGPD art. 7, V (contract) and II (legal obligation)"),
    retention=TEN_AFTER_RELATION,
)
ACCOUNT = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Account, login and settings"),
    basis=_("LGPD art. 7, V (contract)"),
    retention=FIVE_AFTER_ACCOUNT,
)
ACCESS = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Security of the login"),
    basis=INTEREST,
    retention=HALF_YEAR,
)
TRACE = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Who did what, when and why"),
    basis=INTEREST,
    retention=FIVE_AFTER_WRITTEN,
)
WORDS = Use(
    data_class=DataClass.PERSONAL,
    purpose=_("Work together: texts that name or quote people"),
    basis=INTEREST,
    retention=FIVE_AFTER_WRITTEN,
)
PAPERS = Use(
    data_class=DataClass.SENSITIVE,
    purpose=_("Documents of people, health certificates among them"),
    basis=_("LGPD art. 7, II, and art. 11, II, a (legal obligation)"),
    retention=TEN_AFTER_EMPLOYMENT,
)
