"""`vsearch models`."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search.encoders import registry
from search.encoders.hub import S3D, cache_key
from search.encoders.registry import choose_auto, open_encoder, register
from search.errors import ModelUnavailable, PathNotFound, UsageError
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.hub_server import serve
from tests.models import build_hub_model, build_model
from vsearch import cli


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a hub sends: a module of TF1 Hub."""
    place = tmp_path_factory.mktemp("archive")
    with tarfile.open(place / "s3d.tar.gz", "w:gz") as tar:
        tar.add(build_hub_model(place / "model"), arcname=".")
    return (place / "s3d.tar.gz").read_bytes()


def run(*arguments: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["models", *arguments], standalone_mode=False)
    assert (result.return_value or 0) == exit_code, result.output
    assert result.exception is None, result.exception
    return result


def document(*arguments: str, exit_code: int = 0) -> dict[str, Any]:
    result = run(*arguments, "--json", exit_code=exit_code)
    read: dict[str, Any] = json.loads(result.stdout)
    assert read["schema"] == 1
    return read


def test_the_list_names_every_encoder_and_what_is_here() -> None:
    cards = {card["name"]: card for card in document("list")["models"]}
    assert list(cards)[:2] == ["s3d", "mini"]
    assert cards["s3d"]["cached"] is False
    assert cards["s3d"]["source"] == S3D
    assert "vsearch models fetch s3d" in run("list").stdout


@pytest.mark.slow
def test_a_fetched_model_is_shown_with_its_tower_and_passes_its_check(
    archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(archive) as server:
        monkeypatch.setenv("VSEARCH_HUB", server.address)
        assert "fetching s3d" in run("fetch", "s3d", "--json").stderr
        card = document("fetch", "s3d")["model"]
        assert document("show", "s3d")["model"] == card
        assert len(server.asked) == 1
    assert (card["cached"], card["dim"], card["frames"], card["text_runtime"]) == (True, 16, 32, "numpy")
    assert card["path"].endswith(cache_key(S3D))
    assert "agrees with the model on 100 sentences" in card["text_reason"]
    assert [check["check"] for check in document("check", "s3d")["checks"]] == [
        "files",
        "video",
        "text",
        "text tower",
    ]
    assert choose_auto(read_settings()) == ("s3d", "")
    assert open_encoder("s3d").spec.name == "s3d"


def test_auto_fetches_when_it_can_and_says_so_when_it_cannot(archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    name, sentence = choose_auto(read_settings())
    assert name == "mini"
    assert "within 5 s" in sentence
    assert "vsearch models fetch s3d" in sentence
    with serve(archive) as server:
        monkeypatch.setenv("VSEARCH_HUB", server.address)
        assert choose_auto(read_settings()) == ("s3d", "")


@pytest.mark.slow
def test_a_damaged_model_fails_its_check_with_a_cure(tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model", tower=True)
    assert document("check", str(folder))["ok"] is True
    (folder / "text_tower" / "plan.json").write_text('{"max_words": 1}')
    verdict = document("check", str(folder), exit_code=3)
    wrong = [check for check in verdict["checks"] if not check["ok"]]
    assert [check["check"] for check in wrong] == ["text tower"]
    assert "text_tower" in wrong[0]["cure"]
    assert "WRONG" in run("check", str(folder), exit_code=3).stdout


@pytest.mark.slow
def test_changed_files_of_a_fetched_model_are_noticed(archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(archive) as server:
        monkeypatch.setenv("VSEARCH_HUB", server.address)
        folder = Path(document("fetch", "s3d")["model"]["path"])
    (folder / "tfhub_module.pb").write_bytes(b"other")
    verdict = document("check", "s3d", exit_code=3)
    assert "not as they were" in verdict["checks"][0]["detail"]


def test_checking_a_model_that_is_not_here_does_not_fetch_it() -> None:
    result = CliRunner().invoke(cli, ["models", "check", "s3d"], standalone_mode=False)
    assert isinstance(result.exception, ModelUnavailable)
    assert "models fetch s3d" in result.exception.cure


def test_only_models_of_the_hub_are_fetched() -> None:
    with pytest.raises(UsageError, match="mini is not a model to be fetched"):
        registry.fetch_model("mini", read_settings())


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean mini") as unknown:
        open_encoder("minni")
    assert "s3d, mini" in unknown.value.cure
    with pytest.raises(PathNotFound, match="no model folder"):
        open_encoder("./no/such/folder")


def test_a_folder_is_known_by_its_whole_path_even_if_its_plan_claims_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_model(tmp_path / "model", tower=True)
    monkeypatch.chdir(tmp_path)
    assert open_encoder("model").spec.name == str(tmp_path / "model")


def test_another_encoder_takes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENTRIES, "fake", None)  # taken out again afterwards
    register("fake", lambda settings: FakeEncoder())
    assert open_encoder("fake").spec == FAKE_SPEC
    assert document("show", "fake")["model"]["dim"] == FAKE_SPEC.dim
    assert document("check", "fake")["ok"] is True


def test_what_needs_unpickling_is_refused_with_the_lines_that_convert_it(tmp_path: Path, line: CommandLine) -> None:
    (tmp_path / "words.txt").write_text("a\n")
    (tmp_path / "s3d_howto100m.pth").write_bytes(b"\x80\x02")

    done = line(
        "models", "import", tmp_path / "s3d_howto100m.pth", "--words", tmp_path / "words.txt", "--out", tmp_path / "m"
    )

    assert done.code == 2
    assert "torch.load" in done.err
    assert not (tmp_path / "m").exists()
