"""Who may ask, and what a page may do: the checks of Host and Origin, and the headers of every answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address

from flask import Flask, Response, request

from search.errors import UsageError

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class ForeignHostError(UsageError):
    """The request names a host that this server is not: a page elsewhere has bent its own name to this machine."""

    code = "foreign-host"


class ForeignOriginError(UsageError):
    """A page elsewhere asks for a change."""

    code = "foreign-origin"
    http_status = 403


def is_loopback(host: str) -> bool:
    """Whether a name or address, without port and brackets, means this machine and nothing else."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """The host of a `Host` header, without port and brackets: `[::1]:8765` gives `::1`; empty when malformed."""
    match = re.fullmatch(r"(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::\d*)?", header)
    return (match.group(1) or match.group(2)) if match else ""


def is_foreign(origin: str | None, fetch_site: str | None, host: str) -> bool:
    """Whether a browser says that a page of another origin than `http(s)://host` sends the request.

    What is no browser sends neither header, and no page can make it send a request.
    """
    if fetch_site not in (None, "same-origin", "none"):
        return True
    return origin is not None and origin.partition("://")[2] != host


def checked_host(answers_to: Callable[[str], bool]) -> Callable[[], None]:
    """A check before each request: the `Host` header names this server. It raises ForeignHostError."""

    def check() -> None:
        host = host_name(request.headers.get("Host", ""))
        if not (is_loopback(host) or answers_to(host)):
            raise ForeignHostError(
                f"This server does not answer to the name {host or '(none)'}.",
                "Open it by the address that `vsearch serve` printed, or give it the name with --name.",
            )

    return check


def check_origin() -> None:
    """Changes are for pages of this server alone; for the rest, pages elsewhere may lead here but fetch nothing.

    Raises ForeignOriginError.
    """
    if request.method not in SAFE_METHODS:
        refuse_foreign()
    elif is_foreign(None, request.headers.get("Sec-Fetch-Site"), "") and not is_link():
        raise ForeignOriginError("A page of another site may not load this.", "Open it in a window of its own.")


def refuse_foreign() -> None:
    """Raises ForeignOriginError for what a page elsewhere sends, be it only a link that somebody follows there."""
    headers = request.headers
    if is_foreign(headers.get("Origin"), headers.get("Sec-Fetch-Site"), headers.get("Host", "")):
        raise ForeignOriginError(
            "A page of another site may not send this request.", "Send it from a page of this server, or a program."
        )


def is_link() -> bool:
    """Whether a browser says that a person goes from one page to another."""
    return request.headers.get("Sec-Fetch-Mode") == "navigate"


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def secure(app: Flask, answers_to: Callable[[str], bool] = lambda _name: False) -> None:
    """Puts the checks before every request and the headers on every answer.

    `answers_to` says which names mean this server beside those of the machine itself.
    """
    app.before_request(checked_host(answers_to))
    app.before_request(check_origin)
    app.after_request(add_headers)
