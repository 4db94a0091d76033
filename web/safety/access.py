"""Who may ask where others can reach the server: those who have its token, in a header or from the login page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote

from flask import Blueprint, Flask, Request, Response, make_response, redirect, render_template, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as BaseResponse

from search.errors import UsageError

COOKIE = "vsearch"
DAYS = 30
SHORTEST = 16
"""Letters of a token that somebody chose."""
REQUESTS, LOGINS = "1200 per minute", "10 per minute"
"""Of one address; a page with its pictures is some forty requests."""
OPEN = frozenset({"access.login", "api_health.health", "static"})
"""Endpoints that say nothing of the library."""


class TokenNeeded(UsageError):
    """The request does not carry the token of this server."""

    code = "token-needed"
    http_status = 401


@dataclass(frozen=True, slots=True)
class Access:
    """How a server that others can reach is guarded."""

    token: str
    names: frozenset[str] = frozenset()
    """What the machine may be called, lower case; its addresses always do."""

    @property
    def cookie(self) -> str:
        """What the login page hands out instead of the token."""
        return hashlib.blake2b(b"vsearch session", key=self.token.encode()[:64]).hexdigest()

    def admits(self, asked: Request) -> bool:
        """Whether a request carries the token or the cookie; takes as long for a wrong one as for a right one."""
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        by_header = scheme.lower() == "bearer" and same(token.strip(), self.token)
        return by_header or same(asked.cookies.get(COOKIE, ""), self.cookie)

    def answers_to(self, name: str) -> bool:
        """Whether the server may be called that: another name leads here only where somebody bent it to."""
        try:
            return bool(ip_address(name))
        except ValueError:
            return name.lower().rstrip(".") in self.names


def open_access(token: str, names: tuple[str, ...] = ()) -> Access:
    """With this token, or a new one where it is empty. Raises UsageError for one that is easily guessed."""
    if token and (len(token) < SHORTEST or not token.isascii() or not token.isprintable()):
        raise UsageError(
            f"The token in VSEARCH_TOKEN has fewer than {SHORTEST} letters, or others than ASCII.",
            "Leave it out, and a new one is made at each start.",
        )
    own = {socket.gethostname(), socket.getfqdn(), "localhost"}
    known = own | {f"{name}.local" for name in own} | set(names)
    return Access(token or secrets.token_urlsafe(24), frozenset(name.lower() for name in known))


def same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def guard(app: Flask, access: Access) -> None:
    """Asks for the token before every request but those to `OPEN`, and limits how many one address may send."""
    limiter = Limiter(get_remote_address, app=app, default_limits=[REQUESTS], storage_uri="memory://")
    app.before_request(_check(access))
    app.register_blueprint(_login(access, limiter))


def _check(access: Access) -> Callable[[], BaseResponse | None]:
    def check() -> BaseResponse | None:
        if request.endpoint in OPEN or access.admits(request):
            return None
        if request.accept_mimetypes.accept_html and request.method == "GET" and not request.path.startswith("/api/"):
            return redirect(f"/login?to={quote(request.full_path.rstrip('?'))}")
        raise TokenNeeded(
            "This server asks for its token.",
            "Send the header Authorization: Bearer TOKEN, as `vsearch serve` told it.",
        )

    return check


def _login(access: Access, limiter: Limiter) -> Blueprint:
    blueprint = Blueprint("access", __name__)

    @blueprint.route("/login", methods=["GET", "POST"])
    @limiter.limit(LOGINS, methods=["POST"])
    def login() -> BaseResponse:
        to = local(request.args.get("to", "/"))
        if request.method == "POST" and same(request.form.get("token", "").strip(), access.token):
            answer = redirect(to, 303)
            answer.set_cookie(
                COOKIE,
                access.cookie,
                max_age=DAYS * 86400,
                httponly=True,
                samesite="Strict",
                secure=request.is_secure,
            )
            return answer
        wrong = request.method == "POST"
        page: Response = make_response(render_template("login.html", to=to, wrong=wrong), 401 if wrong else 200)
        page.headers["Cache-Control"] = "no-store"
        return page

    return blueprint


def local(path: str) -> str:
    """A path of this server; the start page for anything else, so that no login leads elsewhere."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"
