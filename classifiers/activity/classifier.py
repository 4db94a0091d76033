"""The classifier of activities that a library chose."""

from __future__ import annotations

from pathlib import Path

from classifiers.activity.labels import EVERYDAY, KINETICS, read_list, shipped_list
from classifiers.contracts import Choices, Classifier
from search.errors import UsageError, first_of
from search.settings import read_settings

ZERO_SHOT, I3D = "zero-shot", "i3d"
ARCHITECTURES = ("frames", "cnn-rnn")
"""These name a way of training, not a model."""


def open_activity(choices: Choices) -> Classifier:
    """`zero-shot`, `i3d`, or a model folder, as `choices.activity` says.

    Raises UsageError for an architecture without a model and for a list of labels that makes no sense, PathNotFound
    for no such list, ModelUnavailable for a model that is not there.
    """
    if choices.activity == ZERO_SHOT:
        return _open_zero_shot(choices)
    if choices.activity == I3D:
        from classifiers.activity.i3d import open_i3d

        return open_i3d(read_settings())
    if choices.activity in ARCHITECTURES and not Path(choices.activity).is_dir():
        raise UsageError(
            f"{choices.activity} is a way of training; the activities are yours.",
            f"Run `vsearch train activity DIR --arch {choices.activity} --out MODEL`, then use `--activity MODEL`.",
        )
    from classifiers.activity.network import ActivityNetwork

    return ActivityNetwork(Path(choices.activity))


def _open_zero_shot(choices: Choices) -> Classifier:
    from classifiers.activity.zero_shot import ZeroShot, understood

    encoder = choices.encoder
    own = EVERYDAY if encoder.spec.name == "mini" else KINETICS
    listed = read_list(choices.labels) if choices.labels else shipped_list(own)
    known = understood(listed, encoder)
    names = {activity.label for activity in known}
    strange = [activity.label for activity in listed if activity.label not in names]
    # Of our own lists, what the encoder has no words for is simply not looked for, were it all of them.
    if strange and choices.labels:
        raise UsageError(
            f"The encoder {encoder.spec.name} does not know all words of {first_of(strange)}.",
            "Describe each in other words in a list for --activity-labels, or choose other --classifiers.",
        )
    return ZeroShot(encoder, known if len(known) > 1 else [])
