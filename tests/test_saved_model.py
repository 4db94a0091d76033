"""Model folders as encoders, and the text tower found inside them."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.encoders.model_folder import compute_fingerprint
from search.encoders.saved_model import SavedModelEncoder
from search.encoders.signatures import choose_output, choose_tags, load_signatures
from search.encoders.text_tower import TextTower, TowerPlan
from search.encoders.tower_search import compose_sentences, find_tower, keep_tower, matrix_chains
from search.errors import EncoderMismatch, ModelUnavailable
from tests.models import DIM, FRAMES, SIZE, WORDS, Weights, build_hub_model, build_model

SENTENCES = ["a red dog runs on the beach", "", "It's NIGHT, zzqxv!", " ".join(["snow"] * 30 + ["cat"])]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_model(tmp_path_factory.mktemp("small") / "model")


@pytest.fixture(scope="module")
def hub_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_hub_model(tmp_path_factory.mktemp("hub") / "model")


def draw_clips(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, FRAMES, SIZE, SIZE, 3), np.uint8)


def test_clips_are_fed_as_rgb_from_0_to_1_and_in_batches(small: Path) -> None:
    clips = draw_clips(19)
    vectors = SavedModelEncoder(small).encode_clips(clips)
    expected = (clips / 255).mean(axis=(1, 2, 3)) @ Weights().video()
    np.testing.assert_allclose(vectors, expected, atol=1e-4)
    assert vectors.dtype == np.float32


def test_the_tower_and_the_graph_agree(small: Path, tmp_path: Path) -> None:
    with_tower = SavedModelEncoder(build_model(tmp_path / "model", tower=True))
    without = SavedModelEncoder(small)
    assert (with_tower.runtime, without.runtime) == ("numpy", "tensorflow")
    np.testing.assert_allclose(with_tower.encode_texts(SENTENCES), without.encode_texts(SENTENCES), atol=1e-4)
    assert with_tower.unknown_words("a zzqxv dog") == ["zzqxv"]
    assert without.unknown_words("a zzqxv dog") == []


def test_asking_a_model_with_a_tower_imports_no_tensorflow(tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model", tower=True)
    code = (
        "import sys\nfrom search.encoders.registry import open_encoder\n"
        f"encoder = open_encoder({str(folder)!r})\nassert encoder.spec.dim == {DIM}\n"
        "assert encoder.encode_texts(['a dog']).shape == (1, encoder.spec.dim)\n"
        "assert not {'tensorflow', 'keras', 'tensorflow_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_folder_without_model_json_is_taken_for_s3d_as_published(tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model", plan=False)
    spec = SavedModelEncoder(folder).spec
    assert (spec.name, spec.dim, spec.frames, spec.fps, spec.size) == (str(folder), DIM, 32, 10.0, 224)


def test_the_fingerprint_follows_weights_and_plan_but_not_the_name(small: Path, tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model")
    before = SavedModelEncoder(folder).spec.fingerprint
    plan = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(plan | {"name": "other"}))
    assert SavedModelEncoder(folder).spec.fingerprint == before
    (folder / "model.json").write_text(json.dumps(plan | {"fps": 25}))
    assert SavedModelEncoder(folder).spec.fingerprint != before
    (folder / "model.json").write_text(json.dumps(plan))
    variables = folder / "variables" / "variables.data-00000-of-00001"
    variables.write_bytes(bytes([variables.read_bytes()[0] ^ 1]) + variables.read_bytes()[1:])
    assert SavedModelEncoder(folder).spec.fingerprint != before


def test_an_unchanged_folder_is_not_hashed_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SavedModelEncoder(small, models=tmp_path).spec.fingerprint
    monkeypatch.setattr("search.encoders.model_folder.compute_fingerprint", lambda folder: pytest.fail("hashed"))
    assert SavedModelEncoder(small, models=tmp_path).spec.fingerprint == first


def test_several_threads_may_encode_at_once(small: Path) -> None:
    encoder = SavedModelEncoder(small)
    clips = draw_clips(3)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: encoder.encode_clips(clips), range(8)))
    for answer in answers:
        np.testing.assert_array_equal(answer, answers[0])


def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"holds no saved_model\.pb"):
        SavedModelEncoder(tmp_path)
    with pytest.raises(ModelUnavailable, match="no model folder"):
        SavedModelEncoder(tmp_path / "nowhere")
    (tmp_path / "saved_model.pb").write_bytes(b"nonsense")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        SavedModelEncoder(tmp_path).encode_texts(["a dog"])


def test_a_model_without_a_signature_says_which(tmp_path: Path) -> None:
    encoder = SavedModelEncoder(build_model(tmp_path / "model", signatures=["video"]))
    with pytest.raises(ModelUnavailable, match="no signature `text`"):
        encoder.encode_clips(draw_clips(1))


def test_vectors_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="not finite"):
        SavedModelEncoder(build_model(tmp_path / "model", broken=True)).encode_texts(["a dog"])


def test_a_plan_that_contradicts_the_model_is_refused(tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model", frames=6)
    with pytest.raises(EncoderMismatch, match="takes clips"):
        SavedModelEncoder(folder).encode_clips(draw_clips(1))
    (folder / "model.json").write_text('{"dim": 7, "frames": 6}')
    with pytest.raises(EncoderMismatch, match="answers 16 numbers, not 7"):
        SavedModelEncoder(folder).encode_texts(["a dog"])
    (folder / "model.json").write_text('{"frames": "many"}')
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        SavedModelEncoder(folder)


def test_a_tf1_hub_module_is_an_encoder_like_any_other(hub_model: Path, small: Path) -> None:
    (hub_model / "model.json").write_text((small / "model.json").read_text())
    old, new = SavedModelEncoder(hub_model), SavedModelEncoder(small)
    np.testing.assert_allclose(old.encode_texts(SENTENCES), new.encode_texts(SENTENCES), atol=1e-4)
    np.testing.assert_allclose(old.encode_clips(draw_clips(2)), new.encode_clips(draw_clips(2)), atol=1e-4)


def test_graphs_for_training_are_passed_over() -> None:
    assert choose_tags([{"serve"}]) is None
    assert choose_tags([{"train"}, {"serve"}]) == ["serve"]
    assert choose_tags([{"train"}, set()]) == []
    assert choose_tags([{"train"}, {"b", "a"}]) == ["train"]


def test_the_vector_is_found_among_several_outputs() -> None:
    assert choose_output(["mixed_5c", "video_embedding"], "video_embedding") == "video_embedding"
    assert choose_output(["mixed_5c", "joint_embedding"], "video_embedding") == "joint_embedding"
    assert choose_output(["output_0"], "text_embedding") == "output_0"


@pytest.mark.parametrize("plan", [TowerPlan(), TowerPlan(20, pad_counts=True)])
def test_the_tower_is_found_behind_a_table_inside_the_graph(tmp_path: Path, plan: TowerPlan) -> None:
    weights = Weights(seed=3, plan=plan)
    folder = build_model(tmp_path / "model", weights)
    assert f"{len(WORDS)} words" in keep_tower(folder, load_signatures(folder)["text"])
    tower = TextTower.load(folder / "text_tower")
    assert tower.plan == plan
    assert list(tower.words) == WORDS
    np.testing.assert_allclose(tower.encode(SENTENCES), weights.tower().encode(SENTENCES), atol=1e-5)


def test_the_tower_is_found_in_a_tf1_hub_module_with_its_words_in_a_file(hub_model: Path) -> None:
    tower = find_tower(hub_model, load_signatures(hub_model)["text"])
    assert tower is not None
    assert list(tower.words) == WORDS


def test_a_model_whose_text_side_is_something_else_gets_no_tower(tmp_path: Path) -> None:
    folder = build_model(tmp_path / "model", normalised=True)
    assert "need TensorFlow" in keep_tower(folder, load_signatures(folder)["text"])
    assert not (folder / "text_tower").exists()


def test_the_biases_nearest_in_name_are_tried_first() -> None:
    shapes = {
        "bn/beta": (512,),
        "text/fc2/b": (512,),
        "text/fc1/b": (2048,),
        "text/fc1/w": (300, 2048),
        "text/fc2/w": (2048, 512),
        "text/word_embd": (66250, 300),
        "video/fc/w": (1024, 512),
    }
    chains = matrix_chains(shapes, 512)
    assert chains[0] == ("text/word_embd", "text/fc1/w", "text/fc1/b", "text/fc2/w", "text/fc2/b")
    assert {chain[:2] for chain in chains} == {("text/word_embd", "text/fc1/w")}


@given(st.lists(st.text(min_size=1), min_size=1, max_size=9))
def test_a_hundred_sentences_are_composed_of_any_vocabulary(words: list[str]) -> None:
    sentences = compose_sentences(words)
    assert len(sentences) == 100
    assert sentences == compose_sentences(words)


def test_fingerprints_do_not_depend_on_where_the_folder_is(small: Path, tmp_path: Path) -> None:
    small.parent.joinpath("link").symlink_to(small)
    assert compute_fingerprint(small.parent / "link") == compute_fingerprint(small)
