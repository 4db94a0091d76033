"""A client made from the schema by a public generator works against the running server."""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.site_library import jpeg, site_library
from tests.site_server import running, wait_until_ready
from tests.test_openapi import GOLDEN

PACKAGE = "generated_vsearch_client"


def generate(folder: Path) -> None:
    """Writes the client's package into a folder."""
    settings = folder / "settings.yml"
    settings.write_text("post_hooks: []\n")
    command = Path(sys.executable).with_name("openapi-python-client")
    options = ["--meta=none", f"--config={settings}", f"--output-path={folder / PACKAGE}", "--fail-on-warning"]
    subprocess.run([command, "generate", "--path", GOLDEN, *options], check=True, capture_output=True)


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`part("api.search.search")` is that module of the generated client."""
    if not shutil.which("openapi-python-client", path=str(Path(sys.executable).parent)):
        pytest.skip("openapi-python-client is not installed")
    generate(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name: importlib.import_module(f"{PACKAGE}.{name}")


@pytest.mark.slow
def test_a_generated_client_searches_pages_and_saves(tmp_path: Path, part: Any) -> None:
    with site_library(tmp_path) as library, running(library) as (_, address):
        wait_until_ready(address)
        with part("client").Client(base_url=address, raise_on_unexpected_status=True) as client:
            use(client, part)


def use(client: Any, part: Any) -> None:
    """A person's day with the API."""
    models, types = part("models"), part("types")
    searching = part("api.search.search")

    first = searching.sync(client=client, q="red", k=1, any_=False, explain=True)
    assert (first.count, first.results[0].title) == (1, "sunrise.mp4")
    assert first.results[0].explain.similarity == pytest.approx(first.results[0].score)
    assert searching.sync(client=client, q="red", k=1, cursor=first.next_).results[0].rank == 2

    refused = searching.sync_detailed(client=client, q="emotion:hapy")
    assert refused.status_code == 400
    assert refused.parsed.error.code == "unknown-tag"

    picture = types.File(payload=io.BytesIO(jpeg("blue")), file_name="sea.jpg", mime_type="image/jpeg")
    alike = part("api.search.search_with_files").sync(client=client, body=models.AskedFiles(picture=[picture]))
    assert alike.results[0].video_id == 2

    video = part("api.videos.video").sync(1, client=client, tracks=True)
    assert (video.title, video.duration, video.segments[0].label) == ("sunrise.mp4", 8.0, "happy")
    assert [one.video_id for one in part("api.videos.videos").sync(client=client).videos] == [1, 2]
    assert part("api.server.health").sync(client=client).ready is True

    new = models.NewSaved(name="a/b", question="red")
    assert part("api.saved_searches.save_search").sync(client=client, body=new).question == "red"
    told = part("api.saved_searches.ask_saved").sync("a/b", client=client, body=models.RunSaved(k=1))
    assert told.results[0].clip_id == first.results[0].clip_id
    assert part("api.saved_searches.forget_saved").sync("a/b", client=client).removed == "a/b"
