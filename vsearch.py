"""The roof: one click group whose commands are found by name and imported when used."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import click

from search.errors import CannotGoOn, VsearchError, first_line
from search.runtime import quiet_libraries, verbose

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Table: TypeAlias = "dict[str, tuple[str | Table, str]]"
"""Commands by name: where each is (`module:attribute`, or the table of a group) and what it does."""

MODELS: Table = {
    "list": ("search.commands_models:list_models", "List the encoders by name."),
    "show": ("search.commands_models:show", "Show one encoder: a name, or the path of a model folder."),
    "fetch": ("search.commands_models:fetch", "Download a model, unless it is here already."),
    "import": ("search.commands_models:import_model", "Make a model folder of published S3D weights."),
    "check": ("search.commands_models:check", "Load a model, run it, and compare its files with what was recorded."),
    "compare": ("indexer.commands.compare:compare", "Measure encoders side by side: quality, speed and size."),
}

TRAIN: Table = {
    "encoder": (
        "indexer.commands.train_encoder:encoder",
        "Train an encoder on films drawn meanwhile, and on pictures.",
    ),
    "pictures": ("indexer.commands.train_pictures:pictures", "Train the weights that an encoder begins with."),
    "emotion": ("classifiers.commands.train_emotion:emotion", "Train a model that reads expressions."),
    "activity": ("indexer.commands.train_activity:activity", "Train a model of activities on clips or pictures."),
    "characters": ("indexer.commands.train_characters:characters", "Train a model that says who is on screen."),
}

EVALUATE: Table = {
    "retrieval": ("indexer.commands.evaluate_retrieval:retrieval", "Ask for each caption of a CSV among its videos."),
    "pairs": ("indexer.commands.evaluate_pairs:pairs", "Tell videos from twins that differ in one thing."),
    "bands": (
        "indexer.commands.evaluate_bands:bands",
        "Ask for each caption of CSV where it is present and where it is absent.",
    ),
    "emotion": ("classifiers.commands.evaluate_emotion:emotion", "Read the expressions of labelled faces."),
    "activity": ("indexer.commands.evaluate_activity:activity", "Recognise the activities of labelled clips."),
    "characters": ("indexer.commands.evaluate_characters:characters", "Say who is on labelled frames."),
}

CHARACTERS: Table = {
    "group": ("indexer.commands.characters:group", "Put similar frames of all films into groups."),
    "groups": ("indexer.commands.characters:groups", "List the groups, or the appearances of one."),
    "name": ("indexer.commands.characters:name", "Say who is on a group."),
    "merge": ("indexer.commands.characters:merge", "Make one group of several."),
    "split": ("indexer.commands.characters:split", "Put appearances of a group into a new one."),
    "move": ("indexer.commands.characters:move", "Put appearances into another group."),
    "undo": ("indexer.commands.characters:undo", "Take the last of these steps back."),
    "export": ("indexer.commands.characters:export", "Write the named frames, to train a model on them."),
}

SAVED: Table = {
    "add": ("search.commands_saved:add", "Keep a question under a name."),
    "list": ("search.commands_saved:list_saved", "Name the saved searches, with their questions."),
    "run": ("search.commands_saved:run", "Ask a saved search."),
    "remove": ("search.commands_saved:remove", "Forget a saved search."),
}

JOBS: Table = {
    "list": ("indexer.commands.jobs:list_jobs", "Name the jobs: those that wait or run first, then the newest."),
    "cancel": ("indexer.commands.jobs:cancel", "Cancel a job."),
    "retry": ("indexer.commands.jobs:retry", "Do again what a failed or cancelled job did not."),
}

COMMANDS: Table = {
    "index": (
        "indexer.commands.index:index",
        "Index folders of video; run it again to take up what changed.",
    ),
    "watch": ("indexer.commands.watch:watch", "Follow folders, and index what changes in them."),
    "jobs": (JOBS, "List, cancel and retry the work of the indexing service."),
    "search": ("indexer.commands.search:search", "Find moments for a sentence, a picture, words said."),
    "similar": ("search.commands:similar", "Find moments that look like one that was found."),
    "screen-time": (
        "indexer.commands.screen_time:screen_time_command",
        "Say who is on screen, when, for how long, and with whom.",
    ),
    "characters": (CHARACTERS, "Name characters by groups of similar frames."),
    "transcribe": ("indexer.commands.transcribe:transcribe", "Write down what is said in films."),
    "label": ("indexer.commands.label:label", "Write frames of films, and a CSV to say who is on them."),
    "frames": ("indexer.commands.frames:frames", "Write frames of a film as pictures, with a CSV of their times."),
    "classify": ("indexer.commands.classify:classify", "Say what is done in a film, in percent."),
    "annotate": (
        "indexer.commands.annotate:annotate",
        "Draw what is seen on a film, a camera's picture or a stream.",
    ),
    "tween": ("indexer.commands.tween:tween", "Make the frames between two frames, or slow motion."),
    "export": ("indexer.commands.export:export", "Write moments as files: MP4, GIF, WebP."),
    "saved": (SAVED, "Keep questions under names, and ask them for what is new."),
    "tags": ("search.commands:list_tags", "Name what is seen in the films, and for how long."),
    "serve": ("web.commands:serve", "Serve the search page and the JSON API."),
    "mcp": ("web.commands_mcp:mcp_command", "Serve the library to an assistant (Model Context Protocol)."),
    "status": ("search.commands:status", "Say what the library holds."),
    "verify": ("search.commands:verify", "Prove that catalog, vectors and files agree; mend the cache."),
    "retag": ("indexer.commands.retag:retag", "Make the tags anew from stored scores, by other rules."),
    "forget": (
        "search.commands:forget",
        "Remove videos or folders from the library (files are not touched).",
    ),
    "roots": ("search.commands:roots", "List the indexed folders, tell where one has moved, or remove one."),
    "samples": ("indexer.commands.samples:samples", "Draw short films with captions and truth."),
    "train": (TRAIN, "Train a model."),
    "evaluate": (EVALUATE, "Measure a model on labelled data."),
    "models": (MODELS, "List, show, fetch, import, check and compare models."),
    "completion": ("search.commands_completion:completion", "Print what makes a shell complete commands and tags."),
    "doctor": ("indexer.commands.doctor:doctor", "Check this machine and name cures."),
}

ASKING = frozenset({"mcp", "saved", "search", "serve", "similar"})
"""The linear algebra of a question is small, and many ask at once: threads for it cost more than they bring."""


class LazyGroup(click.Group):
    """Knows its commands by name; imports one only when it is run or asked for help."""

    def __init__(self, *arguments: Any, table: Table, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        place, help_text = self.table[cmd_name]
        if cmd_name in ASKING:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        if isinstance(place, dict):
            return LazyGroup(cmd_name, table=place, help=help_text)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands that begin so, none of them imported, and the options."""
        from click.shell_completion import CompletionItem

        commands = [(name, help_text) for name, (_, help_text) in self.table.items() if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=help_text) for name, help_text in commands), *options]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.table, n=1)
            raise click.UsageError(
                f"{error.message} Did you mean {near[0]}?" if near else error.message, ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in self.table.items()])


def print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"vsearch {version('vsearch')}")
        ctx.exit()


@click.group(
    cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--library",
    type=click.Path(),
    help="The library's folder, or postgresql://USER@HOST/DATABASE.  [env: VSEARCH_LIBRARY]",
)
@click.option("-v", "--verbose", "wordy", is_flag=True, help="Show what the libraries say, and tracebacks.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Show the version.",
)
def cli(library: str | None, wordy: bool) -> None:
    """Find moments in your videos by describing them.

    \b
    vsearch index ~/Videos
    vsearch search "a dog catches a frisbee"
    vsearch serve
    """
    if library is not None:
        os.environ["VSEARCH_LIBRARY"] = library
    if wordy:
        os.environ["VSEARCH_VERBOSE"] = "1"
    else:
        quiet_libraries()


def run() -> int:
    """Runs the command line and returns the exit code; the one place where errors become words."""
    if "_VSEARCH_COMPLETE" in os.environ:
        import search.terminal.shells  # noqa: F401  registers how Bash is answered
    try:
        outcome = cli.main(standalone_mode=False)
    except VsearchError as error:
        if verbose():
            raise
        click.echo(f"vsearch: {error.message}\n  {error.cure}", err=True)
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("vsearch: interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and (cure := _cure(error)):
            click.echo(f"  {cure}", err=True)
        return error.exit_code
    except BrokenPipeError:  # `vsearch search … | head` has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # nobody foresaw it
        if verbose():
            raise
        what = f"{type(error).__name__}: {first_line(str(error))}"
        click.echo(f"vsearch: Something broke: {what}\n  Run the command again with -v to see where.", err=True)
        return CannotGoOn.exit_code
    return outcome if isinstance(outcome, int) else 0


def _cure(error: click.NoSuchOption) -> str:
    """What to say beside an option that there is, in another place, or that was meant as a word."""
    if error.option_name in ("--library", "--verbose", "-v"):
        return f"It stands before the command: vsearch {error.option_name} …"
    if error.ctx and error.ctx.info_name == "search" and not error.option_name.startswith("--"):
        return "A question with a minus sign is put in quotation marks."
    return ""


def main() -> NoReturn:
    sys.exit(run())


if __name__ == "__main__":
    main()
