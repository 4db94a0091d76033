from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from classifiers.training.confusion import confusion_svg
from classifiers.training.curve import curve_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_curve_has_a_line_a_figure_each_scaled_to_its_top() -> None:
    entries = [{"epoch": 1, "loss": 4.0}, {"epoch": 2, "loss": 2.0, "accuracy": 0.5}]

    svg = curve_svg(entries, {"loss": "loss & more", "accuracy": "accuracy"})

    assert texts(svg) == ["loss & more (top 4)", "accuracy (top 0.5)", "epoch 2"]
    loss, accuracy = (line.attrib["points"] for line in ElementTree.fromstring(svg).iter(f"{SVG}polyline"))
    assert loss == "320.0,40.0 600.0,160.0"
    assert accuracy == "600.0,40.0"


def test_a_curve_of_nothing_is_a_picture() -> None:
    assert texts(curve_svg([], {"loss": "loss"})) == ["loss (top 0)", "epoch 0"]


def test_a_confusion_shows_counts_and_shares_of_what_is_true() -> None:
    svg = confusion_svg(np.array([[3, 1], [0, 0]]), ["a", "<b>"])

    assert texts(svg)[1:] == ["a", "a", "3", "75%", "1", "25%", "<b>", "<b>", "0", "0%", "0", "0%"]
