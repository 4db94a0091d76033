"""The training on pictures in PyTorch: on coloured shapes, with tiny towers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install 'vsearch[train]'")
# Its optimizers load triton, which ends the process when another test has loaded TensorFlow before; after it, it may.
pytest.importorskip("torch._dynamo")

from indexer.training.pictures import MovingPictures
from indexer.training.start import Start
from indexer.training.still import bridge, course, text_lesson
from indexer.training.still.augment import other_views, plain_view
from indexer.training.still.batches import Batches
from indexer.training.still.bridge import BridgePlan, Places
from indexer.training.still.export import export, load_towers, save_start
from indexer.training.still.losses import alike, apart, class_contrast, mil_nce, two_way_contrast
from indexer.training.still.material import Material
from indexer.training.still.measures import dev_measures, sentence_vectors
from indexer.training.still.muon import Muon, orthogonal
from indexer.training.still.networks import TextTower, Towers
from indexer.training.still.plan import StillPlan, joint_plan, trunk_plan
from indexer.training.still.text_lesson import TextPlan
from indexer.training.still.trainer import Trainer, train_stage
from indexer.training.still.weights import channel_statistics, keras_layers
from search.errors import CannotGoOn, UsageError
from tests.command_line import CommandLine
from tests.still_material import TINY, prepare_work

ROOT = Path(__file__).parent.parent
SMALL = {"sizes": ((32, 1.0),), "captioned": 6, "others": 8, "warm_up": 2, "save_seconds": 1e9}
JOINT = replace(joint_plan(None, 3), steps=4, drawn=2, more_captions=4, more_sentences=4, **SMALL)
TRUNK = replace(trunk_plan(None, 3), steps=8, **SMALL)
BRIDGE = BridgePlan(passes=8, batch=12, warm_up=2)
TEXT = TextPlan(passes=1, batch=64, warm_up=5, rate=0.01, average=0.9)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder after the step `teach`."""
    folder = prepare_work(tmp_path_factory.mktemp("still"))
    bridge.train_bridge(Material(folder), BRIDGE, lambda _: None)
    text_lesson.teach_text(Material(folder), Places.load(folder), TEXT, lambda _: None)
    return folder


@pytest.fixture
def material(work: Path, tmp_path: Path) -> Material:
    """The same in a folder of this test's own."""
    for file in work.iterdir():
        (tmp_path / file.name).symlink_to(file)
    return Material(tmp_path)


def train(material: Material, plan: StillPlan, start: Path | None = None) -> dict[str, Any]:
    return train_stage(material, plan, start, lambda _: None, lambda _: None)


def weights(trainer: Trainer) -> np.ndarray:
    return np.concatenate([value.float().flatten().numpy() for value in trainer.towers.state_dict().values()])


def random_towers(seed: int = 0) -> Towers:
    """Untrained, but no weight is what it was in the beginning, and the statistics are those of pictures."""
    torch.manual_seed(seed)
    towers = Towers(TINY, 5, 7)
    for name, weight in towers.named_parameters():
        if ".bn." in name or name.endswith("fc.bias"):
            torch.nn.init.normal_(weight, mean=1.0 if name.endswith("bn.weight") else 0.2, std=0.3)
    towers.train()
    for _ in range(20):
        towers.picture(random_pictures(16))
    towers.eval()
    with torch.no_grad():  # or all pictures would lie in nearly the same place
        feature = towers.picture.trunk(random_pictures(16)).mean(0)
        towers.picture.fc.bias.copy_(-towers.picture.fc.weight @ feature)
    return towers


def random_pictures(count: int) -> torch.Tensor:
    """Blurred spots, `[count, 3, 48, 48]`; halved four times, 48 meets an odd border."""
    return torch.nn.functional.interpolate(torch.rand(count, 3, 5, 5), (48, 48), mode="bilinear")


@pytest.mark.slow
def test_the_keras_networks_answer_the_same_for_still_clips_and_sentences(tmp_path: Path) -> None:
    towers, pictures = random_towers(), random_pictures(3)
    tokens = np.array([[1, 5, 2, 0, 0, 0, 0, 0], [0] * 8, [3, 3, 3, 3, 4, 4, 4, 1]], np.int32)
    layers = keras_layers(towers, channel_statistics(towers, random_pictures(8)))
    save_start(layers, list("abcde"), [], tmp_path / "start.npz")
    np.savez(tmp_path / "asked.npz", pictures=pictures.permute(0, 2, 3, 1).numpy(), tokens=tokens)

    subprocess.run([sys.executable, "-m", "tests.still_keras", tmp_path], check=True, cwd=ROOT)

    answers = np.load(tmp_path / "answers.npz")
    with torch.inference_mode():
        places, vectors = towers.picture(pictures)[0], towers.scale * towers.text(torch.from_numpy(tokens))
    np.testing.assert_allclose(answers["places"], places.numpy(), atol=1e-4)
    np.testing.assert_allclose(answers["vectors"], vectors.numpy(), atol=1e-4)
    assert places.std(0).max() > 0.1  # pictures are told apart at all


def test_a_configuration_whose_weights_could_not_be_carried_over_is_refused() -> None:
    for wrong in (replace(TINY, stem="plain"), replace(TINY, unit_length=False)):
        with pytest.raises(UsageError):
            Towers(wrong, 5, 7)


def test_an_orthogonal_update_has_singular_values_near_one() -> None:
    for shape in ((6, 20), (20, 6)):
        values = torch.linalg.svdvals(
            orthogonal(torch.randn(shape, generator=torch.Generator().manual_seed(1))).float()
        )
        assert 0.5 < values.min() <= values.max() < 1.3


def test_muon_goes_downhill() -> None:
    weight = torch.nn.Parameter(0.1 * torch.randn(4, 3, 2, 2, generator=torch.Generator().manual_seed(1)))
    muon = Muon([weight], lr=0.05)
    costs = []
    for _ in range(15):
        cost = weight.square().sum()
        muon.zero_grad()
        cost.backward()
        muon.step()
        costs.append(cost.item())
    assert min(costs) < 0.2 * costs[0]


def test_losses_fall_when_what_belongs_together_is_alike() -> None:
    right, wrong = 9 * torch.eye(3), 9 * torch.eye(3).roll(1, 0)
    own, classes = torch.eye(3, dtype=torch.bool), torch.arange(3)

    assert mil_nce(right, own) < mil_nce(wrong, own)
    assert alike(right, right) == pytest.approx(0, abs=1e-6)
    assert alike(wrong, right) > 1
    assert two_way_contrast(right, ~own & own) < two_way_contrast(wrong, ~own & own)
    assert class_contrast(right, classes, classes * 0) < class_contrast(wrong, classes, classes * 0)
    assert apart(2 * torch.eye(3), torch.eye(3)) == pytest.approx(0, abs=1e-6)


def test_classes_of_another_set_and_of_the_same_name_are_no_mistake() -> None:
    scores = torch.tensor([[1.0, 9.0], [9.0, 1.0]])

    assert class_contrast(scores, torch.tensor([0, 1]), torch.tensor([0, 1])) == pytest.approx(0)
    assert class_contrast(scores, torch.tensor([4, 4]), torch.tensor([0, 0])) == pytest.approx(0)
    assert class_contrast(scores, torch.tensor([0, 1]), torch.tensor([0, 0])) > 5


def test_losses_of_nothing_are_nothing() -> None:
    none, nobody = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)

    for loss in (apart(none, none), mil_nce(none, none.bool()), alike(none, none)):
        assert loss == 0
    assert class_contrast(torch.zeros(0, 0), nobody, nobody) == 0


def test_other_views_are_other_pictures_of_the_wanted_size() -> None:
    pictures = [np.random.default_rng(0).integers(0, 256, (48, 48, 3), np.uint8)] * 3

    first, again, other = (other_views(pictures, 32, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first.shape == (3, 3, 32, 32)
    assert 0 <= first.min() <= first.max() <= 1
    assert (first == again).all()
    assert (first != other).any()
    np.testing.assert_allclose(plain_view(np.stack(pictures), 48)[0].permute(1, 2, 0), pictures[0] / 255.0, atol=1e-5)


def test_the_bridge_brings_the_teachers_together(material: Material) -> None:
    places = Places.load(material.work)
    rows, truth = material.dev_captions()
    scores = np.asarray(places.sentences, np.float32)[rows] @ np.asarray(places.pictures, np.float32)[material.dev].T

    own = scores[np.arange(len(truth)), truth].mean()

    np.testing.assert_allclose(np.linalg.norm(np.asarray(places.pictures, np.float32), axis=1), 1, atol=1e-2)
    assert own > scores.mean() + 0.05


def test_the_text_tower_comes_near_the_places_it_is_taught_and_goes_on_where_it_was(material: Material) -> None:
    places, path, told = Places.load(material.work), material.work / text_lesson.TEXT, []
    taught = how_far(material, places)

    assert text_lesson.teach_text(material, places, TEXT, told.append) is None  # ended already
    path.unlink()
    text_lesson.teach_text(
        material, places, replace(TEXT, passes=TEXT.batch / len(material.taught_sentences)), told.append
    )
    begun = how_far(material, places)
    text_lesson.teach_text(material, places, TEXT, told.append)

    assert len(told) == course.load(path)["step"]
    assert how_far(material, places) == pytest.approx(taught, abs=0.02)
    assert taught < begun - 0.1


def how_far(material: Material, places: Places) -> float:
    tower, rows = TextTower(TINY, len(material.words)), material.taught_sentences
    tower.load_state_dict(course.load(material.work / text_lesson.TEXT)["averaged"])
    vectors = torch.from_numpy(sentence_vectors(tower, material, rows))
    return float(apart(vectors, torch.from_numpy(places.sentences[rows].astype(np.float32))))


def test_dev_pictures_and_sentences_never_enter_a_batch(material: Material) -> None:
    batches = Batches(material, replace(JOINT, captioned=99, others=99, more_captions=999, more_sentences=99_999))
    batch = batches.draw(0, 32)
    batches.close()

    assert set(batch.rows.tolist()) == set(material.train.tolist())
    sentences = np.concatenate([batch.captions.ravel(), batch.more_captions, batch.phrases, batch.sentences])
    assert len(sentences) > 1000
    assert "dev" not in set(material.kinds[sentences[sentences >= 0]])


def test_what_is_said_of_a_picture_is_not_taken_for_true_of_its_parts(material: Material) -> None:
    batches = Batches(material, replace(JOINT, captioned=99, others=99))
    batch = batches.draw(0, 32)
    batches.close()

    told, others = np.split(batch.rows, [len(batch.captions)])
    assert len(told) > 0
    assert not set(told) & set(material.parts)
    assert set(material.parts) <= set(others)


def test_a_batch_is_a_function_of_the_seed_and_its_number(material: Material) -> None:
    batches, other = Batches(material, JOINT), Batches(material, replace(JOINT, seed=4))

    assert torch.equal(batches.take(3, 32).pictures, batches.draw(3, 32).pictures)
    assert torch.equal(batches.take(4, 32).pictures, batches.draw(4, 32).pictures)
    assert not torch.equal(batches.draw(3, 32).pictures, other.draw(3, 32).pictures)
    batches.close()
    other.close()


def test_a_training_that_was_ended_goes_on_as_if_it_had_not_been(material: Material) -> None:
    (material.work / "trunk").mkdir()
    straight = Trainer(material, TRUNK)
    for _ in range(2):
        straight.step()
    straight.save()
    resumed = Trainer(material, TRUNK)
    assert resumed.step_number == 2

    losses = [trainer.step() for trainer in (straight, resumed)]

    assert losses[0] == losses[1]
    np.testing.assert_array_equal(weights(straight), weights(resumed))
    straight.close()
    resumed.close()


def test_both_stages_lower_the_losses_and_export_what_the_training_on_films_begins_with(material: Material) -> None:
    plan = replace(TRUNK, steps=24)
    begun = Trainer(material, plan)
    before = begun.step()
    begun.close()
    last = train(material, plan)
    assert last["losses"]["teacher"] < before["teacher"] - 0.05
    assert last["dev"]["teacher"]["n"] == len(material.dev)

    joint = train(material, JOINT, material.work / "trunk")

    assert joint["step"] == 4
    assert set(joint["losses"]) == set(JOINT.weights)
    logged = (material.work / "joint" / "log.jsonl").read_text().splitlines()
    assert json.loads(logged[-1]) == joint
    assert train(material, JOINT, material.work / "trunk")["step"] == 4  # ended already

    out = material.work / "out"
    export(material, load_towers(material, "joint"), out)
    start = Start.read(out / "start.npz")
    assert start.words == material.words
    assert not any(sentence.startswith("only measured") for sentence in start.sentences)
    moving = MovingPictures(TINY, out / "pictures")
    assert moving.example(np.random.default_rng(0)).frames.shape == (8, 32, 32, 3)


def test_nothing_to_measure_with_is_no_figure(material: Material) -> None:
    places = Places.load(material.work)
    material.dev = material.dev[:0]

    assert dev_measures(random_towers(), material, places) == {}


def test_a_step_that_was_left_out_is_named(material: Material, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(UsageError, match="trunk"):
        Trainer(material, JOINT, material.work / "trunk")
    with pytest.raises(UsageError, match="joint"):
        load_towers(material, "joint")
    with pytest.raises(UsageError, match="joint space"):
        Places.load(tmp_path_factory.mktemp("empty"))


def test_a_damaged_checkpoint_is_a_clear_error(material: Material) -> None:
    (material.work / "trunk").mkdir()
    (material.work / "trunk" / "checkpoint.pt").write_bytes(b"no checkpoint")

    with pytest.raises(CannotGoOn):
        Trainer(material, TRUNK)


def test_the_steps_from_the_command_line_say_what_they_did(line: CommandLine, material: Material) -> None:
    work = ("--work", material.work)
    (material.work / text_lesson.TEXT).unlink()

    taught = line("train", "pictures", "teach", *work, "--json")
    trunk = line("train", "pictures", "trunk", *work, "--minutes", 0.001, "--json")
    joint = line("train", "pictures", "joint", *work, "--minutes", 0.001)
    exported = line("train", "pictures", "export", *work, "--out", material.work / "out", "--json")

    assert taught.document["losses"]["text"] is not None
    assert trunk.document["step"] >= 1
    assert "on dev" in joint.out
    assert Path(exported.document["start"]).exists()
    assert line("train", "pictures", "trunk", "--work", material.work / "none", "--minutes", 1).code == 2
