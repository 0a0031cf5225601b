"""What is kept about the people who work here, field by field."""

from backoffice.privacy import uses
from backoffice.privacy.registry import declare

declare(
    "hr.Employee",
    about="party",
    plain="version",
    register=(uses.REGISTRATION, "sex marital_status mother_name identity_card pis"),
    contact=(
        uses.CONTACT,
        "postal_code street street_number address_extra district municipality state",
    ),
)
declare("hr.EmployeeListing", about="employee__party", register=(uses.REGISTRATION, "sort_name"))
declare(
    "hr.Dependent",
    about="employee__party",
    dependants=(
        uses.DEPENDANTS,
        "cpf name birth_date kinship for_irrf for_family_allowance valid_from valid_to",
    ),
    health=(uses.HEALTH, "disabled"),
)
declare(
    "hr.EmploymentContract",
    about="employee__party",
    register=(
        uses.REGISTRATION,
        "registration category admitted_on ended_on trial_until trial_extended_until",
    ),
)
declare(
    "hr.ContractTerms",
    about="contract__employee__party",
    register=(uses.REGISTRATION, "weekly_hours reason valid_from valid_to"),
    pay=(uses.PAY, "salary"),
)
declare(
    "hr.LateFact",
    about="contract__employee__party",
    plain="event_id",
    pay=(uses.PAY, "kind first_month last_month recorded_at"),
)
declare("hr.JobTitle", plain="name active")
declare("hr.SalaryFloor", plain="amount act valid_from valid_to")
declare("hr.Occupation", plain="title source")
