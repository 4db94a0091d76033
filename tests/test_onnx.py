"""ONNX folders as encoders."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.contracts import EncoderSpec, UInt8
from search.directions import unit
from search.encoders.frames import normalise_pixels
from search.encoders.onnx import OnnxEncoder
from search.encoders.onnx_folder import compute_fingerprint, find_fault
from search.encoders.open_clip import OpenClipEncoder
from search.encoders.registry import full_name, open_encoder
from search.errors import EncoderMismatch, ModelUnavailable, PathNotFound
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.films import draw_film
from tests.onnx_models import DIM, LENGTH, PLAN, SIZE, WORDS, build_onnx, draw, save_tokenizer
from tests.open_clip_models import build_open_clip


def open_folder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder(str(folder), read_settings().models)


def run_folder(folder: Path) -> None:
    encoder = open_folder(folder)
    encoder.encode_clips(draw_clips(encoder.spec))


def draw_clips(spec: EncoderSpec, count: int = 2) -> UInt8:
    return np.random.default_rng(5).integers(0, 256, (count, spec.frames, spec.size, spec.size, 3), np.uint8)


def expected_clips(clips: UInt8) -> np.ndarray:
    """The vectors of the small model, written out."""
    colours = ((clips / 255).mean(axis=(2, 3)) - PLAN["mean"]) / PLAN["std"]
    frames = colours @ draw(3, DIM)
    frames /= np.linalg.norm(frames, axis=2, keepdims=True)
    mean: np.ndarray = frames.mean(axis=1)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


@pytest.mark.parametrize("layout", ["BCHW", "BHWC"])
def test_a_clip_is_the_mean_of_its_normalised_frames(tmp_path: Path, layout: str) -> None:
    encoder = open_folder(build_onnx(tmp_path / "model", layout=layout, plan=PLAN | {"layout": layout}))
    clips = draw_clips(encoder.spec)
    assert (encoder.spec.frames, encoder.spec.fps, encoder.spec.size, encoder.spec.dim) == (8, 2.5, SIZE, DIM)
    np.testing.assert_allclose(encoder.encode_clips(clips), expected_clips(clips), atol=1e-5)


def test_a_sentence_is_cut_and_filled_up_to_the_context_length(tmp_path: Path) -> None:
    encoder = open_folder(build_onnx(tmp_path / "model"))
    table = draw(len(WORDS), DIM, seed=1)
    short, long = encoder.encode_texts(["A DOG zzqxv", "dog " * (LENGTH + 3)])
    rows = [WORDS.index(word) for word in ("a", "dog", "[unk]", "[pad]", "[pad]", "[pad]")]
    np.testing.assert_allclose(short, unit(table[rows].mean(axis=0)[None])[0], atol=1e-5)
    np.testing.assert_allclose(long, unit(table[[WORDS.index("dog")]])[0], atol=1e-5)


def test_a_mask_leaves_the_filling_out(tmp_path: Path) -> None:
    plan = PLAN | {"text_input": "tokens", "text_mask": "mask"}
    encoder = open_folder(build_onnx(tmp_path / "model", masked=True, plan=plan))
    np.testing.assert_allclose(encoder.encode_texts(["dog"]), encoder.encode_texts(["dog dog dog"]), atol=1e-5)


def test_vectors_keep_their_length_where_the_plan_says_so(tmp_path: Path) -> None:
    raw = open_folder(build_onnx(tmp_path / "raw", plan=PLAN | {"normalise": False}))
    length = open_folder(build_onnx(tmp_path / "unit"))
    assert not np.allclose(np.linalg.norm(raw.encode_texts(["dog"]), axis=1), 1, atol=1e-2)
    np.testing.assert_allclose(unit(raw.encode_texts(["dog"])), length.encode_texts(["dog"]), atol=1e-5)


def test_graphs_that_take_one_at_a_time_are_run_one_by_one(tmp_path: Path) -> None:
    encoder = open_folder(build_onnx(tmp_path / "model", batch=1))
    clips = draw_clips(encoder.spec)
    np.testing.assert_allclose(encoder.encode_clips(clips), expected_clips(clips), atol=1e-5)
    assert encoder.encode_texts(["dog", "cat"]).shape == (2, DIM)


def test_the_fingerprint_follows_weights_and_plan_but_not_place_or_words_about_it(tmp_path: Path) -> None:
    folder = build_onnx(tmp_path / "model")
    before = open_folder(folder).spec.fingerprint
    (folder / "README.md").write_text("Where this came from.")
    (folder / "encoder.json").write_text(json.dumps(PLAN | {"schema": 1, "frames": 8}, indent=4))
    assert open_folder(folder).spec.fingerprint == before
    assert open_folder(folder.rename(tmp_path / "elsewhere")).spec.fingerprint == before
    assert compute_fingerprint(build_onnx(tmp_path / "other", seed=7)) != before
    assert compute_fingerprint(build_onnx(tmp_path / "slower", plan=PLAN | {"fps": 1.0})) != before


def test_weights_beside_a_graph_count(tmp_path: Path) -> None:
    folder = build_onnx(tmp_path / "model")
    before = compute_fingerprint(folder)
    (folder / "image.onnx.data").write_bytes(b"weights")
    assert compute_fingerprint(folder) != before


def test_a_folder_is_known_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = build_onnx(tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    assert full_name("onnx:model") == open_encoder("onnx:model").spec.name == f"onnx:{folder}"


def test_a_model_that_was_run_once_is_opened_without_its_runtime(tmp_path: Path) -> None:
    folder = build_onnx(tmp_path / "model")
    spec = open_folder(folder).spec
    code = (
        "import sys\nfrom search.encoders.registry import open_encoder\n"
        f"assert open_encoder('onnx:{folder}').spec.fingerprint == {spec.fingerprint!r}\n"
        "assert not {'onnxruntime', 'tokenizers', 'torch', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json", "encoder.json"])
def test_a_file_that_is_missing_or_broken_is_named(tmp_path: Path, name: str) -> None:
    folder = build_onnx(tmp_path / "model")
    (folder / name).write_text("[broken")
    with pytest.raises(ModelUnavailable, match=name) as broken:
        run_folder(folder)
    assert "\n" not in broken.value.message + broken.value.cure
    (folder / name).unlink()
    with pytest.raises(ModelUnavailable, match=f"holds no {name}"):
        open_folder(folder)


def test_a_path_that_leads_nowhere_is_a_wrong_name(tmp_path: Path) -> None:
    for name in ("onnx:", f"onnx:{tmp_path / 'none'}"):
        with pytest.raises(PathNotFound):
            open_encoder(name)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"size": 0}, "size = 0"),
        ({"mean": [0.5, 0.5]}, "mean"),
        ({"std": [0.5, 0, 0.5]}, "std"),
        ({"layout": "CHWB"}, "layout"),
        ({"normalise": "yes"}, "normalise"),
        ({"frames": True}, "frames"),
        ({"contextlength": 7}, "'contextlength', which means nothing"),
    ],
)
def test_a_plan_that_makes_no_sense_is_answered_with_the_field(plan: dict[str, Any], said: str) -> None:
    assert find_fault(PLAN) == ""
    assert said in find_fault(PLAN | plan)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_other_json_is_a_fault_and_never_an_accident(said: Any) -> None:
    assert find_fault(said)


@pytest.mark.parametrize(
    ("plan", "built", "said"),
    [
        ({"size": 64}, {}, "image.onnx takes"),
        ({"layout": "BHWC"}, {}, "image.onnx takes"),
        ({"context_length": 7}, {}, "text.onnx takes"),
        ({"image_input": "picture"}, {}, "no input 'picture', but pixels"),
        ({"text_output": "pooled"}, {}, "no output 'pooled', but text_embedding"),
        ({}, {"masked": True}, "2 inputs: tokens, mask"),
        ({"text_input": "tokens"}, {"masked": True}, "fed only tokens"),
        ({}, {"batch": 4}, "takes"),
        ({}, {"text_dim": 8}, "numbers, not of"),
    ],
)
def test_a_plan_that_the_graphs_do_not_bear_out_is_refused(
    tmp_path: Path, plan: dict[str, Any], built: dict[str, Any], said: str
) -> None:
    folder = build_onnx(tmp_path / "model", plan=PLAN | plan, **built)
    with pytest.raises((EncoderMismatch, ModelUnavailable), match=said) as refused:
        run_folder(folder)
    assert refused.value.cure


@pytest.mark.filterwarnings("ignore")  # of the exporter, about constants that it folds
def test_the_export_that_the_documents_show_gives_the_vectors_of_its_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = build_open_clip(tmp_path / "original")
    document = (Path(__file__).parent.parent / "docs" / "encoders.md").read_text()
    code = document.split("`" * 3 + "python\n")[1].split("`" * 3)[0]
    monkeypatch.chdir(tmp_path)
    exec(code.replace('"PE-Core-B-16", "meta"', repr(f"local-dir:{original}")), {})
    save_tokenizer(tmp_path / "my-model" / "tokenizer.json")
    exported, clip = open_folder(tmp_path / "my-model"), OpenClipEncoder(str(original), read_settings().models)
    assert exported.encode_texts(["a dog"]).shape == (1, clip.spec.dim)
    clips = draw_clips(clip.spec)
    np.testing.assert_allclose(exported.encode_clips(clips), clip.encode_clips(clips), atol=1e-4)


def test_without_the_extra_the_cure_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("image.onnx", "text.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("")
    (tmp_path / "encoder.json").write_text(json.dumps(PLAN))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelUnavailable, match="needs onnxruntime") as missing:
        _ = open_folder(tmp_path).spec
    assert "vsearch[onnx]" in missing.value.cure


@given(st.integers(0, 255), st.floats(0, 1), st.floats(0.05, 1))
def test_pixels_become_their_distance_from_the_mean(value: int, mean: float, std: float) -> None:
    frames = np.full((1, 2, 2, 3), value, np.uint8)
    pixels = normalise_pixels(frames, [mean] * 3, [std] * 3)
    assert pixels.dtype == np.float32
    np.testing.assert_allclose(pixels, (value / 255 - mean) / std, atol=1e-4)


def test_a_library_is_made_asked_and_kept_to_its_encoder(tmp_path: Path, line: CommandLine) -> None:
    name = f"onnx:{build_onnx(tmp_path / 'model')}"
    draw_film(tmp_path / "films" / "red.mp4", "red", "blue")
    assert line("index", tmp_path / "films", "--encoder", name, "--json").code == 0
    answer = line("search", "a red dog", "--json").document
    assert answer["encoder"]["name"] == name
    assert [hit["title"] for hit in answer["results"]] == ["red.mp4"] * 2, "a moment for each shot"
    refused = line("index", tmp_path / "films", "--encoder", f"onnx:{build_onnx(tmp_path / 'other')}")
    assert refused.code == 3
    assert "holds vectors of" in refused.err


def test_it_is_shown_and_checked_like_any_model(tmp_path: Path, line: CommandLine) -> None:
    folder = build_onnx(tmp_path / "model")
    card = line("models", "show", f"onnx:{folder}", "--json").document["model"]
    assert (card["name"], card["path"], card["text_runtime"]) == (f"onnx:{folder}", str(folder), "onnxruntime")
    assert (card["cached"], card["dim"], card["size"]) == (True, DIM, SIZE)
    assert card["bytes"] > 0
    checks = line("models", "check", f"onnx:{folder}", "--json").document
    assert checks["ok"]
    assert [check["check"] for check in checks["checks"]] == ["weights", "video", "text"]
