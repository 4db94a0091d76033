"""`vsearch models`: the encoders on this machine, and how they get here."""

from __future__ import annotations

from dataclasses import asdict

import click

from search.commands import as_json, print_document
from search.encoders.cards import EncoderCard, describe, describe_all
from search.encoders.check import ModelCheck, check_model
from search.encoders.registry import fetch_model
from search.settings import read_settings


@click.group()
def models() -> None:
    """List, show, fetch and check models."""


@models.command("list")
@as_json
def list_models(as_json: bool) -> None:
    """List the encoders by name."""
    cards = describe_all(read_settings())
    if as_json:
        print_document({"schema": 1, "models": [asdict(card) for card in cards]})
        return
    for card in cards:
        click.echo(f"{card.name:<8} {summary(card)}")


@models.command()
@click.argument("name")
@as_json
def show(name: str, as_json: bool) -> None:
    """Show one encoder: a name, or the path of a model folder."""
    card = describe(name, read_settings())
    if as_json:
        print_document({"schema": 1, "model": asdict(card)})
        return
    for key, value in asdict(card).items():
        if value not in (None, ""):
            click.echo(f"{key.replace('_', ' '):<13} {value}")


@models.command()
@click.argument("name")
@as_json
def fetch(name: str, as_json: bool) -> None:
    """Download a model, unless it is here already."""
    settings = read_settings()
    fetch_model(name, settings)
    card = describe(name, settings)
    if as_json:
        print_document({"schema": 1, "model": asdict(card)})
    else:
        click.echo(f"{name} is here: {summary(card)}")


@models.command()
@click.argument("name")
@as_json
def check(name: str, as_json: bool) -> int:
    """Load a model, run it, and compare its files with what was recorded. Exits 3 when something is wrong."""
    checks = check_model(name, read_settings())
    ok = all(each.ok for each in checks)
    if as_json:
        print_document({"schema": 1, "model": name, "ok": ok, "checks": [asdict(each) for each in checks]})
    else:
        click.echo("\n".join(check_line(each) for each in checks))
    return 0 if ok else 3


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
