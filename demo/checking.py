"""`script/demo --check`: the month of Comercial Ipê from computing to closing, over REST, as its people."""

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.utils import timezone

from backoffice.commands import Channel, Context
from backoffice.identity.catalogue import permissions
from backoffice.identity.models import User
from backoffice.identity.rules import new_token
from backoffice.identity.selectors import access_of
from backoffice.identity.services import create_token, prove_token
from backoffice.organization.models import Company
from demo.ipe import DOMAIN

PATIENCE = 60.0
Json = Any


class CheckFailed(AssertionError):
    """Something is not as it must be; the message says what."""


@dataclass
class Client:
    """One person's way into the API, by a token of their own."""

    address: str
    secret: str

    def get(self, path: str) -> Json:
        """The JSON at a path below ``/api/v1``."""
        return json.loads(self.raw(path))

    def raw(self, path: str) -> bytes:
        """The bytes at a path below ``/api/v1``."""
        return self._send(urllib.request.Request(self._url(path)))  # noqa: S310  our own server

    def post(self, path: str, body: Json = None, *, key: str = "") -> Json:
        """Send a command."""
        request = urllib.request.Request(  # noqa: S310  our own server
            self._url(path), data=json.dumps(body or {}).encode(), method="POST"
        )
        request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Idempotency-Key", key)
        return json.loads(self._send(request))

    def refusal(self, path: str) -> int:
        """The status with which a command is refused."""
        try:
            self.post(path)
        except CheckFailed as failed:
            return int(str(failed).split()[0])
        return HTTPStatus.OK

    def _url(self, path: str) -> str:
        return f"{self.address}/api/v1{path}"

    def _send(self, request: urllib.request.Request) -> bytes:
        request.add_header("Authorization", f"Bearer {self.secret}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  our own server
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise CheckFailed(
                f"{error.code} {request.get_method()} {request.full_url}: {text}"
            ) from error


def client_for(login: str, address: str) -> Client:
    """A client with a fresh token that may do whatever its person may."""
    user = User.objects.get(email=f"{login}@{DOMAIN}")
    company = Company.objects.get(trade_name="Comercial Ipê")
    now = timezone.now()
    access = access_of(user, company.pk, timezone.localdate())
    token = new_token()
    ctx = Context(company_id=company.pk, at=now, channel=Channel.SHELL, actor=access)
    made = create_token(
        ctx,
        name=f"demo --check {now:%Y-%m-%d %H:%M:%S}",
        scopes=[name for name in access.grants if permissions()[name].tokens],
        expires_at=now + dt.timedelta(hours=1),
        prefix=token.prefix,
        digest=token.digest,
    )
    prove_token(ctx, api_token_id=made.pk)
    return Client(address, token.secret.value)


@dataclass
class Check:
    """The check while it runs: its people, and how long each step took."""

    address: str
    write: Callable[[str], object]
    analyst: Client = field(init=False)
    manager: Client = field(init=False)
    run: int = 0

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is done and how long it took."""
        begun = time.monotonic()
        yield
        self.write(f"  {what:<58} {1000 * (time.monotonic() - begun):8.0f} ms")

    def everything(self) -> None:
        """Play the open month through; raises at the first thing that is wrong."""
        with self.step("two people get API tokens"):
            self.analyst = client_for("camila", self.address)
            self.manager = client_for("renato", self.address)
        with self.step("the open month is found"):
            self.run = self._open_run()
        with self.step("a worker computes it; two payslips fail"):
            self._compute("compute", errors=2)
        with self.step("both problems are mended through the API"):
            self._mend()
        with self.step("only the failed ones are computed again"):
            self._compute("recompute-failed", errors=0)
        with self.step("it is sent for approval; the sender cannot approve"):
            self._submit()
        with self.step("another person approves, and closes it"):
            self._approve_and_close()
        with self.step("all payslips are rendered"):
            count = self._render()
        with self.step("totals are the sums of payslips and lines"):
            self._add_up(count)
        with self.step("every amount explains itself"):
            self._explain()

    def _path(self, command: str = "") -> str:
        return f"/hr/payroll-runs/{self.run}/{command + '/' if command else ''}"

    def _open_run(self) -> int:
        runs = self.analyst.get("/hr/payroll-runs/?state=open")["results"]
        require(len(runs) == 1, f"one open run, not {len(runs)}")
        return int(runs[0]["id"])

    def _compute(self, command: str, *, errors: int) -> None:
        self.analyst.post(self._path(command), key=f"check-{command}-{time.time_ns()}")
        end = time.monotonic() + PATIENCE
        run = self.analyst.get(self._path())
        while run["state"] == "computing" and time.monotonic() < end:
            time.sleep(0.05)
            run = self.analyst.get(self._path())
        require(run["state"] == "computed", f"state {run['state']} after {command}")
        require(run["error_count"] == errors, f"{run['error_count']} errors, not {errors}")

    def _mend(self) -> None:
        failed = self.analyst.get(f"/hr/payslips/?run={self.run}&state=error")["results"]
        by_code = {slip["error_code"]: slip for slip in failed}
        require(set(by_code) == {"no_payout", "below_floor"}, f"problems {sorted(by_code)}")
        contract = self.analyst.get(f"/hr/contracts/{by_code['no_payout']['contract']}/")
        self.analyst.post(
            f"/hr/employees/{contract['employee']}/change-payout/",
            {"pix_key": "thiago@comercialipe.example", "valid_from": contract["admitted_on"]},
        )
        low = by_code["below_floor"]
        run = self.analyst.get(self._path())
        contract = self.analyst.get(f"/hr/contracts/{low['contract']}/")
        employee = self.analyst.get(f"/hr/employees/{contract['employee']}/")
        title = next(
            t["id"]
            for t in self.analyst.get("/hr/job-titles/")["results"]
            if t["name"] == employee["job_title"]
        )
        self.analyst.post(
            f"/hr/contracts/{low['contract']}/change-terms/",
            {
                "job_title": title,
                "salary": "1960.00",
                "weekly_hours": "44",
                "reason": "agreement",
                "valid_from": f"{run['competence'][:7]}-01",
            },
        )

    def _submit(self) -> None:
        self.analyst.post(self._path("submit"))
        require(self.analyst.refusal(self._path("compute")) == HTTPStatus.CONFLICT, "a 409")

    def _approve_and_close(self) -> None:
        waiting = self.manager.get("/backoffice/approvals/")["results"]
        mine = [a for a in waiting if a["document_id"] == self.run and a["state"] == "open"]
        require(len(mine) == 1, f"one approval waits, not {len(mine)}")
        self.manager.post(
            f"/backoffice/approvals/{mine[0]['id']}/vote/",
            {"decision": "approve", "content_hash": mine[0]["content_hash"]},
        )
        self.manager.post(self._path("close"))
        require(self.manager.get(self._path())["state"] == "closed", "closed")
        require(self.manager.refusal(self._path("close")) == HTTPStatus.CONFLICT, "closed once")

    def _slips(self) -> list[Json]:
        answer = self.analyst.get(f"/hr/payslips/?run={self.run}&limit=200")
        require(answer["next"] is None, "all payslips on one page")
        slips: list[Json] = answer["results"]
        return slips

    def _render(self) -> int:
        slips = self._slips()
        for slip in slips:
            pdf = self.analyst.raw(f"/hr/payslips/{slip['id']}/pdf/")
            require(pdf.startswith(b"%PDF-"), f"a PDF for payslip {slip['id']}")
        return len(slips)

    def _add_up(self, count: int) -> None:
        run = self.analyst.get(self._path())
        slips = self._slips()
        require(run["payslip_count"] == count == len(slips), f"{count} payslips")
        for name in ("earnings", "deductions", "net", "inss", "irrf", "fgts"):
            total = sum(Decimal(slip[name]) for slip in slips)
            require(total == Decimal(run[name]), f"{name}: {run[name]} is not the sum {total}")
        for slip in slips:
            lines = self.analyst.get(f"/hr/payslips/{slip['id']}/")["lines"]
            for kind, name in (("earning", "earnings"), ("deduction", "deductions")):
                total = sum(Decimal(row["amount"]) for row in lines if row["kind"] == kind)
                require(total == Decimal(slip[name]), f"{name} of payslip {slip['id']}")

    def _explain(self) -> None:
        for slip in self._slips():
            for code in ("net", "inss", "irrf", "fgts"):
                why = self.analyst.get(f"/hr/payslips/{slip['id']}/why/{code}/")
                require(bool(why["steps"]), f"steps for {code} of payslip {slip['id']}")


def require(ok: bool, what: str) -> None:  # noqa: FBT001  reads as a sentence
    """Go on only if it is so."""
    if not ok:
        raise CheckFailed(f"expected: {what}")
