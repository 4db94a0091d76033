"""What a shell is given to complete command lines: click's own scripts, and one for Bash that takes `kind:label`.

Bash takes words apart at `:` and `=`, and click's script for it sends those parts, which are no words of the command.
Here it sends the line, and the answer is cut to what Bash will replace.
"""

from __future__ import annotations

import os
import re
import shlex
from typing import Any, ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

PROGRAM = "vsearch"
VARIABLE = "_VSEARCH_COMPLETE"
"""click looks for it: set, the program completes instead of running."""
SHELLS = ("bash", "zsh", "fish")
PLAIN = re.compile(r"[\w@%+=:,./~-]*")
"""What a shell takes as it is."""


def completion_script(cli: click.Command, shell: str) -> str:
    """What to evaluate in one of SHELLS."""
    made = get_completion_class(shell)
    assert made is not None, shell
    return made(cli, {}, PROGRAM, VARIABLE).source()


@add_completion_class
class WholeWordBash(BashComplete):
    """Bash completion in which words with `:` and `=` are one."""

    source_template: ClassVar[str] = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value"); [[ $value == *[:=/] ]] && compopt -o nospace ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="$2" %(complete_var)s=bash_complete "$1" 2>/dev/null)
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("COMP_LINE", "")
        words = split_arg_string(line)
        at_a_new_word = not open_quote(line) and line[-1:].isspace()
        return (words[1:], "") if at_a_new_word else (words[1:-1], words[-1] if words else "")

    def format_completion(self, item: CompletionItem[Any]) -> str:
        line = os.environ.get("COMP_LINE", "")
        _, whole = self.get_completion_args()
        replaced = "".join(split_arg_string(os.environ.get("COMP_WORD", "")))
        kept = len(whole) - len(replaced) if whole.endswith(replaced) else 0
        return f"{item.type},{quoted(str(item.value)[kept:], open_quote(line))}"


def open_quote(line: str) -> str:
    """The quotation mark that is not closed yet, or none. Pure."""
    quote, escaped = "", False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return quote


def quoted(text: str, quote: str) -> str:
    """`text` as it is typed after an open quotation mark, or without one. Pure."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return re.sub(r'([\\"$`])', r"\\\1", text)
    return text if PLAIN.fullmatch(text) else shlex.quote(text)
