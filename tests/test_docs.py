"""The documents say what is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from vsearch import COMMANDS, cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
HELP = ROOT / "docs" / "commands.md"
FENCE = "`" * 3


def blocks(language: str) -> list[str]:
    return re.findall(rf"{FENCE}{language}\n(.*?){FENCE}", README, re.S)


def shell_lines() -> list[str]:
    return [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]


def command_at(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words lead to, and the words left for it."""
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"no command {words[0]!r}"
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("line", [line for line in shell_lines() if "vsearch" in line.split()[0]])
def test_a_command_of_the_readme_is_understood(line: str) -> None:
    command, words = command_at(shlex.split(line)[1:])
    context = click.Context(command, help_option_names=["-h", "--help"])
    command.parse_args(context, list(words))


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("make")])
def test_a_make_target_of_the_readme_exists(line: str) -> None:
    assert re.search(rf"^{line.split()[1]}:", (ROOT / "Makefile").read_text(), re.M)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"vsearch[^|\n]*\b{name}\b|`{name}`", README)


def test_every_file_that_the_documents_link_to_exists() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_file_on_the_map_of_the_house_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    for name in re.findall(r"`((?:web|indexer|classifiers|search|tests)/[\w/.]*)`", text):
        assert (ROOT / name).exists(), name


def test_the_list_of_commands_is_fresh() -> None:
    """After a change on purpose: `python -m tests.test_docs` writes it anew."""
    assert HELP.read_text() == help_of_all()


def help_of_all() -> str:
    parts = ["# Commands\n\nWhat `--help` says, command by command.\n"]
    for context in walk(cli.make_context("vsearch", [], resilient_parsing=True)):
        parts.append(f"## {context.command_path}\n\n{FENCE}text\n{context.get_help()}\n{FENCE}\n")
    return "\n".join(parts)


def walk(context: click.Context) -> Iterator[click.Context]:
    """The contexts of a command and of all below it, as a run would make them."""
    context.terminal_width = 100
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            inner = context.command.get_command(context, name)
            assert inner is not None
            yield from walk(inner.make_context(name, [], parent=context, resilient_parsing=True))


if __name__ == "__main__":
    HELP.write_text(help_of_all())
