"""Start, follow and leave guided tasks; each person for themselves."""

from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import NotAllowed, NotFound
from backoffice.home.guided import TASKS, GuidedTask, standing
from backoffice.home.models import GuidedProgress
from backoffice.identity.rules import Access

FOLLOW = "backoffice.guided_task.follow"


@command("backoffice.guided_task.start", permission=FOLLOW)
def start_task(ctx: Context, *, task: str, anew: bool = False) -> GuidedProgress:
    """Begin a task, or go on with it; ``anew`` forgets what was done before.

    Raises:
        NotFound: There is no such task.
        NotAllowed: ``other_role``: the person cannot do all its steps.
    """
    declared = _task(task)
    access = ctx.actor
    if not isinstance(access, Access) or not declared.is_for(access):
        raise NotAllowed("other_role", _("This task needs another role."))
    found, made = GuidedProgress.objects.get_or_create(
        company_id=ctx.company,
        user_id=access.user_id,
        task=task,
        defaults={"started_at": ctx.at},
    )
    if anew and not made:
        found.started_at, found.seen, found.done_at = ctx.at, [], None
        found.save(update_fields=["started_at", "seen", "done_at"])
    return found


@command("backoffice.guided_task.note_seen", permission=FOLLOW)
def note_seen(ctx: Context, *, task: str, steps: list[str]) -> None:
    """Keep that the person opened the pages of these steps.

    Raises:
        NotFound: There is no such task, or the person never started it.
    """
    known = {step.name for step in _task(task).steps}
    found = _locked(ctx, task)
    new = [name for name in steps if name in known and name not in found.seen]
    if new and found.done_at is None:
        found.seen = [*found.seen, *new]
        found.save(update_fields=["seen"])


@command("backoffice.guided_task.leave", permission=FOLLOW)
def leave_task(ctx: Context, *, task: str) -> bool:
    """Leave a task; it is finished when every step is done, and can be gone on with when not.

    Returns:
        Whether it is finished.

    Raises:
        NotFound: There is no such task, or the person never started it.
    """
    found = _locked(ctx, task)
    access = ctx.actor
    if found.done_at is None and isinstance(access, Access):
        if standing(access, _task(task)).next is not None:
            return False
        found.done_at = max(ctx.at, found.started_at)
        found.save(update_fields=["done_at"])
    return True


def _task(name: str) -> GuidedTask:
    if name not in TASKS:
        raise NotFound("no_task", _("There is no such task."))
    return TASKS[name]


def _locked(ctx: Context, task: str) -> GuidedProgress:
    rows = GuidedProgress.objects.select_for_update()
    found = rows.filter(company_id=ctx.company, user_id=ctx.actor_id or 0, task=task).first()
    if found is None:
        raise NotFound("not_started", _("You have not started this task."))
    return found
