"""`vsearch models`: the encoders on this machine, and how they get here."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import click

from search.documents import json_option, print_document
from search.encoders.cards import EncoderCard, describe, describe_all
from search.encoders.check import ModelCheck, check_model
from search.encoders.registry import fetch_model
from search.settings import read_settings


@click.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the encoders by name."""
    cards = describe_all(read_settings())
    if as_json:
        print_document({"schema": 1, "models": [asdict(card) for card in cards]})
        return
    for card in cards:
        click.echo(f"{card.name:<8} {summary(card)}")


@click.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show one encoder: a name, or the path of a model folder."""
    card = describe(name, read_settings())
    if as_json:
        print_document({"schema": 1, "model": asdict(card)})
        return
    for key, value in asdict(card).items():
        if value not in (None, ""):
            click.echo(f"{key.replace('_', ' '):<13} {value}")


@click.command()
@click.argument("name")
@json_option
def fetch(name: str, as_json: bool) -> None:
    """Download a model, unless it is here already."""
    settings = read_settings()
    fetch_model(name, settings)
    card = describe(name, settings)
    if as_json:
        print_document({"schema": 1, "model": asdict(card)})
    else:
        click.echo(f"{name} is here: {summary(card)}")


@click.command()
@click.argument("name")
@json_option
def check(name: str, as_json: bool) -> int:
    """Load a model, run it, and compare its files with what was recorded. Exits 3 when something is wrong."""
    checks = check_model(name, read_settings())
    ok = all(each.ok for each in checks)
    if as_json:
        print_document({"schema": 1, "model": name, "ok": ok, "checks": [asdict(each) for each in checks]})
    else:
        click.echo("\n".join(check_line(each) for each in checks))
    return 0 if ok else 3


@click.command("import")
@click.argument("weights", type=click.Path(path_type=Path))
@click.option(
    "--words", required=True, type=click.Path(path_type=Path), help="Their words: text, one a line, or .npy."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model folder to be written.")
@click.option("--config", default="s3d", show_default=True, help="The network the weights belong to.")
@click.option("--stem", type=click.Choice(["space_to_depth", "plain"]), help="Its stem.  [default: the network's]")
@click.option("--precision", type=click.Choice(["float32", "float16"]), default="float32", show_default=True)
@json_option
def import_model(
    *,
    weights: Path,
    words: Path,
    out: Path,
    config: str,
    stem: Literal["space_to_depth", "plain"] | None,
    precision: Literal["float32", "float16"],
    as_json: bool,
) -> None:
    """Make a model folder of published S3D weights.

    WEIGHTS is a .npz or .safetensors with the names of S3D_HowTo100M; what needs unpickling (.pth) is refused, with
    the lines that convert it. float16 takes half the room; how far its vectors are off is said.
    """
    from search.encoders.importing import import_published
    from search.encoders.s3d import read_config

    network = read_config(config)
    imported = import_published(weights, words, replace(network, stem=stem or network.stem), out, precision)
    if as_json:
        print_document({"schema": 1, "model": asdict(imported)})
        return
    click.echo(f"{out} is written: {imported.words:,} words, {imported.precision}, {imported.bytes / 1e6:.1f} MB.")
    click.echo(
        f"Vectors are off by {imported.video_difference:.1e} for clips, {imported.text_difference:.1e} for sentences."
    )
    click.echo(f"Use it with --encoder {out}.")


def summary(card: EncoderCard) -> str:
    """One line: what the encoder takes, and where it is."""
    if not card.cached:
        return (
            f"not here; get it with `vsearch models fetch {card.name}`" if card.source else "not in this installation"
        )
    takes = f"{card.frames} frames at {card.fps:g}/s, {card.size} px"
    runtime = f", texts by {card.text_runtime}" if card.text_runtime else ""
    room = f", {card.bytes / 1e6:.1f} MB" if card.bytes else ""
    return takes + runtime + room


def check_line(each: ModelCheck) -> str:
    line = f"{'ok' if each.ok else 'WRONG':<6} {each.check:<11} {each.detail}"
    return f"{line}\n{'':<18} {each.cure}" if each.cure else line
