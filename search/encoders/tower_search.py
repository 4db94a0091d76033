"""Finding the text tower inside a model: by the shapes of its matrices, proved by the model's own answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search import runtime
from search.contracts import Float32, Int64
from search.encoders.signatures import read_saved_model
from search.encoders.text_tower import FOLDER, TextTower, TowerPlan, ascii_words, save_tower

TOLERANCE = 1e-4
"""Largest difference between tower and model, relative to the largest number in a vector."""
SENTENCES = 100
FIRST_LOOK = 8
"""Sentences that turn most wrong candidates away."""
EXTRA_ROWS = 8
"""Rows of a word table that may belong to no word: padding, unknown."""
BIASES = 3
"""Candidates for each bias, nearest in name to its kernel; many variables share its shape."""
PLANS = [TowerPlan(max_words, pads) for max_words in (16, 20, 30) for pads in (False, True)]

Shape = tuple[int, ...]
TextSignature = Callable[[Sequence[bytes]], Float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in the order of a table, and the row of each: int64 `[V]`."""

    words: list[str]
    rows: Int64


def keep_tower(folder: Path, text: TextSignature) -> str:
    """Writes `text_tower/` into the model folder if one is found that agrees with `text`; says what came of it."""
    tower = find_tower(folder, text)
    if tower is None:
        return "no text tower of the known shape agrees with the model: texts need TensorFlow"
    save_tower(tower, folder / FOLDER)
    return f"text tower found: {len(tower.words)} words, agrees with the model on {SENTENCES} sentences"


def find_tower(folder: Path, text: TextSignature) -> TextTower | None:
    """The first tower whose vectors equal those of `text` on `SENTENCES` sentences, or None."""
    dim = text([b""]).shape[1]
    reader = runtime.tensorflow().train.load_checkpoint(str(folder / "variables" / "variables"))
    chains = matrix_chains(reader.get_variable_to_shape_map(), dim)
    tables = {chain[0]: reader.get_tensor(chain[0]) for chain in chains}
    for vocabulary in find_vocabularies(folder, {len(table) for table in tables.values()}):
        sentences = compose_sentences(vocabulary.words)
        wanted = text([sentence.encode() for sentence in sentences])
        for chain in chains:
            table, rest = tables[chain[0]], [reader.get_tensor(name) for name in chain[1:]]
            for tower in candidate_towers(vocabulary, table, rest):
                if agrees(tower, sentences[:FIRST_LOOK], wanted[:FIRST_LOOK]) and agrees(tower, sentences, wanted):
                    return tower
    return None


def matrix_chains(shapes: Mapping[str, Shape], dim: int) -> list[tuple[str, str, str, str, str]]:
    """Names of variables shaped `[V,E]`, `[E,H]`, `[H]`, `[H,dim]`, `[dim]`: every way to read them as a tower."""
    matrices = sorted(name for name, shape in shapes.items() if len(shape) == 2)

    def biases(kernel: str) -> list[str]:
        fitting = [name for name, shape in shapes.items() if tuple(shape) == tuple(shapes[kernel][1:])]
        return sorted(fitting, key=lambda name: (-shared_beginning(name, kernel), name))[:BIASES]

    return [
        (table, kernel1, bias1, kernel2, bias2)
        for table, kernel1, kernel2 in itertools.permutations(matrices, 3)
        if shapes[table][1] == shapes[kernel1][0] and shapes[kernel1][1] == shapes[kernel2][0]
        if shapes[kernel2][1] == dim
        for bias1 in biases(kernel1)
        for bias2 in biases(kernel2)
    ]


def shared_beginning(one: str, other: str) -> int:
    """How many letters two names have in common before they part."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def find_vocabularies(folder: Path, table_rows: set[int]) -> Iterator[Vocabulary]:
    """Lists of strings in the model's assets and constants that are as long as a word table, in each order."""
    strings, numbers = read_constants(folder)
    for words in [*read_assets(folder), *strings]:
        if not any(0 <= rows - len(words) <= EXTRA_ROWS for rows in table_rows):
            continue
        orders = [np.arange(len(words)), *(order for order in numbers if len(order) == len(words))]
        unique = {order.tobytes(): order.astype(np.int64) for order in orders}
        yield from (Vocabulary(words, rows + shift) for rows in unique.values() for shift in (1, 0))


def read_assets(folder: Path) -> Iterator[list[str]]:
    """The text files beside the graph, line by line."""
    for path in sorted((folder / "assets").glob("*")):
        yield path.read_text(encoding="utf-8", errors="replace").removesuffix("\n").split("\n")


def read_constants(folder: Path) -> tuple[list[list[str]], list[Int64]]:
    """The lists of strings, and the lists of whole numbers, that stand in the graphs as constants."""
    strings: list[list[str]] = []
    numbers: list[Int64] = []
    for graph in read_saved_model(folder).meta_graphs:
        functions = [function.node_def for function in graph.graph_def.library.function]
        for node in itertools.chain(graph.graph_def.node, *functions):
            if node.op == "Const" and len(node.attr["value"].tensor.tensor_shape.dim) == 1:
                _sort_constant(runtime.tensorflow().make_ndarray(node.attr["value"].tensor), strings, numbers)
    return strings, numbers


def _sort_constant(value: NDArray[Any], strings: list[list[str]], numbers: list[Int64]) -> None:
    if value.dtype == object:
        strings.append([word.decode("utf-8", "replace") for word in value.tolist()])
    elif np.issubdtype(value.dtype, np.integer):
        numbers.append(value.astype(np.int64))


def candidate_towers(vocabulary: Vocabulary, table: Float32, rest: Sequence[Float32]) -> Iterator[TextTower]:
    """Every tower with this vocabulary: padding in the first row or the last, each plan."""
    rows = vocabulary.rows
    if len(rows) == 0 or rows.min() < 0 or rows.max() >= len(table):
        return
    for padding in (0, len(table) - 1):
        words_after_padding = np.concatenate([table[[padding]], table[rows]])
        for plan in PLANS:
            yield TextTower(vocabulary.words, [words_after_padding, *rest], plan)


def compose_sentences(words: Sequence[str], seed: int = 0) -> list[str]:
    """Sentences of 1 to 24 words, with capitals, marks, unknown words, nothing at all."""
    drawn = random.Random(seed)
    plain = [word for word in words if ascii_words(word) == [word]] or ["word"]
    frames = ("{}", "{}.", "The {}!", "{}, zzqxv", "  {}?", "({})", "{} it's 2-3", "ZZQXV {}")
    return ["", "zzqxv", "!"] + [
        frames[n % len(frames)].format(" ".join(drawn.choices([*plain, drawn.choice(plain).upper()], k=1 + n % 24)))
        for n in range(SENTENCES - 3)
    ]


def agrees(tower: TextTower, sentences: Sequence[str], wanted: Float32) -> bool:
    return relative_difference(tower.encode(sentences), wanted) <= TOLERANCE


def relative_difference(got: Float32, wanted: Float32) -> float:
    """The largest difference of two float32 `[N, D]`, relative to the largest number of `wanted`."""
    return float(np.abs(got - wanted).max() / max(float(np.abs(wanted).max()), 1e-12))
