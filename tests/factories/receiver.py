"""A receiver of webhooks on this machine, as strict as a good one outside: it checks the signature
and the time, keeps what it took by message id, and answers as a test tells it to.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

TOLERANCE = 5 * 60


class Receiver:
    """What came in, and what is answered."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret
        self.answers: list[int] = []
        self.seen: list[dict[str, Any]] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.delay = 0.0
        self.tolerance = TOLERANCE
        self.raw: Callable[[Any], None] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hooks?for=us"

    def judge(self, headers: Any, body: bytes) -> int:
        """The status for a message: 401 for a bad signature or an old one, else as told, else 204."""
        message_id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{message_id}.{stamp}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        given = headers["webhook-signature"].split(" ")
        fresh = abs(time.time() - int(stamp)) < self.tolerance
        if not fresh or not any(hmac.compare_digest(each, f"v1,{expected}") for each in given):
            return 401
        self.seen.append({"id": message_id, **json.loads(body)})
        status = self.answers.pop(0) if self.answers else 204
        if 200 <= status < 300:
            self.taken[message_id] = json.loads(body)
        return status


@contextmanager
def receiving(secret: str = "") -> Iterator[Receiver]:
    """A receiver that runs until the end of the block."""
    receiver = Receiver(secret)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.raw is not None:
                self.close_connection = True
                with suppress(OSError):
                    receiver.raw(self)
                return
            time.sleep(receiver.delay)
            self.send_response(receiver.judge(self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
