"""Who may ask, and what a page may do: the Host check and the headers of every answer."""

from __future__ import annotations

import re
from ipaddress import ip_address

from flask import Flask, Response, request

from search.errors import UsageError

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
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


def secure(app: Flask) -> None:
    """Puts the Host check before every request and the headers on every answer."""

    @app.before_request
    def check_host() -> None:
        host = host_name(request.headers.get("Host", ""))
        if not is_loopback(host):
            raise ForeignHostError(
                f"This server does not answer to the name {host or '(none)'}.",
                "Open it by the address that `vsearch serve` printed.",
            )

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
