"""`script/demo`: the whole product on this machine, with a living example company.

`--check` does the same with data of its own, plays the main jobs through, and exits.
"""

import argparse
import fcntl
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.schema import bring_up_to_date, fill, has_company, is_half_filled
from backoffice.embedded.servers import Servers, bundled
from backoffice.embedded.services import Service, Supervisor, answers

FIRST_PORT, LAST_PORT = 8000, 8099
QUEUES = "payroll,reports,mail,default"


@dataclass(frozen=True)
class Demo:
    """One demonstration: its servers, its port, and the variables of all its processes."""

    servers: Servers
    port: int
    own_database: bool
    own_redis: bool

    @property
    def files(self) -> Path:
        """Logs, process numbers and secrets."""
        return self.servers.place.files

    def environment(self) -> dict[str, str]:
        """The variables for web, workers and management commands."""
        given = {**self.servers.environment()}
        if self.own_database:
            given = {name: url for name, url in given.items() if not name.startswith("DATABASE")}
        return {
            **{name: value for name, value in os.environ.items() if name not in given},
            **{name: os.environ.get(name) or url for name, url in given.items()},
            "DJANGO_SETTINGS_MODULE": "backoffice.settings.demo",
            "SECRET_KEY": self._secret("secret-key"),
            "AUDIT_SIGNING_KEY": self._secret("audit-key"),
            "AUDIT_HEADS_FILE": str(self.files / "audit-heads.jsonl"),
            "RETAGUARDA_PIDS": str(self.files),
            "RETAGUARDA_ADDRESS": f"http://localhost:{self.port}",
            "PYTHONUNBUFFERED": "1",
        }

    def _secret(self, name: str) -> str:
        """A secret of this demonstration, made once; sessions survive a restart."""
        path = self.files / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text()

    def start_servers(self) -> None:
        """Start the bundled servers that the environment does not replace."""
        self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        (CHECKOUT / "build" / "static").mkdir(parents=True, exist_ok=True)  # whitenoise asks for it
        if not self.own_database:
            self.servers.postgres.start()
        if not self.own_redis:
            self.servers.valkey.start()

    def services(self) -> list[Service]:
        """Web first, then worker and scheduler; sync workers, as in production."""
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app=backoffice.celery", "--quiet"]
        web = [*python, "gunicorn", "backoffice.wsgi", "--workers=2", "--preload"]
        web += ["--timeout=60", "--graceful-timeout=5", "--no-control-socket"]
        commands = {
            "web": [*web, *_loopback(self.port)],
            "worker": [*celery, "worker", f"--queues={QUEUES}", "--concurrency=2"],
            "beat": [*celery, "beat"],
        }
        commands["worker"] += ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
        return [
            Service(name, command, self.files / f"{name}.log", self.files / f"{name}.pid")
            for name, command in commands.items()
        ]


def _loopback(port: int) -> list[str]:
    """This machine only, by both names that `localhost` may have."""
    also = [f"--bind=[::1]:{port}"] if _can_bind("::1", port) else []
    return [f"--bind=127.0.0.1:{port}", *also]


def _can_bind(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind((host, port))
    except OSError:
        return False
    return True


def choose_port(wanted: int | None) -> int:
    """The wanted port, or the first free one from 8000 on."""
    if wanted is not None and not _can_bind("127.0.0.1", wanted):
        message = f"Port {wanted} is in use. Choose another one with --port."
        raise EmbeddedError(message)
    ports = [wanted] if wanted is not None else range(FIRST_PORT, LAST_PORT + 1)
    for port in ports:
        if _can_bind("127.0.0.1", port):
            return port
    message = f"All ports from {FIRST_PORT} to {LAST_PORT} are in use. Choose one with --port."
    raise EmbeddedError(message)


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Refuse to run the same demonstration twice at a time."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "It is already running; stop it there with Ctrl+C."
            raise EmbeddedError(message) from error
        yield


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print a step and how long it took."""
    begun = time.monotonic()
    print(f"{what} ... ", end="", flush=True)
    yield
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def wants_to_erase() -> bool:
    """Whether the person at the terminal says that everything here may go."""
    print("Everything in this demonstration is erased: examples, and whatever you entered.")
    try:
        return input("Type ERASE to go on: ").strip() == "ERASE"
    except EOFError:
        return False


def ask_for_company(environment: dict[str, str]) -> None:
    """Make the person's own first company, with questions at the terminal."""
    command = [sys.executable, "manage.py", "create_first_company", "--role", "owner"]
    if subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode:
        raise EmbeddedError("No company was made. Start again with --own.")


def prepare(demo: Demo, *, own: bool = False) -> dict[str, str]:
    """Servers, schema, examples or the person's own company; the environment of all processes."""
    with timed("Starting PostgreSQL and Valkey"):
        demo.start_servers()
    environment = demo.environment()
    if not demo.own_database and is_half_filled(environment):
        demo.servers.postgres.make_database_anew()
    with timed("Bringing the database up to date"):
        bring_up_to_date(environment, bundled=not demo.own_database)
    if not has_company(environment["DATABASE_OWNER_URL"]):
        if own:
            ask_for_company(environment)
            return environment
        with timed("Filling the example company"):
            fill(environment)
    return environment


def serve(demo: Demo, *, check: bool, own: bool = False) -> int:
    """Run everything until Ctrl+C, or until the check has ended; the exit code."""
    environment = prepare(demo, own=own)
    supervisor = Supervisor(environment)
    supervisor.listen_to_signals()
    try:
        with timed("Starting the web server"):
            web, *others = demo.services()
            supervisor.start(web)
            supervisor.wait_until(lambda: answers(demo.port, "/readyz"), 60, "The first answer")
        for service in others:  # only now: the first page shall not wait for them
            supervisor.start(service)
        if check:
            return _check(supervisor, environment)
        if not supervisor.stop.is_set():
            _greet(demo, environment)
        supervisor.run()
        print("\nStopping ...", flush=True)
    finally:
        supervisor.end()
    return 0


def _check(supervisor: Supervisor, environment: dict[str, str]) -> int:
    """Run `manage.py demo_check` while the services are looked after; its exit code."""
    checking = subprocess.Popen(
        [sys.executable, "manage.py", "demo_check"], cwd=CHECKOUT, env=environment
    )
    while checking.poll() is None and not supervisor.stop.wait(0.2):
        supervisor.look_after()
    if checking.poll() is None:
        checking.terminate()
    return checking.wait()


LOGINS = """
    SELECT account.name, coalesce(account.email, 'CPF ' || person.tax_id)
    FROM backoffice_user account LEFT JOIN backoffice_party person ON person.id = account.person_id
    WHERE account.is_active AND (account.email IS NOT NULL OR person.id IS NOT NULL)
    ORDER BY account.id LIMIT 12
"""


def _greet(demo: Demo, environment: dict[str, str]) -> None:
    """Say where it is and who can log in."""
    with psycopg.connect(environment["DATABASE_OWNER_URL"]) as connection:
        people = connection.execute(LOGINS).fetchall()
    print(f"\n    http://localhost:{demo.port}\n")
    for name, email in people:
        print(f"    {name:<32} {email}")
    print("\nThe bar at the top of each page lets you act as any of them.")
    print(f"Logs: {demo.files}\nStop with Ctrl+C; the next start continues here.", flush=True)


def _may_erase(demo: Demo) -> bool:
    """Only what this program brought along is ever erased."""
    if demo.own_database:
        raise EmbeddedError("DATABASE_URL names a database of yours: empty it yourself.")
    return True


def main(arguments: list[str]) -> int:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--check", action="store_true", help="play the main jobs through and exit")
    ways.add_argument(
        "--own", action="store_true", help="erase the examples and start with your own company"
    )
    parser.add_argument("--port", type=int, help="port on this machine (default: from 8000 on)")
    options = parser.parse_args(arguments)
    servers = bundled("check" if options.check else "demo")
    try:
        demo = Demo(
            servers,
            choose_port(options.port),
            own_database=bool(os.environ.get("DATABASE_URL")),
            own_redis=bool(os.environ.get("REDIS_URL")),
        )
        with only_one(servers.place.files.with_name(f"{servers.place.files.name}.lock")):
            try:
                if options.own and not (_may_erase(demo) and wants_to_erase()):
                    return 1
                if options.check or options.own:
                    servers.erase()
                return serve(demo, check=options.check, own=options.own)
            finally:
                (servers.erase if options.check else servers.stop)()
    except (EmbeddedError, psycopg.OperationalError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
