"""Job titles and what they pay at least."""

from django.utils.translation import gettext_lazy as _

from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Resource,
    Table,
)
from backoffice.web import choices
from hr.people import forms, selectors
from hr.people.api import JobTitleSerializer, SalaryFloorSerializer
from hr.people.models import JobTitle, Occupation, SalaryFloor

choices.register(
    choices.OfficialList(
        name="occupations",
        rows=Occupation.objects.all,
        code="code",
        wording="title",
        read=choices.digits,
        show=lambda row: choices.Choice(row.code, str(row)),
    )
)

JOB_TITLE = Resource(
    name="hr.job_title",
    model=JobTitle,
    slug="job-titles",
    label=_("Job title"),
    label_plural=_("Job titles"),
    icon="briefcase",
    view_permission="hr.job_title.view",
    queryset=selectors.visible_job_titles,
    empty=_("What people are hired for, each with its CBO occupation."),
    title=lambda title: title.name,
    table=Table(
        columns=(
            Column(key="name", label=_("Name"), kind=Kind.LINK),
            Column(key="cbo", label=_("CBO"), source="occupation_id"),
            Column(key="occupation", label=_("Occupation"), source="occupation__title"),
        ),
        order="name",
        search=("name", "occupation__title", "occupation__code"),
    ),
    panels=(
        Facts(
            title=_("Job title"),
            facts=(
                Fact(key="name", label=_("Name")),
                Fact(key="cbo", label=_("CBO"), source="occupation_id"),
                Fact(key="occupation", label=_("Occupation"), source="occupation__title"),
            ),
        ),
    ),
    serializer=JobTitleSerializer,
    create=Command(
        name="hr.job_title.create",
        label=_("New job title"),
        icon="plus",
        form=forms.JobTitleForm,
        done=_("Job title created."),
    ),
    menu=Menu(order=40),
)

SALARY_FLOOR = Resource(
    name="hr.salary_floor",
    model=SalaryFloor,
    slug="salary-floors",
    label=_("Salary floor"),
    label_plural=_("Salary floors"),
    icon="scale",
    view_permission="hr.salary_floor.view",
    queryset=selectors.visible_floors,
    empty=_("Floors of collective agreements; a salary below them is refused."),
    title=lambda floor: floor.act,
    table=Table(
        columns=(
            Column(key="act", label=_("Source"), kind=Kind.LINK),
            Column(key="job_title", label=_("Job title"), source="job_title__name"),
            Column(key="amount", label=_("Amount"), kind=Kind.MONEY),
            Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
            Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
        ),
        order="-valid_from",
        search=("act", "job_title__name"),
    ),
    panels=(
        Facts(
            title=_("Salary floor"),
            facts=(
                Fact(key="act", label=_("Source")),
                Fact(key="job_title", label=_("Job title"), source="job_title__name"),
                Fact(key="amount", label=_("Amount"), kind=Kind.MONEY),
                Fact(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
                Fact(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
            ),
        ),
    ),
    serializer=SalaryFloorSerializer,
    create=Command(
        name="hr.salary_floor.create",
        label=_("New salary floor"),
        icon="plus",
        form=forms.SalaryFloorForm,
        done=_("Salary floor created."),
    ),
    menu=Menu(order=50),
)
