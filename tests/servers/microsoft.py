"""Microsoft's login server for tests: HTTPS in this process, with what the device login and its renewal ask of it.

It answers as the public documentation of the Microsoft identity platform says (OpenID configuration, /devicecode,
/token with the grants device_code and refresh_token) and checks what it is sent as strictly: tenant, application,
scopes, codes used twice. What the person in the browser does is scripted: `approve`, `decline`, `run_out`.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import itertools
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.servers.certificates import Certificate
from tests.servers.looping import serving

CLIENT = "11111111-2222-3333-4444-555555555555"
"""The one application that is registered."""

MAIL = "https://outlook.office.com/"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_TENANT_ID = "99999999-8888-7777-6666-555555555555"
_FAR = 4_000_000_000

Answer = tuple[int, dict[str, Any]]
"""Status and JSON."""


@dataclass
class _Device:
    """One code on its way: what the browser has made of it, "waits" first."""

    device_code: str
    state: str = "waits"
    user: str = ""


@dataclass
class Microsoft:
    """The running server. `issue(user, number)` makes the access tokens; `expires_in` is how long they are said to
    hold, in seconds (msal renews what holds less than five minutes)."""

    issue: Callable[[str, int], str] = lambda user, number: f"access-{user}-{number}"
    tenants: tuple[str, ...] = ("common", _TENANT_ID)
    expires_in: int = 3600
    interval: int = 5
    code_seconds: int = 900
    code_form: str = "CODE{:04}"
    host: str = "127.0.0.1"
    port: int = 0

    asked: list[str] = field(default_factory=list)  # the grants and paths asked for, in order
    told: list[str] = field(default_factory=list)  # every secret it gave out

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._devices: dict[str, _Device] = {}  # by the code the person types
        self._refresh: dict[str, str] = {}  # refresh token -> user
        self._next: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._torn = 0

    @property
    def authority(self) -> str:
        """What stands before the tenant, as "https://login.microsoftonline.com"."""
        return f"https://{self.host}:{self.port}"

    # ------------------------------------------------------------------ the person in the browser

    def codes(self) -> list[str]:
        """The codes that wait for a person."""
        return [code for code, device in self._devices.items() if device.state == "waits"]

    def approve(self, code: str, user: str) -> None:
        """Somebody types the code and logs in."""
        self._devices[code].state, self._devices[code].user = "approved", user

    def decline(self, code: str) -> None:
        """Somebody types the code and says no."""
        self._devices[code].state = "declined"

    def run_out(self, code: str) -> None:
        """Nobody has typed the code in time."""
        self._devices[code].state = "expired"

    # ------------------------------------------------------------------ what goes wrong

    def say(self, status: int, error: str, description: str = "") -> None:
        """Answer the next question at /token so, whatever it is."""
        self._next.append((status, {"error": error, "error_description": description or error}))

    def tear(self, answers: int = 1) -> None:
        """Give out the next tokens in answers whose end is missing."""
        self._torn += answers

    def torn(self, body: bytes) -> bytes:
        """An answer as it goes out."""
        if not self._torn or b"access_token" not in body:
            return body
        self._torn -= 1
        return body[:-1]

    def revoke(self) -> None:
        """Make every login given so far worthless, as a changed password does."""
        self._refresh.clear()

    def renewals(self) -> int:
        """How often a login was to be renewed."""
        return self.asked.count("refresh_token")

    # ------------------------------------------------------------------ inside

    def get(self, path: str) -> Answer:
        """The OpenID configuration of a tenant."""
        tenant, _, rest = path.lstrip("/").partition("/")
        self.asked.append(rest)
        if rest != "v2.0/.well-known/openid-configuration":
            return 404, {}
        if tenant not in self.tenants:
            return 400, _error("invalid_tenant", f"AADSTS90002: Tenant '{tenant}' not found.")
        base = f"{self.authority}/{tenant}"
        return 200, {
            "issuer": f"{self.authority}/{_TENANT_ID}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        }

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """The device and token endpoints."""
        tenant, _, rest = path.lstrip("/").partition("/")
        if tenant not in self.tenants or rest not in ("oauth2/v2.0/devicecode", "oauth2/v2.0/token"):
            return 404, {}
        if form.get("client_id") != CLIENT:
            return 400, _error(
                "unauthorized_client", "AADSTS700016: Application not found in the directory.\r\nTrace ID: 1"
            )
        with self._lock:
            if rest.endswith("devicecode"):
                self.asked.append("devicecode")
                return self._device_code(form)
            grant = form.get("grant_type", "")
            self.asked.append("device_code" if grant == _DEVICE else grant)
            if self._next:
                return self._next.popleft()
            if grant == _DEVICE:
                return self._by_device_code(form)
            return (
                self._by_refresh_token(form) if grant == "refresh_token" else (400, _error("invalid_grant"))
            )

    def _device_code(self, form: dict[str, str]) -> Answer:
        scopes = form.get("scope", "").split()
        if "offline_access" not in scopes or not any(scope.startswith(MAIL) for scope in scopes):
            return 400, _error("invalid_scope", "AADSTS70011: The provided value for scope is not valid.")
        number = next(self._numbers)
        code, device_code = self.code_form.format(number), f"device-code-{number}-very-secret"
        self._devices[code] = _Device(device_code)
        self.told.append(device_code)
        return 200, {
            "user_code": code,
            "device_code": device_code,
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": self.code_seconds,
            "interval": self.interval,
            "message": f"To sign in, open the page and enter the code {code}.",
        }

    def _by_device_code(self, form: dict[str, str]) -> Answer:
        found = [each for each in self._devices.values() if each.device_code == form.get("device_code")]
        if not found:
            return 400, _error("bad_verification_code", "AADSTS70020: The device code was not recognised.")
        device = found[0]
        if device.state == "approved":
            device.state = "used"
            return self._tokens(device.user)
        return 400, {
            "waits": _error("authorization_pending", "AADSTS70016: The user has not authorized yet."),
            "declined": _error("authorization_declined", "AADSTS70018: The user declined."),
            "expired": _error("expired_token", "AADSTS70019: The code has expired."),
            "used": _error("invalid_grant", "AADSTS54005: The code was redeemed already."),
        }[device.state]

    def _by_refresh_token(self, form: dict[str, str]) -> Answer:
        user = self._refresh.get(form.get("refresh_token", ""))
        if user is None:
            return 400, _error(
                "invalid_grant",
                f"AADSTS50173: The grant {form.get('refresh_token')} was revoked; log in again.\r\nTrace ID: 1",
            )
        return self._tokens(user)

    def _tokens(self, user: str) -> Answer:
        number = next(self._numbers)
        access, refresh = self.issue(user, number), f"refresh-token-{number}-very-secret"
        claims = {
            "aud": CLIENT,
            "iss": f"{self.authority}/{_TENANT_ID}/v2.0",
            "exp": _FAR,
            "iat": 1,
            "sub": user,
            "oid": f"oid-{user}",
            "tid": _TENANT_ID,
            "preferred_username": user,
        }
        identity = f"{_part({'alg': 'none'})}.{_part(claims)}.signature-{number}"
        self._refresh[refresh] = user
        self.told += [access, refresh, identity]
        return 200, {
            "token_type": "Bearer",
            "scope": f"{MAIL}IMAP.AccessAsUser.All {MAIL}SMTP.Send",
            "expires_in": self.expires_in,
            "ext_expires_in": self.expires_in,
            "access_token": access,
            "refresh_token": refresh,
            "id_token": identity,
            "client_info": _part({"uid": f"oid-{user}", "utid": _TENANT_ID}),
        }


def _error(error: str, description: str = "") -> dict[str, Any]:
    return {"error": error, "error_description": description or error, "error_codes": []}


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


@contextlib.contextmanager
def in_place_of_microsoft(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> Iterator[Microsoft]:
    """For the length of a `with`, one that Frontdesk takes for Microsoft; `more` are fields of Microsoft."""
    with running_microsoft(certificate, **more) as server, monkeypatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(certificate.cert))
        patch.setenv("NO_PROXY", server.host)
        patch.setattr("inbox.channels.microsoft.AUTHORITY", server.authority)
        yield server


@contextlib.contextmanager
def running_microsoft(certificate: Certificate, **more: Any) -> Iterator[Microsoft]:
    """Start one for the length of a `with`; `more` are fields of Microsoft."""
    microsoft = Microsoft(**more)

    class Line(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(*microsoft.get(self.path.partition("?")[0]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            self._answer(*microsoft.post(self.path, dict(parse_qsl(body))))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body = microsoft.torn(json.dumps(said).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the requests hold secrets, and the tests' output is read by people."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> Any:
            plain, address = super().get_request()
            plain.settimeout(30)
            # The handshake is left to the line's own thread: one client that says nothing must not hold others up.
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing: a client that goes away, or does not trust us, is part of the test."""

    context = certificate.server_context()
    server = Server((microsoft.host, 0), Line)
    microsoft.port = server.server_address[1]
    with serving(server, "microsoft"):
        yield microsoft
