"""The bundled Valkey is killed and started again; what it loses is only hints."""

import os
import signal
from collections.abc import Iterator

import pytest
import redis

from backoffice.embedded.processes import is_alive, wait_for
from backoffice.embedded.servers import bundled
from backoffice.embedded.valkey import Valkey

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    own = bundled("faults", tmp_path_factory.mktemp("checkout"))
    own.valkey.start()
    yield own.valkey
    own.erase()


def test_a_second_start_uses_the_same_process(server: Valkey) -> None:
    before = server.pid()
    server.start()
    assert server.pid() == before
    assert before is not None


def test_a_clean_stop_keeps_what_was_written(server: Valkey) -> None:
    server.start()
    with redis.Redis.from_url(server.url()) as client:
        client.set("hint", "kept")
    server.stop()
    assert server.pid() is None
    assert not server.is_ready()
    server.start()
    with redis.Redis.from_url(server.url()) as client:
        assert client.get("hint") == b"kept"


def test_after_kill_9_it_starts_again_at_once(server: Valkey) -> None:
    server.start()
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not is_alive(pid), 5)
    server.start()
    assert server.is_ready()
    assert server.pid() != pid


def test_it_refuses_rather_than_forgets_when_memory_is_full(server: Valkey) -> None:
    server.start()
    with redis.Redis.from_url(server.url()) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}
