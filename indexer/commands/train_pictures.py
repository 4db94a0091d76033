"""`vsearch train pictures`: an encoder's still half, from pictures and what teachers say of them, in PyTorch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from indexer.training.still.plan import StillPlan, joint_plan, trunk_plan
from search.documents import json_option
from search.encoders.extras import import_extra
from search.progress_bar import progress_on_stderr

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
work_option = click.option("--work", required=True, type=FOLDER, help="The folder that all steps work in.")
images_option = click.option("--images", required=True, type=FOLDER, help="The folder that the paths begin in.")
minutes_option = click.option(
    "--minutes", required=True, type=click.FloatRange(0, min_open=True), help="Time to spend training, in all."
)
seed_option = click.option(
    "--seed", default=8, show_default=True, type=click.IntRange(0), help="Another seed, another training."
)


@click.group()
def pictures() -> None:
    """Teach the still half of an encoder by pictures: prepare, features, teach, trunk, joint, export."""


@pictures.command()
@click.argument("listing", metavar="CSV", type=FILE)
@images_option
@work_option
@click.option("--config", "name", default="mini", show_default=True, help="The sizes of the network, by name.")
@click.option("--words", type=FILE, help="Words to know beside those of the captions, one a line.")
@click.option("--sentences", type=FILE, help="Sentences without a picture, one a line.")
@click.option(
    "--drawn", default=14_000, show_default=True, type=click.IntRange(0), help="Frames of drawn films to mix in."
)
@click.option(
    "--crops",
    default=4,
    show_default=True,
    type=click.IntRange(0),
    help="Parts of each picture that the teachers are asked about too.",
)
@json_option
def prepare(
    *, listing: Path, images: Path, work: Path, name: str, words: Path | None, sentences: Path | None, as_json: bool,
    **added: int,
) -> None:  # fmt: skip
    """Read the pictures of a CSV (path,split,label,caption), and list the sentences that a teacher is to be asked."""
    from indexer.training.still.listing import read_listing
    from indexer.training.still.prepare import Added, Texts
    from indexer.training.still.prepare import prepare as prepare_work
    from search.encoders.s3d import read_config

    texts = Texts(_lines(words), _lines(sentences))
    with _progress("preparing") as on_step:
        counts = prepare_work(
            read_config(name), read_listing(listing), images, work, texts, Added(**added), progress=on_step
        )
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    _say(as_json, {"path": str(work), **counts}, told)


@pictures.command()
@work_option
@images_option
@click.option("--model", required=True, type=FILE, help="A TensorFlow Lite network that answers a picture.")
@click.option("--tensor", type=click.IntRange(0), help="The number of a tensor inside it, instead of its output.")
@json_option
def features(*, work: Path, images: Path, model: Path, tensor: int | None, as_json: bool) -> None:
    """Ask a teacher of pictures. Other teachers: write WORK/features/NAME.npy yourself."""
    from indexer.training.still.material import Material
    from indexer.training.still.tflite_teacher import TFLiteTeacher, write_features

    with _progress("asking") as on_step:
        path = write_features(Material(work), images, TFLiteTeacher(model, tensor), model.stem, on_step)
    _say(as_json, {"path": str(path)}, f"wrote {path}")


@pictures.command()
@work_option
@json_option
def teach(*, work: Path, as_json: bool) -> None:
    """Make the joint space between the teachers, and teach it to the text tower."""
    import_extra("torch", "train")
    from indexer.training.still.bridge import SENTENCE_PLACES, BridgePlan, Places, train_bridge
    from indexer.training.still.material import Material
    from indexer.training.still.text_lesson import TextPlan, teach_text

    material = Material(work)
    losses: dict[str, float | None] = {}
    if not (work / SENTENCE_PLACES).exists():
        with _progress("joining the teachers") as on_step:
            losses["bridge"] = train_bridge(material, BridgePlan(), on_step)
    with _progress("teaching words") as on_step:
        losses["text"] = teach_text(material, Places.load(work), TextPlan(), on_step)
    told = ", ".join(f"{name} loss {loss:.3f}" for name, loss in losses.items() if loss is not None)
    _say(as_json, {"path": str(work), "losses": losses}, told or "taught already")


@pictures.command()
@work_option
@minutes_option
@seed_option
@json_option
def trunk(*, work: Path, minutes: float, seed: int, as_json: bool) -> None:
    """Train the picture tower by the teachers alone; started again, go on where it was ended."""
    _train(work, trunk_plan(minutes, seed), None, as_json)


@pictures.command()
@work_option
@minutes_option
@seed_option
@json_option
def joint(*, work: Path, minutes: float, seed: int, as_json: bool) -> None:
    """Train both towers together; started again, go on where it was ended."""
    _train(work, joint_plan(minutes, seed), work / "trunk", as_json)


@pictures.command()
@work_option
@click.option("--out", required=True, type=FOLDER, help="The folder to write.")
@json_option
def export(*, work: Path, out: Path, as_json: bool) -> None:
    """Write what `vsearch train encoder --start OUT/start.npz --pictures OUT/pictures` begins with."""
    import_extra("torch", "train")
    from indexer.training.still.export import PICTURES, START, load_towers
    from indexer.training.still.export import export as write_export
    from indexer.training.still.material import Material

    material = Material(work)
    write_export(material, load_towers(material, "joint"), out)
    _say(as_json, {"start": str(out / START), "pictures": str(out / PICTURES)}, f"wrote {out / START}")


def _train(work: Path, plan: StillPlan, start: Path | None, as_json: bool) -> None:
    import_extra("torch", "train")
    from indexer.training.still.material import Material
    from indexer.training.still.trainer import train_stage

    with _progress("training") as on_step:
        last = train_stage(Material(work), plan, start, lambda entry: click.echo(sentence(entry), err=True), on_step)
    _say(as_json, {"path": str(work / plan.stage), **last}, sentence(last))


def sentence(entry: dict[str, Any]) -> str:
    """One measurement as a person reads it."""
    losses = ", ".join(f"{name} {loss:.3f}" for name, loss in entry["losses"].items())
    told = f"step {entry['step']} after {entry['seconds'] / 60:.1f} min: {losses}"
    if not entry["dev"]:
        return told
    recalls = ", ".join(f"{name} R@10 {metrics['r10']:.3f}" for name, metrics in entry["dev"].items())
    return f"{told}; on dev {recalls}"


def _lines(path: Path | None) -> list[str]:
    read = "" if path is None else path.read_text("utf-8", errors="replace")
    return [line.strip() for line in read.splitlines() if line.strip()]


@contextmanager
def _progress(told: str) -> Iterator[Callable[[float], None]]:
    with progress_on_stderr(TextColumn(told), BarColumn(), TimeElapsedColumn()) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda done: progress.update(task, completed=done)


def _say(as_json: bool, document: dict[str, Any], words: str) -> None:
    click.echo(json.dumps({"schema": 1, **document}) if as_json else words)
