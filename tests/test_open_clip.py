"""Models of open_clip as encoders. Their weights are random: what they mean is not looked at here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.encoders import open_clip_source
from search.encoders.open_clip import OpenClipEncoder
from search.encoders.registry import fetch_model, full_name, open_encoder
from search.errors import ModelUnavailable, PathNotFound, UsageError
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.films import draw_film
from tests.open_clip_models import ARCHITECTURE, DIM, PREPROCESSING, SIZE, WEIGHTS, build_open_clip, need_open_clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_open_clip(tmp_path_factory.mktemp("open_clip") / "model")


@pytest.fixture
def published(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model `tiny` with one published tag, `drawn`, as if its weights had been fetched."""
    open_clip = need_open_clip()
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "tiny", ARCHITECTURE)
    weights = {"file": str(folder / WEIGHTS), **PREPROCESSING}
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, "tiny", {"drawn": weights})
    return "open_clip:tiny/drawn"


def open_source(text: object) -> OpenClipEncoder:
    return OpenClipEncoder(str(text), read_settings().models)


def test_clips_and_sentences_are_as_open_clip_itself_makes_them(folder: Path) -> None:
    import torch
    from PIL import Image

    open_clip = need_open_clip()
    model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(["a dog on the beach"])
    clips = np.random.default_rng(1).integers(0, 256, (2, 8, SIZE, SIZE, 3), np.uint8)
    with torch.inference_mode():
        pixels = torch.stack([preprocess(Image.fromarray(frame)) for frame in clips.reshape(-1, SIZE, SIZE, 3)])
        frames = model.eval().encode_image(pixels, normalize=True).reshape(2, 8, DIM)
        wanted = torch.nn.functional.normalize(frames.mean(dim=1), dim=1).numpy()
        sentence = model.encode_text(tokens, normalize=True).numpy()
    encoder = open_source(folder)
    np.testing.assert_allclose(encoder.encode_clips(clips), wanted, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_texts(["a dog on the beach"]), sentence, atol=1e-5)
    spec = encoder.spec
    assert (spec.name, spec.frames, spec.fps, spec.size, spec.dim) == (f"open_clip:{folder}", 8, 2.5, SIZE, DIM)


def test_the_same_weights_have_one_fingerprint_wherever_they_are(
    folder: Path, tmp_path: Path, published: str
) -> None:
    fingerprint = open_source(folder).spec.fingerprint
    assert open_encoder(published).spec.fingerprint == fingerprint
    assert open_source(f"tiny/{folder / WEIGHTS}").spec.fingerprint == fingerprint
    assert open_source(build_open_clip(tmp_path / "other", seed=1)).spec.fingerprint != fingerprint


def test_a_model_with_one_tag_needs_no_tag(published: str) -> None:
    assert full_name("open_clip:tiny") == published
    assert open_encoder("open_clip:tiny").spec.name == published


def test_a_model_that_was_run_once_is_opened_without_torch_and_with_the_same_fingerprint(folder: Path) -> None:
    spec = open_source(folder).spec
    code = (
        "import sys\nfrom search.encoders.registry import open_encoder\n"
        f"encoder = open_encoder('open_clip:{folder}')\nassert encoder.spec.fingerprint == {spec.fingerprint!r}\n"
        "assert not {'torch', 'open_clip', 'tensorflow'} & set(sys.modules)\n"
        f"assert encoder.compute_fingerprint() == {spec.fingerprint!r}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=250)


def test_changed_weights_are_noticed(tmp_path: Path) -> None:
    folder = build_open_clip(tmp_path / "model")
    before = open_source(folder).spec.fingerprint
    build_open_clip(tmp_path / "other", seed=1).joinpath(WEIGHTS).replace(folder / WEIGHTS)
    assert open_source(folder).spec.fingerprint != before


def test_wrong_names_are_answered_with_the_right_ones(published: str) -> None:
    with pytest.raises(UsageError, match="no model 'ViT-B-33'") as unknown:
        open_encoder("open_clip:ViT-B-33")
    assert "ViT-B-32" in unknown.value.cure
    with pytest.raises(UsageError, match="published weights for ViT-B-32") as many:
        open_encoder("open_clip:ViT-B-32")
    assert "laion2b_s34b_b79k" in many.value.cure
    with pytest.raises(UsageError, match="no weights 'painted'") as tag:
        _ = open_encoder("open_clip:tiny/painted").spec
    assert "drawn" in tag.value.cure


def test_paths_that_lead_nowhere_are_wrong_names(tmp_path: Path) -> None:
    for name in (tmp_path / "none", "./none", "tiny/./none", "tiny/none.safetensors", "tiny//none.pt"):
        with pytest.raises(PathNotFound):
            open_encoder(f"open_clip:{name}")


def test_weights_that_cannot_be_fetched_are_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    need_open_clip()
    encoder = open_source("ViT-B-32/laion2b_s34b_b79k")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="out of reach") as away:
        _ = encoder.spec
    assert "open_clip:ViT-B-32/FILE" in away.value.cure


def test_a_hub_that_is_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    need_open_clip()
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    open_clip_source.import_open_clip.cache_clear()
    open_clip_source.import_open_clip()
    assert os.environ["HF_HUB_OFFLINE"] == "1"


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> Any:
        return Path.touch, (self.sprung,)


def test_weights_that_would_run_code_are_refused_and_do_not(tmp_path: Path, published: str) -> None:
    import torch

    torch.save({"state_dict": Trap(tmp_path / "sprung")}, tmp_path / "weights.pt")
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as refused:
        _ = open_source(f"tiny/{tmp_path / 'weights.pt'}").spec
    assert "\n" not in refused.value.message
    assert not (tmp_path / "sprung").exists()


def test_weights_of_another_model_are_refused(folder: Path) -> None:
    need_open_clip()
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as refused:
        _ = open_source(f"ViT-B-32/{folder / WEIGHTS}").spec
    assert "of this very model" in refused.value.cure


def test_a_file_of_weights_is_fed_what_all_tags_of_its_model_agree_on(folder: Path) -> None:
    need_open_clip()
    file = str(folder / WEIGHTS)
    look = open_clip_source.published_preprocessing
    assert look(open_clip_source.Source("PE-Core-B-16", file))["mean"] == (0.5, 0.5, 0.5)
    assert "quick_gelu" not in look(open_clip_source.Source("ViT-B-32", file))
    assert look(open_clip_source.Source("ViT-B-32", "openai"))["quick_gelu"] is True


def test_what_is_not_here_is_shown_as_such_fetched_and_then_known(published: str, line: CommandLine) -> None:
    assert line("models", "show", published, "--json").document["model"]["cached"] is False
    assert "models fetch" in line("models", "check", published).err
    assert fetch_model(published, read_settings()).name == WEIGHTS
    card = line("models", "show", published, "--json").document["model"]
    assert (card["cached"], card["dim"], card["text_runtime"]) == (True, DIM, "torch")
    assert line("models", "check", published, "--json").document["ok"]


def test_a_library_is_made_and_asked(folder: Path, tmp_path: Path, line: CommandLine) -> None:
    draw_film(tmp_path / "films" / "red.mp4", "red", "blue")
    assert line("index", tmp_path / "films", "--encoder", f"open_clip:{folder}", "--json").code == 0
    answer = line("search", "a red dog", "--json").document
    assert answer["encoder"]["name"] == f"open_clip:{folder}"
    assert [hit["title"] for hit in answer["results"]] == ["red.mp4"] * 2, "a moment for each shot"
    assert answer["query"]["unknown_words"] == []


def test_without_the_extra_the_cure_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setitem(sys.modules, "open_clip", None)
    open_clip_source.import_open_clip.cache_clear()
    with pytest.raises(ModelUnavailable, match="needs open_clip") as missing:
        _ = open_encoder("open_clip:ViT-B-32/openai").spec
    assert "vsearch[openclip]" in missing.value.cure
