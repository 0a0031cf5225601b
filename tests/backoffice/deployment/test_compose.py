"""docker-compose.yml and the Dockerfile agree with the settings and with each other."""

import json
import re
import runpy
from typing import Any

import pytest
from django.conf import settings

from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.system import NEEDS, packages
from tests.harness.containers import VARIABLE, compose, context_files, dockerfile, make_env

APP = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    return make_env()


@pytest.fixture(scope="module")
def services(variables: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = compose(variables)["services"]
    return found


def test_the_services_are_those_of_the_product(services: dict[str, Any]) -> None:
    assert set(services) == {*APP, "postgres", "redis"}


def test_every_service_has_an_init_that_reaps_and_a_health_check(services: dict[str, Any]) -> None:
    image_checks = dockerfile().all_of("HEALTHCHECK")
    assert len(image_checks) == 1
    for name, service in services.items():
        assert service["init"] is True, name
        if name == "migrate":
            assert service["healthcheck"] == {"disable": True}
        elif name == "web":
            assert "healthcheck" not in service  # the image's own
            assert '"backoffice.doctor.container", "web"' in image_checks[0]
        else:
            assert service["healthcheck"]["test"][0] == "CMD", name


def test_only_migrate_knows_the_owner(services: dict[str, Any]) -> None:
    for name in APP:
        environment = services[name]["environment"]
        assert ("DATABASE_OWNER_URL" in environment) == (name == "migrate")
        assert "retaguarda_app:" in environment["DATABASE_URL"]
        assert "POSTGRES_PASSWORD" not in environment


def test_the_worker_takes_from_every_queue(services: dict[str, Any]) -> None:
    (queues,) = [part for part in services["worker"]["command"] if part.startswith("--queues=")]
    assert set(queues.removeprefix("--queues=").split(",")) == set(settings.QUEUES)


def test_workers_may_end_their_chunk_before_they_are_killed(services: dict[str, Any]) -> None:
    grace = int(services["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_servers_start_in_order(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        condition = services[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"
    assert "redis" not in services["web"]["depends_on"]  # pages work without it


def test_postgres_is_new_enough_and_makes_the_roles_from_the_one_file(
    services: dict[str, Any],
) -> None:
    postgres = services["postgres"]
    assert int(postgres["image"].split(":")[1]) >= 17
    mounted = [volume.split(":")[0] for volume in postgres["volumes"]]
    for path in ("./backoffice/database/roles.sql", "./backoffice/database/passwords.sql"):
        assert path in mounted
        assert (CHECKOUT / path).is_file()


def test_redis_never_forgets_to_make_room(services: dict[str, Any]) -> None:
    command = services["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_data_live_in_named_volumes(variables: dict[str, str]) -> None:
    whole = compose(variables)
    used = {
        volume.split(":")[0]
        for service in whole["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert used == set(whole["volumes"]) == {"audit", "files", "postgres", "redis"}


def test_nothing_but_the_web_server_is_published_and_that_on_this_machine_only(
    services: dict[str, Any],
) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_make_env_gives_every_required_variable_and_secrets_differ_each_time(
    variables: dict[str, str],
) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    required = {name for name, kind, _ in VARIABLE.findall(text) if kind == "?"}
    assert required <= set(variables)
    secrets = [name for name in variables if name.endswith(("_KEY", "_PASSWORD"))]
    assert len({variables[name] for name in secrets}) == len(secrets)
    assert make_env()["SECRET_KEY"] != variables["SECRET_KEY"]


def test_production_settings_accept_the_environment_of_each_service(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in APP:
        monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
        for variable, value in services[name]["environment"].items():
            monkeypatch.setenv(variable, str(value))
        made = runpy.run_module("backoffice.settings.production")
        owner = {"owner"} if name == "migrate" else set()
        assert set(made["DATABASES"]) == {"default", "reader", *owner}
        assert made["DATABASES"]["default"]["USER"] == "retaguarda_app"
        assert made["CELERY_BROKER_URL"] == "redis://redis:6379/0"
        assert made["ALLOWED_HOSTS"] == ["localhost"]


def test_every_variable_of_the_services_is_one_that_the_settings_read(
    services: dict[str, Any],
) -> None:
    code = "".join(path.read_text() for path in (CHECKOUT / "backoffice/settings").glob("*.py"))
    for name in services["migrate"]["environment"]:
        assert re.search(rf'"{name}"', code), f"no setting reads {name}"


def test_the_image_has_the_libraries_that_bootstrap_asks_for() -> None:
    (line,) = [rest for rest in dockerfile().all_of("RUN") if "apt-get install" in rest]
    pdf = [need for need in NEEDS if "WeasyPrint" in need.why]
    for package in packages(pdf, "apt-get"):
        assert package in line or package == "libharfbuzz0b"  # comes with harfbuzz-subset


def test_the_image_runs_as_an_ordinary_user_from_locked_packages() -> None:
    image = dockerfile()
    assert image.all_of("USER") == ["retaguarda"]
    assert any("--require-hashes -r /tmp/base.txt" in line for line in image.all_of("RUN"))
    assert "requirements/base.txt /tmp/base.txt" in image.all_of("COPY")


def test_only_what_runs_in_production_enters_the_image() -> None:
    files = {str(path) for path in context_files()}
    assert {"manage.py", "requirements/base.txt", "backoffice/wsgi.py"} <= files
    assert {path.split("/")[0] for path in files} == {
        *("backoffice", "hr", "templates", "manage.py", "LICENSE", "requirements"),
    }
    unwanted = [f"backoffice/settings/{name}.py" for name in ("dev", "demo", "test")]
    assert files.isdisjoint(unwanted)
    assert not [path for path in files if path.endswith(".pyc") or "/.env" in path]


def test_the_server_in_the_image_writes_nowhere_but_in_memory() -> None:
    command = json.loads(dockerfile().all_of("CMD")[-1])
    assert command[:2] == ["gunicorn", "backoffice.wsgi"]
    assert "--worker-tmp-dir=/dev/shm" in command
    assert "--no-control-socket" in command
