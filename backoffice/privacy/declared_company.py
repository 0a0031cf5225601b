"""What is said of the company, the law and the machinery: nobody in person, except who did something."""

from backoffice.privacy import uses
from backoffice.privacy.registry import declare, number

USER = "backoffice.User"

declare(
    "backoffice.Company",
    plain="cnpj legal_name trade_name tax_regime time_zone allows_self_approval opening_views",
)
declare(
    "backoffice.Branch",
    plain="code name closed_on cnpj address municipality state state_registration",
)
declare("backoffice.Department", plain="code name closed_on")
declare("backoffice.CostCenter", plain="code name closed_on")
declare(
    "backoffice.WorkCalendar",
    plain="code name time_zone state municipality carnival holidays standard",
)
declare("backoffice.WorkWindow", plain="opens closes weekday valid_from valid_to")
declare("backoffice.CalendarDay", plain="opens closes day name kind every_year")
declare(
    "backoffice.LocalHoliday",
    plain="name day month easter_offset act valid_from valid_to",
)
declare("backoffice.Municipality", plain="name state source label")
declare("backoffice.Bank", plain="ispb name source label")
declare("backoffice.NumberFormat", plain="company_id series pattern")
declare("backoffice.NumberCounter", plain="company_id series branch_id year last")
declare(
    "backoffice.LegalTable",
    leads=[number("entered_by_id", USER), number("verified_by_id", USER)],
    plain="kind valid_from valid_to confirmed_through known_from act source certainty payload"
    " replaced_on",
    trace=(uses.TRACE, "entered_by_id verified_by_id verified_by verified_on verified_at"),
)
declare(
    "backoffice.LegalTableConfirmation",
    leads=[number("by_id", USER)],
    plain="before through source",
    trace=(uses.TRACE, "by_id at"),
)
declare(
    "backoffice.Schedule", plain="duty every number minute shift time_zone state paused_at next_at"
)
declare(
    "backoffice.ScheduleRun",
    plain="due_at state attempts leased_until hinted_at started_at ended_at result",
)
declare("backoffice.WorkerBeat", plain="name queues at")
