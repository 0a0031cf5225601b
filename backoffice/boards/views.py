"""Moving a card: the command that leads to the other state is run, or its form is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from backoffice.boards.cards import command_to, states_of
from backoffice.commands import COMMANDS
from backoffice.errors import InvalidInput
from backoffice.identity.requests import context_of
from backoffice.resources import forms, listing, registry
from backoffice.resources.views import ResourcePage


class MovePage(ResourcePage):
    """Where a card is dropped."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Run the command, or lead to its page when it asks for something or must be confirmed.

        Raises:
            InvalidInput: Nothing leads to that state.
            BusinessError: The command refuses.
        """
        resource, board = self.resource, self.resource.board
        assert board is not None  # noqa: S101  for the type checker; only boards have this address
        to, pk = request.POST.get("to", ""), request.POST.get("pk", "")
        command = command_to(board, resource, to) if to in states_of(resource) else None
        if command is None or not pk.isdecimal():
            raise InvalidInput("no_such_move", _("Nothing leads there by hand."))
        permission = COMMANDS[command.name].permission
        ctx = context_of(request)
        if permission:
            ctx.require(permission)
        record = self.record(int(pk), listing.reachable(resource, self.access, permission))
        page = registry.url(resource, "command", record.pk, command.slug)
        if command.form or command.summary or command.danger:
            return _go(page)
        form = forms.make_form(command, self.access, record, {})
        form.is_valid()
        forms.run(resource, command, ctx, form, record)
        messages.success(request, str(command.done or _("Saved.")))
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer


def _go(address: str) -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address
    return answer
