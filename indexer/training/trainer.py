"""One encoder in training: both networks, their optimizer and the running average of their weights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.training import schedule
from indexer.training.batches import make_batch, resized
from indexer.training.checkpoint import Checkpoint
from indexer.training.sources import Example
from indexer.training.start import TEXT_LAYERS, KeptSentences, Start
from search import runtime
from search.contracts import Float32
from search.encoders.losses import distance, mil_nce
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig, text_network, video_network
from search.errors import CannotGoOn, UsageError
from search.metrics import RetrievalMetrics, text_to_video

CLIPS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How long and how an encoder is trained."""

    epochs: int = 40
    """Each of `clips_per_epoch` clips."""
    minutes: float | None = None
    """Ends the schedule earlier, when so much time has been spent."""
    seed: int = 1
    clips_per_epoch: int = 2048
    batch: int = 32
    other_sentences: int = 256
    """Captions without a clip that each step's clips must be told from."""
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    warm_up: int = 200
    """Steps."""
    average: float = 0.995
    """How much of the averaged weights is kept at a step."""
    pool: int = 4096
    workers: int = 2
    fresh: int = 6
    """Clips at most that each step renews in a full pool."""
    held_out: int = 200
    sizes: tuple[tuple[float, float], ...] = ((4 / 7, 0.5), (6 / 7, 1.0))
    """Height and width of the frames against the finished encoder's, and the progress 0..1 until which.

    Crops show things larger than whole frames do; so the last training frames are smaller (arXiv 1906.06423).
    """
    save_seconds: float = 120.0
    start: Path | None = None
    """Named weights of both networks to begin with, as `start.py` reads them."""
    pictures: Path | None = None
    """A folder as `pictures.py` describes it, whose pictures are clips too."""
    picture_share: float = 0.4
    """How many of the clips they are."""
    teacher_weight: float = 4.0
    """How much it counts that a clip lies where a teacher puts it, against the loss of the captions."""
    keep_weight: float = 8.0
    """How much it counts that sentences of no film stay where they were at the start."""
    kept_sentences: int = 256
    """How many of those a step sees."""
    freeze_words: bool = False
    """Whether word vectors stay as they began, so that what is learnt of one word holds for its synonyms too."""
    blend: float = 0.6
    """How much of the way from the weights it began with the finished encoder goes, 0..1 (arXiv 2109.01903)."""

    @property
    def steps(self) -> int:
        return max(1, self.epochs * self.clips_per_epoch // self.batch)

    @property
    def steps_per_epoch(self) -> int:
        return max(1, self.clips_per_epoch // self.batch)

    def stages(self, size: int) -> list[tuple[int, float]]:
        """Height and width in pixels, multiples of 16, and the progress until which, for an encoder of `size`."""
        return [(max(16, 16 * round(share * size / 16)), until) for share, until in self.sizes]

    def progress(self, step: int, seconds: float) -> float:
        """How much is done after so many steps and so much time, 0..1."""
        return schedule.progress(step, seconds, steps=self.steps, minutes=self.minutes)


class Trainer:
    """Both networks with their optimizer; moves a Checkpoint forward."""

    def __init__(self, config: S3DConfig, plan: TrainingPlan, state: Checkpoint, start: Start | None = None) -> None:
        """`start`: the weights to begin with, and to blend the finished ones with."""
        self.config, self.plan, self.state = config, plan, state
        self.vocabulary = Vocabulary(state.words, config.max_words)
        keras = runtime.keras()
        keras.utils.set_random_seed(plan.seed)
        before = keras.config.dtype_policy()
        # Half the work on processors with bfloat16; the weights stay float32.
        keras.config.set_dtype_policy("mixed_bfloat16")
        self.video, self.text = video_network(config), text_network(config, len(self.vocabulary))
        keras.config.set_dtype_policy(before)
        self.text.get_layer(TEXT_LAYERS[0]).trainable = not plan.freeze_words
        self._kept: KeptSentences | None = None
        if start:
            start.put_into(self.video, self.text)
            self._kept = KeptSentences(start, self.vocabulary)
        self._step = _training_model(self.video, self.text, plan, own_statistics=start is None)
        self._step.optimizer.build(self._step.trainable_variables)
        self._begun = self._step.get_weights() if start else None
        if state.step:
            self._restore()
        else:
            state.average = self._step.get_weights()

    def _restore(self) -> None:
        if [weight.shape for weight in self.state.weights] != [weight.shape for weight in self._step.weights]:
            raise UsageError(
                "The training was begun with another configuration.", "Name with --config the one it was begun with."
            )
        self._step.set_weights(self.state.weights)
        for variable, value in zip(self._step.optimizer.variables, self.state.optimizer, strict=True):
            variable.assign(value)

    def progress(self) -> float:
        """How much of the plan is done, 0..1."""
        return self.plan.progress(self.state.step, self.state.seconds)

    def step(self, examples: Sequence[Example], others: Sequence[str], rng: np.random.Generator) -> float:
        """Learns from one batch and returns its loss."""
        began = time.monotonic()
        batch = make_batch(examples, others, self.vocabulary, size=self.config.size, dim=self.config.dim, rng=rng)
        self._step.optimizer.learning_rate = learning_rate(self.plan, self.state.step, self.progress())
        inputs = [batch.clips, batch.tokens, batch.positives, batch.targets, *self._sample_kept(rng)]
        loss = float(self._step.train_on_batch(inputs, np.zeros(len(examples))))
        if not isfinite(loss):
            raise CannotGoOn(
                f"The loss is {loss} at step {self.state.step}.",
                "Go on by --resume with another --seed, or begin anew.",
            )
        self.state.step += 1
        keep = schedule.kept_share(self.plan.average, self.state.step)
        current = zip(self.state.average, self._step.get_weights(), strict=True)
        self.state.average = [mean + (1 - keep) * (weight - mean) for mean, weight in current]
        self.state.seconds += time.monotonic() - began
        return loss

    def _sample_kept(self, rng: np.random.Generator) -> tuple[NDArray[np.int32], Float32]:
        if self._kept is None:
            return np.zeros((0, self.config.max_words), np.int32), np.zeros((0, self.config.dim), np.float32)
        return self._kept.sample(rng, self.plan.kept_sentences)

    def use_average(self) -> None:
        """From here on the networks carry the averaged weights; training goes on after `use_current`."""
        self.state.weights = self._step.get_weights()
        self._step.set_weights(self.state.average)

    def use_finished(self) -> None:
        """The averaged weights, blended with those it began with, so that less of what was known is lost."""
        self.use_average()
        if self._begun is not None:
            pairs = zip(self._begun, self.state.average, strict=True)
            self._step.set_weights([begun + self.plan.blend * (average - begun) for begun, average in pairs])

    def use_current(self) -> None:
        self._step.set_weights(self.state.weights)

    def checkpoint(self) -> Checkpoint:
        convert = runtime.keras().ops.convert_to_numpy
        self.state.weights = self._step.get_weights()
        self.state.optimizer = [convert(variable) for variable in self._step.optimizer.variables]
        return self.state


def _training_model(video: Any, text: Any, plan: TrainingPlan, *, own_statistics: bool) -> Any:
    """A Batch and kept sentences in; the loss of each clip out.

    `own_statistics`: batch normalisation by the statistics of each batch. Else by those that the weights came with:
    batches half of drawn films would shift what was learnt from photographs.
    """
    keras = runtime.keras()
    ops = keras.ops
    dim = text.output.shape[-1]
    positives, targets = keras.Input((None,), name="positives"), keras.Input((dim,), name="targets")
    kept_tokens = keras.Input(text.input.shape[1:], dtype="int32", name="kept_tokens")
    kept = keras.Input((dim,), name="kept")
    frames = keras.Input(video.input.shape[1:], name="frames")
    clips = (video if own_statistics else _with_kept_statistics(video))(frames)["video_embedding"]
    loss = (
        mil_nce(clips, text.output, positives)
        + plan.teacher_weight * distance(clips, targets)
        + plan.keep_weight * ops.sum(distance(text(kept_tokens), kept)) / max(plan.kept_sentences, 1)
    )
    model = keras.Model([frames, text.input, positives, targets, kept_tokens, kept], loss)
    optimizer = keras.optimizers.AdamW(plan.learning_rate, weight_decay=plan.weight_decay, clipnorm=5.0)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "embeddings"])
    model.compile(optimizer, loss=lambda _, losses: ops.mean(losses), jit_compile=False)
    return model


def _with_kept_statistics(video: Any) -> Any:
    """A layer that answers as `video` does outside training; all its weights but the statistics are learnt."""

    class KeptStatistics(runtime.keras().Layer):  # type: ignore[misc]  # Keras is first imported here
        def __init__(self) -> None:
            super().__init__()
            self.video = video

        def call(self, frames: Any) -> Any:
            return self.video(frames, training=False)

    return KeptStatistics()


def learning_rate(plan: TrainingPlan, step: int, progress: float) -> float:
    """Rises over the warm-up, then falls along a cosine to zero."""
    return schedule.learning_rate(plan.learning_rate, step, progress, warm_up=plan.warm_up)


def held_out_metrics(trainer: Trainer, examples: Sequence[Example]) -> RetrievalMetrics:
    """Text to video over the held-out clips, two captions each."""
    frames = np.stack([resized(example.frames, trainer.config.size) for example in examples])
    parts = (frames[i : i + CLIPS_AT_ONCE] / np.float32(255) for i in range(0, len(frames), CLIPS_AT_ONCE))
    videos = np.concatenate([trainer.video.predict_on_batch(part)["video_embedding"] for part in parts])
    texts = [caption for example in examples for caption in example.captions[:2]]
    sentences = trainer.text.predict_on_batch(trainer.vocabulary.tokens(texts))
    return text_to_video(sentences @ videos.T, np.repeat(np.arange(len(examples)), 2))
