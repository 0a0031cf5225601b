"""Trials end by themselves: somebody must decide before."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.expiry.registry import Expiry, Renewal
from hr.people import selectors

TRIAL = Expiry(
    name="hr.trial",
    label=_("Contract on trial"),
    rows=selectors.trials,
    visible=selectors.visible_trials,
    ends="trial_ends",
    called=Concat(
        F("registration"),
        Value(" · "),
        Coalesce(NullIf("employee__party__social_name", Value("")), "employee__party__name"),
    ),
    url=lambda pk: reverse("hr.contract.detail", args=[pk]),
    warn=(15, 7, 2, 0),
    told="hr.contract.extend_trial",
    renew=Renewal(
        label=_("Extend the trial"),
        url=lambda pk: reverse("hr.contract.extend-trial", args=[pk]),
        permission="hr.contract.extend_trial",
    ),
)
