"""The schema of the API: the golden file, a description for every field, and the page on which it is read."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from tests.site_library import site_library
from web.app import create_app

GOLDEN = Path(__file__).parent / "golden" / "openapi.json"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with site_library(tmp_path_factory.mktemp("openapi")) as library:
        yield create_app(SearchService(library)).test_client()


@pytest.fixture(scope="module")
def schema(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return document


def written(schema: dict[str, Any]) -> str:
    """As the golden file has it: without the version of the package, so that a release changes nothing."""
    info = schema["info"] | {"version": "0"}
    return json.dumps(schema | {"info": info}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_schema_is_the_golden_one(schema: dict[str, Any]) -> None:
    """A contract: see what has changed, and that only things were added; then `python -m tests.test_openapi`."""
    assert written(schema) == GOLDEN.read_text("utf-8")


def test_every_field_and_parameter_is_described(schema: dict[str, Any]) -> None:
    models = schema["components"]["schemas"]
    fields = {
        f"{model}.{name}": field
        for model, facts in models.items()
        for name, field in facts.get("properties", {}).items()
        if "$ref" not in field  # what it refers to is described
    }
    operations = [(path, operation) for path, item in schema["paths"].items() for operation in item.values()]
    parameters = {
        f"{path} {parameter['name']}": parameter
        for path, operation in operations
        for parameter in operation.get("parameters", ())
    }
    undescribed = [name for name, facts in (fields | parameters).items() if not facts.get("description")]
    assert undescribed == []
    assert all(facts["description"] for facts in models.values())
    assert all(operation["summary"] for _, operation in operations)


def test_numbers_say_their_unit(schema: dict[str, Any]) -> None:
    unit = re.compile(r"second|share|sure|dot product|frames|0 to 1|taken from it", re.IGNORECASE)
    models = schema["components"]["schemas"]
    without = [
        f"{model}.{name}"
        for model, facts in models.items()
        for name, field in facts.get("properties", {}).items()
        if "number" in (field.get("type"), *(one.get("type") for one in field.get("anyOf", ())))
        and not unit.search(field["description"])
    ]
    assert without == []


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api/search?q=red&explain=1", "SearchDocument"),
        ("/api/similar/1", "SearchDocument"),
        ("/api/facets", "FacetsDocument"),
        ("/api/videos", "VideosDocument"),
        ("/api/videos/1?tracks=1", "VideoDocument"),
        ("/api/saved", "SavedListDocument"),
        ("/api/health", "HealthDocument"),
        ("/api/nothing", "ErrorAnswer"),
    ],
)
def test_every_field_of_an_answer_is_in_the_schema(
    client: FlaskClient, schema: dict[str, Any], path: str, model: str
) -> None:
    models = schema["components"]["schemas"]

    def unknown(value: Any, facts: dict[str, Any], at: str) -> Iterator[str]:
        if "$ref" in facts:
            facts = models[facts["$ref"].rpartition("/")[2]]
        for choice in facts.get("anyOf", ()):
            yield from unknown(value, choice, at)
        if isinstance(value, dict) and "properties" in facts:
            for name, inner in value.items():
                if name not in facts["properties"]:
                    yield f"{at}.{name}"
                else:
                    yield from unknown(inner, facts["properties"][name], f"{at}.{name}")
        elif isinstance(value, list) and "items" in facts:
            for inner in value:
                yield from unknown(inner, facts["items"], at)

    assert list(unknown(client.get(path).get_json(), {"$ref": f"/{model}"}, model)) == []


def test_the_docs_are_read_without_the_network(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    links = re.findall(r'(?:src|href|data-schema)="([^"]+)"', page.get_data(as_text=True))
    assert len(links) >= 5
    for link in links:
        assert link.startswith("/"), link
        with client.get(link) as asset:
            assert asset.status_code == 200, link


def test_only_what_the_page_needs_is_served_with_it(client: FlaskClient) -> None:
    for name in ("swagger-ui-standalone-preset.js", "..", "%2e%2e%2f__init__.py"):
        assert client.get(f"/api/docs/{name}").status_code == 404


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, make_library(Path(folder) / "library") as library:
        add_film(library, "film.mp4", ["red"])
        fresh = create_app(SearchService(library)).test_client().get("/api/openapi.json").get_json()
    GOLDEN.write_text(written(fresh), "utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
