"""The card of a trained classifier of activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def activity_card(settings: Mapping[str, Any], passed_over: Sequence[str]) -> str:
    """Markdown, from the settings of the model folder. Pure."""
    figures, look = settings["figures"], settings["look"]
    rows = "\n".join(
        f"| {label} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['n']} |"
        for label, row in figures["per_class"].items()
    )
    course = f"courses of {look['window']} frames" if look["window"] > 1 else "single frames"
    return f"""# {settings["arch"]}: {", ".join(figures["labels"])}

Recognises {figures["accuracy"]:.1%} of {figures["n"]} files ({figures["measured"]}; groups are never parted).

It looks at {course}, {look["fps"]:g} a second, {look["size"]} x {look["size"]} pixels; \
backbone {settings["backbone"]}, head {settings["head"]}.

| | precision | recall | F1 | files |
| --- | --- | --- | --- | --- |
{rows}

- **Macro F1** {figures["macro_f1"]:.3f}, **calibration error** {figures["ece"]:.3f}.
- **Data**: what was given to `vsearch train activity`; {len(passed_over)} files could not be read. Its licence is \
that of the data and of the backbone.
- **Limits**: it always answers one of its labels, of whatever it is shown; footage unlike its data is recognised \
less often than the figures say.
"""
