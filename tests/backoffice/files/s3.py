"""An S3 of our own for tests: objects in memory, behind real signatures.

Every request must carry a right signature of version 4 (as header, or in the address until it
expires); the hash of its body is compared. Understands what a storage needs: put (also in parts and
in signed chunks), get with ranges, head, delete, list.
"""

import datetime as dt
import email.utils
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from django.utils import timezone
from typing_extensions import override

ACCESS, SECRET, REGION = "AKIATEST", "segredo-do-teste", "sa-east-1"


@dataclass
class Bucket:
    """Objects by key, parts of uploads, and what was asked in order."""

    name: str
    objects: dict[str, tuple[bytes, dt.datetime]] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failing: int = 0


class Refused(Exception):
    """The answer is an error: its status and code."""


def signature(
    method: str,
    path: str,
    query: list[tuple[str, str]],
    given: dict[str, str],
    *,
    signed: str,
    when: str,
    payload: str,
) -> str:
    """The signature that a request must carry (AWS Signature Version 4)."""
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in query)
    headers = "".join(f"{name}:{' '.join(given.get(name, '').split())}\n" for name in signed.split(";"))  # fmt: skip
    asked = "&".join(f"{k}={v}" for k, v in pairs)
    where = quote(unquote(path), safe="/-_.~")
    canonical = "\n".join([method, where, asked, headers, signed, payload])
    scope = f"{when[:8]}/{REGION}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", when, scope, hashlib.sha256(canonical.encode()).hexdigest()])  # fmt: skip
    key = f"AWS4{SECRET}".encode()
    for part in (when[:8], REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket

    @override
    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        address = urlsplit(self.path)
        query = parse_qsl(address.query, keep_blank_values=True)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            self._stumble()
            self._check(address.path, query, body)
            self._do(unquote(address.path), dict(query), self._plain(body))
        except Refused as refusal:
            status, code = refusal.args
            self._send(status, f"<Error><Code>{code}</Code></Error>".encode())

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer  # noqa: N815  names of the base class

    def _stumble(self) -> None:
        if self.bucket.failing:
            self.bucket.failing -= 1
            raise Refused(503, "SlowDown")

    def _check(self, path: str, query: list[tuple[str, str]], body: bytes) -> None:
        given = {name.lower(): value for name, value in self.headers.items()}
        asked = dict(query)
        if "X-Amz-Signature" in asked:
            claimed, signed, when = (
                asked[f"X-Amz-{name}"] for name in ("Signature", "SignedHeaders", "Date")
            )
            made = dt.datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            if timezone.now() > made + dt.timedelta(seconds=int(asked["X-Amz-Expires"])):
                raise Refused(403, "AccessDenied")
            query = [pair for pair in query if pair[0] != "X-Amz-Signature"]
            payload = "UNSIGNED-PAYLOAD"
        else:
            found = re.fullmatch(
                rf"AWS4-HMAC-SHA256 Credential={ACCESS}/\d{{8}}/{REGION}/s3/aws4_request, "
                r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})",
                given.get("authorization", ""),
            )
            if found is None:
                raise Refused(403, "AccessDenied")
            signed, claimed = found.groups()
            when, payload = given["x-amz-date"], given["x-amz-content-sha256"]
            if re.fullmatch("[0-9a-f]{64}", payload) and payload != hashlib.sha256(body).hexdigest():  # fmt: skip
                raise Refused(400, "XAmzContentSHA256Mismatch")
        right = signature(
            self.command, path, query, given, signed=signed, when=when, payload=payload
        )
        if not hmac.compare_digest(right, claimed):
            raise Refused(403, "SignatureDoesNotMatch")

    def _plain(self, body: bytes) -> bytes:
        """The body without the frames of signed chunks."""
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return body
        plain, rest = b"", body
        while rest:
            head, _, rest = rest.partition(b"\r\n")
            size = int(head.split(b";")[0], 16)
            if not size:
                break
            plain, rest = plain + rest[:size], rest[size + 2 :]
        return plain

    def _do(self, path: str, query: dict[str, str], body: bytes) -> None:
        bucket, _, key = path.lstrip("/").partition("/")
        if bucket != self.bucket.name:
            raise Refused(404, "NoSuchBucket")
        self.bucket.asked.append(f"{self.command} {key}")
        if not key:
            self._list(query)
        elif self.command in {"PUT", "POST"}:
            self._write(key, query, body)
        elif self.command == "DELETE":
            self.bucket.objects.pop(key, None)
            self._send(204, b"")
        else:
            self._read(key)

    def _write(self, key: str, query: dict[str, str], body: bytes) -> None:
        upload = query.get("uploadId", "")
        if "uploads" in query:
            name = f"u{len(self.bucket.uploads)}"
            self.bucket.uploads[name] = {}
            root = "InitiateMultipartUploadResult"
            self._send(200, f"<{root}><UploadId>{name}</UploadId></{root}>".encode())
            return
        if upload and self.command == "PUT":
            self.bucket.uploads[upload][int(query["partNumber"])] = body
        else:
            parts = self.bucket.uploads.pop(upload, {})
            whole = b"".join(parts[n] for n in sorted(parts)) if upload else body
            self.bucket.objects[key] = (whole, timezone.now())
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        answer = (
            f"<CompleteMultipartUploadResult><ETag>{tag}</ETag></CompleteMultipartUploadResult>"
        )
        self._send(200, answer.encode() if upload and self.command == "POST" else b"", ETag=tag)

    def _read(self, key: str) -> None:
        if key not in self.bucket.objects:
            raise Refused(404, "NoSuchKey")
        content, at = self.bucket.objects[key]
        more = {"Last-Modified": email.utils.format_datetime(at, usegmt=True), "ETag": '"x"'}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted is None:
            self._send(200, content, **more)
            return
        start, end = int(wanted[1]), int(wanted[2] or len(content) - 1)
        more["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self._send(206, content[start : end + 1], **more)

    def _list(self, query: dict[str, str]) -> None:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        keys, folders = [], set()
        for key in sorted(self.bucket.objects):
            if not key.startswith(prefix):
                continue
            inside, found, _rest = key[len(prefix) :].partition(delimiter or "\0")
            if found:
                folders.add(prefix + inside + delimiter)
            else:
                keys.append(key)
        rows = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in keys)
        rows += "".join(
            f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>"
            for each in sorted(folders)
        )
        self._send(
            200,
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode(),
        )

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def running() -> Iterator[tuple[str, Bucket]]:
    """The server's address and its bucket."""
    bucket = Bucket("documentos")
    handler = type("BucketHandler", (Handler,), {"bucket": bucket})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bucket
        finally:
            server.shutdown()
            thread.join()
