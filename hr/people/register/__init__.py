"""The objects of people, as the generic pages, the API and the conformance tests know them."""

from django.utils.translation import gettext_lazy as _

from backoffice.directory.registry import KEEPS, register_links
from backoffice.expiry.registry import register as register_expiry
from backoffice.home.guided import register as register_tasks
from backoffice.home.setup import register as register_steps
from backoffice.letters.catalogue import register as register_letters
from backoffice.notifications.registry import register as tell_of
from backoffice.resources import registry
from backoffice.resources.records import Area
from backoffice.search import sources
from backoffice.web.guidance import register as register_help
from backoffice.web.home import register as register_on_home
from hr.people.listing import EmployeeListing
from hr.people.models import ContractTerms, Dependent, LateFact, Occupation
from hr.people.register import personal
from hr.people.register.contracts import CONTRACT
from hr.people.register.employees import EMPLOYEE
from hr.people.register.guidance import HELP
from hr.people.register.home import PEOPLE
from hr.people.register.jobs import JOB_TITLE, SALARY_FLOOR
from hr.people.register.letters import EMPLOYEE_LETTERS
from hr.people.register.links import EMPLOYEES, keeps_employee
from hr.people.register.notices import LATE_FACT
from hr.people.register.steps import EMPLOYEES as FIRST_EMPLOYEES
from hr.people.register.training import TASKS
from hr.people.register.trials import TRIAL

__all__ = ["personal"]  # imported for what it declares

registry.register_area(Area(code="hr", label=_("People"), icon="users", order=10))
tell_of(LATE_FACT)
register_expiry(TRIAL)
registry.register(EMPLOYEE, CONTRACT, JOB_TITLE, SALARY_FLOOR)
registry.internal("Parts of an employee, shown on its page.", ContractTerms, Dependent)
registry.internal("What the list of employees sorts and joins by.", EmployeeListing)
registry.internal("A flag shown on the contract and on the payroll run.", LateFact)
registry.internal("The public list of occupations, kept in the Django admin.", Occupation)
register_help(*HELP)
register_steps(FIRST_EMPLOYEES)
register_on_home(PEOPLE)
register_tasks(*TASKS)
register_links(EMPLOYEES)
KEEPS.provide(keeps_employee)
sources.declare("hr.employee", keyed="scope", hint=("registration",), person=True)
sources.declare("hr.contract", keyed="scope", title=("employee",), hint=("registration",))
sources.declare("hr.job_title", keyed="company")
sources.declare("hr.salary_floor", keyed="company")
register_letters(EMPLOYEE_LETTERS)
