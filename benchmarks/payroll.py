"""A monthly payroll from the POST to the last commit, with a real, warm worker."""

import datetime as dt
import http.client
import json
import os
import sys
import time

from benchmarks.stage import PORT, Figure, Stopwatch, manage, report, stage

BUDGETS = {1_000: 0.5, 10_000: 3.0, 100_000: 30.0}
REPEATS = 3
PATIENCE = 300.0


def main(sizes: list[int]) -> None:
    """Measure each size; the best of some repeats, because the machine is shared."""
    with stage() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        for seed, size in enumerate(sizes, start=1):
            made = json.loads(
                manage(environment, "generate_company", f"--employees={size}", f"--seed={seed}")
            )
            _measure(made["company"], size)


def _measure(company_id: int, size: int) -> None:
    from backoffice.commands import Channel, Context
    from hr.payroll.models import PayrollRun, PayslipLine
    from hr.payroll.services import open_run

    secret = _token(company_id)
    at = dt.datetime.now(dt.UTC)
    system = Context(company_id=company_id, at=at, channel=Channel.SYSTEM)
    run = open_run(system, competence=dt.date(2026, 10, 1))
    times = []
    for _ in range(REPEATS):
        watch = Stopwatch()
        _post(f"/api/v1/hr/payroll-runs/{run.pk}/compute/", secret)
        _wait(run.pk)
        times.append(watch.seconds())
    run = PayrollRun.objects.get(pk=run.pk)
    lines = PayslipLine.objects.filter(payslip__run=run).count()
    if (run.payslip_count, run.error_count) != (size, 0):
        sys.exit(f"wrong result: {run.payslip_count} payslips, {run.error_count} errors")
    report(
        Figure(
            name=f"payroll of {size:,} employees, POST to last commit",
            value=min(times),
            unit="s",
            budget=BUDGETS.get(size, size / 10_000 * 3),
            note=f"best of {[round(t, 2) for t in times]}; {lines:,} lines; first run inserts",
        )
    )


def _token(company_id: int) -> str:
    from django.utils import timezone

    from backoffice.commands import Channel, Context
    from backoffice.identity.models import Role
    from backoffice.identity.rules import Scope, new_token
    from backoffice.identity.selectors import access_of
    from backoffice.identity.services import create_token, create_user

    now = timezone.now()
    system = Context(company_id=company_id, at=now, channel=Channel.SYSTEM)
    role = Role.objects.get(code="hr_analyst", company__isnull=True)
    user = create_user(
        system,
        email=f"analyst{company_id}@example.com",
        name="Analyst",
        role_id=role.pk,
        scope=Scope.COMPANY,
    )
    access = access_of(user, company_id, timezone.localdate())
    token = new_token()
    create_token(
        Context(company_id=company_id, at=now, channel=Channel.SHELL, actor=access),
        name="benchmark",
        scopes=[name for name in access.grants if name.startswith("hr.")],
        expires_at=now + dt.timedelta(days=1),
        prefix=token.prefix,
        digest=token.digest,
    )
    return token.secret.value


def _post(path: str, secret: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    connection.request("POST", path, body="{}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status >= 300:
        sys.exit(f"{answer.status}: {body.decode()}")


def _wait(run_id: int) -> None:
    """Look every two milliseconds whether the last commit is there."""
    from hr.payroll.models import PayrollRun

    end = time.monotonic() + PATIENCE
    while PayrollRun.objects.filter(pk=run_id).values_list("state", flat=True)[0] != "computed":
        if time.monotonic() > end:
            sys.exit("the worker did not finish")
        time.sleep(0.002)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
