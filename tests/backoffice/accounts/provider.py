"""A company's login provider on this machine, as strict as a real one (OpenID Connect, code flow).

It refuses an unknown client or address, asks for PKCE with S256 and checks it, gives each code once
and only to who asked for it, and signs its tokens with a key of its own.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from typing_extensions import override

CLIENT, SECRET = "retaguarda", "segredo-do-cliente"
CALLBACK = "http://testserver/account/login/company/callback/"


@dataclass
class Provider:
    """What the provider knows: its person, its key, the codes it gave, and faults to commit."""

    address: str = ""
    email: str = "ana@example.com"
    verified: bool = True
    subject: str = "sub-1"
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    shown: rsa.RSAPrivateKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    issuer: str = ""
    refused: list[str] = field(default_factory=list)

    def authorize(self, asked: dict[str, str]) -> tuple[int, str]:
        """The answer to the browser: where to go with a code, or why not."""
        for name, expected in (
            ("client_id", CLIENT),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("code_challenge_method", "S256"),
        ):
            if asked.get(name) != expected:
                return 400, f"bad {name}"
        missing = [n for n in ("state", "nonce", "code_challenge") if not asked.get(n)]
        if missing or "openid" not in asked.get("scope", "").split():
            return 400, f"missing {missing} or scope"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return 302, f"{CALLBACK}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Tokens for a code, once, for the client that can prove that it asked."""
        asked = self.codes.pop(sent.get("code", ""), None)
        verifier = sent.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        if asked is None or digest.rstrip(b"=").decode() != asked["code_challenge"]:
            return self._refuse("code or verifier")
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return self._refuse("client")
        if sent.get("redirect_uri") != CALLBACK or sent.get("grant_type") != "authorization_code":
            return self._refuse("address or grant")
        now = int(time.time())
        claims = {
            "iss": self.issuer or self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": asked["nonce"],
            "email": self.email,
            "email_verified": self.verified,
            "name": "Ana",
            **self.claims,
        }
        key: Any = "x" * 32 if self.algorithm == "HS256" else self.key
        if self.algorithm == "none":
            key = None
        signed = jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "one"})
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def _refuse(self, why: str) -> tuple[int, dict[str, Any]]:
        self.refused.append(why)
        return 400, {"error": "invalid_grant"}

    def document(self, path: str) -> dict[str, Any]:
        """Discovery and keys."""
        if path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk((self.shown or self.key).public_key())
            return {"keys": [{**json.loads(public), "kid": "one", "alg": "RS256", "use": "sig"}]}
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on a port of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, provider.document(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.token({k: v[0] for k, v in parse_qs(body).items()}))

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        @override
        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
