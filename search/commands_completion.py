"""`vsearch completion`."""

from __future__ import annotations

import click

from search.terminal.shells import SHELLS, completion_script


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands and tags.

    \b
    eval "$(vsearch completion bash)"                                  in ~/.bashrc
    eval "$(vsearch completion zsh)"                                   in ~/.zshrc
    vsearch completion fish > ~/.config/fish/completions/vsearch.fish  once
    """
    click.echo(completion_script(ctx.find_root().command, shell), nl=False)
