"""A loopback server that speaks the compressed protocol of TF Hub, and misbehaves on request."""

from __future__ import annotations

import io
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/deepmind/mil-nce/s3d/1?tf-hub-format=compressed"
Answer = Callable[["HubHandler"], None]


def pack(files: Mapping[str, bytes], *, more: list[tarfile.TarInfo] | None = None) -> bytes:
    """A tar.gz of these files, and of `more` members without content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in more or []:
            tar.addfile(member)
    return buffer.getvalue()


class HubServer(ThreadingHTTPServer):
    """Answers each request with the next of `answers`; the last one stays."""

    daemon_threads = True

    def __init__(self, archive: bytes, answers: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.archive = archive
        self.answers = answers
        self.asked: list[tuple[str, str]] = []
        """Path and Range of every request so far."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has hung up is what some tests are about."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class HubHandler(BaseHTTPRequestHandler):
    server: HubServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def begin(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


def send_all(handler: HubHandler) -> None:
    archive, asked = handler.server.archive, handler.headers.get("Range")
    start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
    if start >= len(archive):
        return handler.begin(416, 0, Content_Range=f"bytes */{len(archive)}")
    rest = archive[start:]
    span = {"Content_Range": f"bytes {start}-{len(archive) - 1}/{len(archive)}"} if asked else {}
    handler.begin(206 if asked else 200, len(rest), **span)
    handler.wfile.write(rest)
    return None


def send_half(handler: HubHandler) -> None:
    """Promises everything, sends half, hangs up."""
    archive = handler.server.archive
    handler.begin(200, len(archive))
    handler.wfile.write(archive[: len(archive) // 2])


def send_slowly(seconds: float) -> Answer:
    def answer(handler: HubHandler) -> None:
        time.sleep(seconds)
        send_all(handler)

    return answer


def send_page(handler: HubHandler) -> None:
    page = b"<html><body>Sign in to the hotel's network</body></html>"
    handler.begin(200, len(page), Content_Type="text/html")
    handler.wfile.write(page)


def refuse_with(status: int) -> Answer:
    return lambda handler: handler.begin(status, 0)


def redirect(handler: HubHandler) -> None:
    handler.begin(302, 0, Location=f"{handler.server.address}/elsewhere.tar.gz")


@contextmanager
def serve(archive: bytes, *answers: Answer) -> Iterator[HubServer]:
    with HubServer(archive, list(answers) or [send_all]) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
