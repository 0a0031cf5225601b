"""How the request of a data subject moves."""

from django.utils.translation import gettext_lazy as _

from backoffice.privacy.models import RequestState
from backoffice.work.rules import Clock, Phase, Process, State, Step

PROCESS = "backoffice.person_request"
ANSWER = "backoffice.person_request.answer"
OPEN = frozenset({RequestState.RECEIVED.value})

REQUESTS = Process(
    key=PROCESS,
    label=_("Requests of data subjects"),
    model="backoffice.PersonRequest",
    states=(
        State(
            key="received",
            label=RequestState.RECEIVED.label,
            phase=Phase.RECEPTION,
            clock=Clock.RUN,
            initial=True,
            colour="warning",
        ),
        State(
            key="answered",
            label=RequestState.ANSWERED.label,
            phase=Phase.REPORTING,
            clock=Clock.STOP,
            done=True,
            closed=True,
            colour="success",
        ),
        State(
            key="refused",
            label=RequestState.REFUSED.label,
            phase=Phase.REPORTING,
            clock=Clock.STOP,
            closed=True,
            colour="neutral",
        ),
    ),
    steps=(
        Step(
            action="answer", label=_("Answer"), sources=OPEN, target="answered", permission=ANSWER
        ),
        Step(
            action="refuse",
            label=_("Refuse"),
            sources=OPEN,
            target="refused",
            permission=ANSWER,
            needs_reason=True,
        ),
    ),
)
