"""`/metrics`: how the server does and how large the library is, in the text format of Prometheus."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from search.service import SearchService

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds."""
PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
"""Of a rule of Flask: `<int:video_id>` is written `{video_id}`."""
METHODS = {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}
SEARCHES = {"api_search.search", "api_search.search_with_files", "api_search.similar", "api_saved.ask_saved"}
"""Endpoints that answer with moments."""


class LibrarySize(Collector):
    """Read from the catalog when it is asked for."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        counts = self._service.library.catalog.counts()
        videos = GaugeMetricFamily("vsearch_library_videos", "Videos by state.", labels=["state"])
        for state, count in counts.videos.items():
            videos.add_metric([state.value], count)
        yield videos
        yield GaugeMetricFamily("vsearch_library_clips", "Clips.", counts.clips)
        yield GaugeMetricFamily("vsearch_library_film_seconds", "Seconds of film.", counts.film_seconds)
        yield GaugeMetricFamily("vsearch_ready", "1 when a question is answered at once.", self._service.ready)


def measure(app: Flask, service: SearchService) -> None:
    """Counts and times every request of the app, and serves the figures at `/metrics`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(LibrarySize(service))
    labels = ["method", "path", "status"]
    requests = Counter("vsearch_http_requests", "Requests answered.", labels, registry=registry)
    seconds = Histogram(
        "vsearch_http_request_seconds",
        "Seconds until the answer began.",
        ["path"],
        registry=registry,
        buckets=BUCKETS,
    )
    searches = Counter("vsearch_searches", "Searches over the API, by outcome.", ["outcome"], registry=registry)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        path = PARAMETER.sub(r"{\1}", request.url_rule.rule) if request.url_rule else "unknown"
        method = request.method if request.method in METHODS else "other"
        requests.labels(method, path, response.status_code).inc()
        seconds.labels(path).observe(time.perf_counter() - g.began)
        if request.endpoint in SEARCHES:
            searches.labels("answered" if response.status_code < 400 else "refused").inc()
        return response

    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        response = Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_1_0_0)
        response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(blueprint)
