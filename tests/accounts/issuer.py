"""A small identity provider on loopback: discovery, authorization, tokens, userinfo and keys over real HTTP."""

import hashlib
import json
import threading
import time
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "yidi-test"
CLIENT_SECRET = "kept between the two"


class Issuer:
    """What the provider knows, and what a test makes it say wrongly."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {"sub": "u-1"}
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.token_changes: dict[str, Any] = {}
        self.sign_with: Any = self.key
        self.algorithm = "RS256"
        self.without_id_token = False
        self.asked: list[dict[str, str]] = []
        """The parameters of every authorization request."""
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def authorize(self, location: str) -> str:
        """The person agrees at the provider: where the browser is sent back to."""
        assert location.startswith(f"{self.address}/authorize?")
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        self.asked.append(query)
        code = f"code-{len(self.asked)}"
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def answer(self, path: str, posted: dict[str, str], headers: Any) -> tuple[int, Any]:
        """One answer of the provider: status and JSON."""
        if path == "/.well-known/openid-configuration":
            paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{self.address}/{page}" for name, page in paths.items()}
            found |= {
                "issuer": self.address,
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            return 200, {k: v for k, v in (found | self.discovery).items() if v is not None}
        if path == "/keys":
            return 200, {"keys": [self._public()]}
        if path == "/token":
            return self._token(posted)
        if path == "/userinfo" and headers.get("Authorization") == "Bearer the-token":
            return 200, {"sub": self.claims["sub"], **self.userinfo}
        return 404, {}

    def _public(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return found | {"kid": "one", "alg": "RS256", "use": "sig"}

    def _token(self, posted: dict[str, str]) -> tuple[int, Any]:
        query = self._codes.pop(posted.get("code", ""), None)
        if query is None or posted.get("client_secret") != CLIENT_SECRET:
            return 400, {"error": "invalid_grant"}
        challenge = hashlib.sha256(posted["code_verifier"].encode()).digest()
        assert urlsafe_b64encode(challenge).decode().rstrip("=") == query["code_challenge"]
        assert posted["redirect_uri"] == query["redirect_uri"]
        if self.without_id_token:
            return 200, {"access_token": "the-token", "token_type": "Bearer"}
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            **self.claims,
            **self.token_changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(claims, self.sign_with, algorithm=self.algorithm, headers={"kid": "one"})
        return 200, {"access_token": "the-token", "token_type": "Bearer", "id_token": signed}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(*issuer.answer(urlsplit(self.path).path, {}, self.headers))

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                posted = {name: values[0] for name, values in parse_qs(text).items()}
                self._say(*issuer.answer(self.path, posted, self.headers))

            def _say(self, status: int, answer: Any) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
