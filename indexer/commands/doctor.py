"""`vsearch doctor`."""

from __future__ import annotations

from dataclasses import asdict

import click

from indexer.doctor import Finding, Level, examine
from search.documents import json_option, print_document
from search.settings import read_settings

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red"}


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Check this machine and name cures. Exits 3 when there is a problem."""
    findings = examine(read_settings())
    problems = sum(finding.level is Level.PROBLEM for finding in findings)
    if as_json:
        print_document({"schema": 1, "ok": not problems, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print_finding(finding)
        click.echo(f"{problems} problems." if problems else "vsearch can work here.")
    return 3 if problems else 0


def print_finding(finding: Finding) -> None:
    level = click.style(f"{finding.level:<8}", fg=COLOURS[finding.level])
    click.echo(f"{level} {finding.subject:<20} {finding.message}")
    if finding.cure:
        click.echo(f"{'':<29} {finding.cure}")
