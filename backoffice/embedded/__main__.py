"""`python -m backoffice.embedded start|stop|status|run|erase|env [--instance demo|test]`."""

import argparse
import shlex
import signal
import sys
import threading
from collections.abc import Callable

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.servers import Servers, bundled


def _status(servers: Servers) -> int:
    """Print one line for each server; 0 when both answer."""
    code = 0
    for name, server in (("PostgreSQL", servers.postgres), ("Valkey", servers.valkey)):
        pid = server.pid()
        answers = pid is not None and server.is_ready()
        print(f"{name}: {f'running, process {pid}' if answers else 'not running'}")
        code = code if answers else 1
    print(f"Files: {servers.place.root}")
    return code


def _environment(servers: Servers) -> None:
    for name, value in servers.environment().items():
        print(f"export {name}={shlex.quote(value)}")


def _run(servers: Servers) -> None:
    """Keep the servers running until Ctrl+C or SIGTERM, then stop them cleanly."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    servers.start()
    _environment(servers)
    sys.stdout.flush()
    stop.wait()
    servers.stop()


def main(arguments: list[str]) -> int:
    """Do one action; the exit code says whether it worked."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.embedded", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "run", "erase", "env"])
    parser.add_argument("--instance", default="demo", help="demo (default) or test")
    options = parser.parse_args(arguments)
    servers = bundled(options.instance)
    actions: dict[str, Callable[[], None]] = {
        "start": servers.start,
        "stop": servers.stop,
        "erase": servers.erase,
        "run": lambda: _run(servers),
        "env": lambda: _environment(servers),
    }
    try:
        if options.action == "status":
            return _status(servers)
        actions[options.action]()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
